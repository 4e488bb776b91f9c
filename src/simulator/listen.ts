import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Listening {
  readonly port: number;
  /** Stops accepting; resolves when the requests under way are answered. */
  close(): Promise<void>;
}

/** `localhost` is either of these to a browser, so both must answer. */
const LOOPBACK = ['127.0.0.1', '::1'] as const;
const NO_SUCH_ADDRESS = ['EADDRNOTAVAIL', 'EAFNOSUPPORT'];
const ATTEMPTS_AT_A_FREE_PORT = 5;

/**
 * Listens on one host, or for `localhost` on both loopback addresses (on the first alone where the machine has no
 * IPv6). Port 0 is any free port.
 *
 * @throws the raw error of listen(), EADDRINUSE among them
 */
export async function listen(handler: RequestListener, host: string, port: number): Promise<Listening> {
  if (host !== 'localhost') return openServers([await listenOn(handler, host, port)]);
  for (let attempt = 1; ; attempt++) {
    const first = await listenOn(handler, LOOPBACK[0], port);
    try {
      return openServers([first, await listenOn(handler, LOOPBACK[1], portOf(first))]);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (NO_SUCH_ADDRESS.includes(code)) return openServers([first]);
      await closeServer(first);
      // The port was free on one address only.
      if (port !== 0 || code !== 'EADDRINUSE' || attempt === ATTEMPTS_AT_A_FREE_PORT) throw error;
    }
  }
}

function openServers(servers: readonly [Server, ...Server[]]): Listening {
  return {
    port: portOf(servers[0]),
    async close() {
      await Promise.all(servers.map(closeServer));
    },
  };
}

async function listenOn(handler: RequestListener, host: string, port: number): Promise<Server> {
  const server = createServer(handler);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, resolve);
  });
  return server;
}

async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.close((error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
