import { type AddressInfo, createServer, type Server } from 'node:net';
import type { Connections } from './connections.ts';

export interface Listening {
  readonly port: number;
  /** Stops accepting connections; resolves when all of them are closed. */
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
export async function listen(connections: Connections, host: string, port: number): Promise<Listening> {
  if (host !== 'localhost') return openServers(connections, [await listenOn(connections, host, port)]);
  for (let attempt = 1; ; attempt++) {
    const first = await listenOn(connections, LOOPBACK[0], port);
    try {
      return openServers(connections, [first, await listenOn(connections, LOOPBACK[1], portOf(first))]);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (ADDRESS_UNAVAILABLE.includes(code)) return openServers(connections, [first]);
      await closeServer(first);
      // The port was free on only one address: try another one.
      if (port !== 0 || code !== 'EADDRINUSE' || attempt === MAX_PORT_ATTEMPTS) throw error;
    }
  }
}

function openServers(connections: Connections, servers: readonly [Server, ...Server[]]): Listening {
  return {
    port: portOf(servers[0]),
    async close() {
      const closed = servers.map(closeServer);
      connections.close();
      await Promise.all(closed);
    },
  };
}

async function listenOn(connections: Connections, host: string, port: number): Promise<Server> {
  const server = createServer((socket) => {
    connections.accept(socket);
  });
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
