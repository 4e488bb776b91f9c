import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server } from 'node:net';

/**
 * Below the ports that a system gives to outgoing connections and to servers that name none (from 32768 on Linux, from 49152
 * elsewhere), so that no such socket takes a port between its choice and its use.
 */
const FIRST = 12_000;
const END = 32_000;

/** Distinct ports that are free now, for processes that must be told their port. */
export async function freePorts(count: number): Promise<number[]> {
  const reserved = new Map<number, Server>();
  while (reserved.size < count) {
    const port = randomInt(FIRST, END);
    const server = reserved.has(port) ? undefined : await listening(port);
    if (server !== undefined) reserved.set(port, server);
  }
  await Promise.all([...reserved.values()].map((server) => new Promise((resolve) => server.close(resolve))));
  return [...reserved.keys()];
}

export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}

/** A server on all addresses of the machine. Undefined if the port is taken on one of them. */
async function listening(port: number): Promise<Server | undefined> {
  const server = createServer().listen(port);
  try {
    await once(server, 'listening');
    return server;
  } catch {
    return undefined;
  }
}
