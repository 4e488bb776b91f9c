/** An HTTP server on loopback that answers as a test says, and counts what comes. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import type { Dispatcher } from 'undici';
import { createDispatcher } from '../../src/http/dispatcher.ts';

export interface AnsweringServer {
  /** `http://127.0.0.1:PORT/`. */
  readonly url: string;
  readonly port: number;
  /** Of the product, for this test. */
  readonly dispatcher: Dispatcher;
  readonly connections: () => number;
  readonly requests: () => number;
  /** Resolves when a connection has been closed before its answer was complete. */
  readonly hungUp: Promise<void>;
}

/** Lives as long as the test. */
export async function answeringServer(test: TestContext, answer: RequestListener): Promise<AnsweringServer> {
  let connections = 0;
  let requests = 0;
  const { promise: hungUp, resolve } = Promise.withResolvers<undefined>();
  const server = createServer((request, response) => {
    requests += 1;
    response.on('close', () => {
      if (!response.writableFinished) resolve(undefined);
    });
    answer(request, response);
  });
  server.on('connection', () => (connections += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const dispatcher = createDispatcher();
  test.after(async () => {
    await dispatcher.destroy();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    port,
    dispatcher,
    connections: () => connections,
    requests: () => requests,
    hungUp,
  };
}
