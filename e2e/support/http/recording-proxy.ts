/** A proxy that forwards all traffic unchanged and records it. Only for localhost. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly requestBody: string;
  readonly status: number;
  /** One per line. */
  readonly headers: string;
  /** The part received so far. */
  readonly body: string;
}

export interface RecordingProxy {
  readonly origin: string;
  /** Oldest first. New exchanges are appended. */
  readonly exchanges: readonly Exchange[];
  close(): Promise<void>;
}

/** Headers that apply to one connection only. (RFC 9110, 7.6.1) */
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding'];

export async function startRecordingProxy(targetPort: string): Promise<RecordingProxy> {
  const exchanges: Exchange[] = [];
  const server = createServer((incoming, outgoing) => {
    forward(incoming, outgoing, targetPort, exchanges);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    exchanges,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  port: string,
  exchanges: Exchange[],
): void {
  const { method = '', url: path = '' } = incoming;
  const exchange = { method, path, requestBody: '', status: 0, headers: '', body: '' };
  exchanges.push(exchange);
  incoming.setEncoding('latin1').on('data', (text: string) => (exchange.requestBody += text));
  const { connection: _, ...headers } = incoming.headers;
  const upstream = request({ host: 'localhost', port, path, method, headers }, (answer) => {
    const lines = Object.entries(answer.headersDistinct)
      .filter(([name]) => !HOP_BY_HOP.includes(name))
      .flatMap(([name, values = []]) => values.map((value) => [name, value] as const));
    exchange.status = answer.statusCode ?? 0;
    exchange.headers = lines.map(([name, value]) => `${name}: ${value}`).join('\n');
    for (const [name, value] of lines) outgoing.appendHeader(name, value);
    outgoing.writeHead(exchange.status);
    // The browser receives the headers of an event stream before the first event.
    outgoing.flushHeaders();
    answer.on('data', (chunk: Buffer) => {
      exchange.body += chunk.toString('utf8');
      outgoing.write(chunk);
    });
    answer.once('close', () => {
      if (answer.complete) outgoing.end();
      else outgoing.destroy();
    });
  });
  upstream.once('error', () => outgoing.destroy());
  outgoing.once('close', () => upstream.destroy());
  incoming.on('data', (text: string) => upstream.write(text, 'latin1'));
  incoming.once('end', () => upstream.end());
}
