import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Listening {
  readonly port: number;
  /** Stops accepting connections; resolves when the pending requests are answered. */
  close(): Promise<void>;
}

/** Browsers resolve `localhost` to either address, so the server must listen on both. */
const LOOPBACK = ['127.0.0.1', '::1'] as const;
const ADDRESS_UNAVAILABLE = ['EADDRNOTAVAIL', 'EAFNOSUPPORT'];
const MAX_PORT_ATTEMPTS = 5;

/**
 * Listens on one host, or for `localhost` on both loopback addresses (only on IPv4 if the machine has no IPv6). Port 0
 * selects a free port.
 *
 * @throws the error of listen(), such as EADDRINUSE
 */
export async function listen(handler: RequestListener, host: string, port: number): Promise<Listening> {
  if (host !== 'localhost') return openServers([await listenOn(handler, host, port)]);
  for (let attempt = 1; ; attempt++) {
    const first = await listenOn(handler, LOOPBACK[0], port);
    try {
      return openServers([first, await listenOn(handler, LOOPBACK[1], portOf(first))]);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (ADDRESS_UNAVAILABLE.includes(code)) return openServers([first]);
      await closeServer(first);
      // The port was free on only one address: try another one.
      if (port !== 0 || code !== 'EADDRINUSE' || attempt === MAX_PORT_ATTEMPTS) throw error;
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
