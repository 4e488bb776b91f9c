/** An HTTP server on loopback in place of Smart-ID. The test defines its answers, and it records its requests. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { Agent, type Dispatcher } from 'undici';

export interface ReceivedRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly contentType: string | undefined;
  readonly body: string;
}

export type Respond = (response: ServerResponse, request: ReceivedRequest, count: number) => void;

export interface RpApiServer {
  readonly baseUrl: string;
  readonly dispatcher: Dispatcher;
  readonly received: readonly ReceivedRequest[];
  /** Resolves after the first request. */
  readonly firstRequest: Promise<void>;
  /** Resolves after a client has closed the connection of an unanswered request. */
  readonly hungUp: Promise<void>;
}

/** Closed at the end of the test. The parameter `count` of `respond` is 1 for the first request. */
export async function rpApiServer(test: TestContext, respond: Respond): Promise<RpApiServer> {
  const received: ReceivedRequest[] = [];
  const first = Promise.withResolvers<undefined>();
  const hungUp = Promise.withResolvers<undefined>();
  const server = createServer((request, response) => {
    response.on('close', () => {
      if (!response.writableEnded) hungUp.resolve(undefined);
    });
    void bodyOf(request).then((body) => {
      const { method = '', url = '' } = request;
      const receivedRequest = { method, url, contentType: request.headers['content-type'], body };
      received.push(receivedRequest);
      first.resolve(undefined);
      respond(response, receivedRequest, received.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const dispatcher = new Agent();
  test.after(async () => {
    await dispatcher.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v3/`,
    dispatcher,
    received,
    firstRequest: first.promise,
    hungUp: hungUp.promise,
  };
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
