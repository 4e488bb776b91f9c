import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { TestContext } from 'node:test';

export interface ForwardProxy {
  readonly url: URL;
  /** The request lines and credentials that it has got. */
  readonly got: readonly { readonly asked: string; readonly authorization: string | undefined }[];
}

/**
 * A forward proxy on loopback, for whom every host name is this machine.
 *
 * @param status what it answers instead of passing anything on; default: it passes everything on
 */
export async function forwardProxy(test: TestContext, status?: number): Promise<ForwardProxy> {
  const got: { asked: string; authorization: string | undefined }[] = [];
  const server = createServer((request, response) => {
    const { method, url = '', headers } = request;
    got.push({ asked: `${method} ${url}`, authorization: headers['proxy-authorization'] });
    if (status !== undefined) {
      response.writeHead(status).end();
      return;
    }
    const { port, pathname } = new URL(url);
    const onward = httpRequest({ host: '127.0.0.1', port, path: pathname, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  server.on('connect', ({ url = '', headers }, socket, head) => {
    got.push({ asked: `CONNECT ${url}`, authorization: headers['proxy-authorization'] });
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} Refused\r\n\r\n`);
      return;
    }
    const onward = connect(Number(url.split(':')[1]), 'localhost', () => {
      socket.write('HTTP/1.1 200 Connected\r\n\r\n');
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), got };
}
