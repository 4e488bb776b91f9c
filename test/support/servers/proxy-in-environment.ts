import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

const VARIABLES = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'https_proxy', 'http_proxy', 'all_proxy'];

/**
 * Names a forward proxy in the environment for the duration of a test.
 *
 * @returns how many connections the proxy has got
 */
export async function withProxyInEnvironment(test: TestContext): Promise<() => number> {
  let connections = 0;
  const proxy = createServer((socket) => {
    connections += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  for (const name of VARIABLES) process.env[name] = address;
  test.after(() => {
    for (const name of VARIABLES) Reflect.deleteProperty(process.env, name);
    proxy.close();
  });
  return () => connections;
}
