/** Stands between two programs, passes everything on as it comes, and keeps all of it. For localhost alone. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly requestBody: string;
  readonly status: number;
  /** A line each. */
  readonly headers: string;
  /** What has come so far. */
  readonly body: string;
}

export interface RecordingProxy {
  readonly origin: string;
  /** Oldest first; growing. */
  readonly exchanges: readonly Exchange[];
  close(): Promise<void>;
}

/** Of one connection, not of the message. (RFC 9110, 7.6.1) */
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding'];

export async function startRecordingProxy(targetPort: string): Promise<RecordingProxy> {
  const exchanges: Exchange[] = [];
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing, targetPort, exchanges);
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

function pass(
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
  const onward = request({ host: 'localhost', port, path, method, headers }, (answer) => {
    const lines = Object.entries(answer.headersDistinct)
      .filter(([name]) => !HOP_BY_HOP.includes(name))
      .flatMap(([name, values = []]) => values.map((value) => [name, value] as const));
    exchange.status = answer.statusCode ?? 0;
    exchange.headers = lines.map(([name, value]) => `${name}: ${value}`).join('\n');
    for (const [name, value] of lines) outgoing.appendHeader(name, value);
    outgoing.writeHead(exchange.status);
    // The head of an event stream reaches the browser before its first event does.
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
  onward.once('error', () => outgoing.destroy());
  outgoing.once('close', () => onward.destroy());
  incoming.on('data', (text: string) => onward.write(text, 'latin1'));
  incoming.once('end', () => onward.end());
}
