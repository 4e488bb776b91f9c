import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

/** The beginning of a TLS record of 16 kB that never becomes whole, so that its receiver says nothing. */
const RECORD = Buffer.from([23, 3, 3, 64, 0]);

export interface FreezableRelay {
  /** `https://localhost:PORT/`. */
  readonly url: string;
  readonly connections: () => number;
  /** Passes nothing on any more of the open connections, which stay open. */
  freeze(): void;
  /** Sends new connections to another port. */
  redirect(port: number): void;
  /** Resolves when the client of the first connection, which is frozen, has given it up: it takes no bytes any more. */
  givenUp(): Promise<void>;
}

/** Passes bytes on between its clients and a port of this machine; lives as long as the test. */
export async function freezableRelay(test: TestContext, port: number): Promise<FreezableRelay> {
  let target = port;
  const clients: Socket[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    clients.push(socket);
    const onward = connect(target, 'localhost');
    for (const one of [socket, onward]) {
      sockets.add(one);
      one.on('error', () => undefined);
    }
    socket.pipe(onward).pipe(socket);
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  test.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}/`,
    connections: () => clients.length,
    freeze() {
      for (const socket of sockets) socket.unpipe().pause();
    },
    redirect(to) {
      target = to;
    },
    async givenUp() {
      const [client] = clients;
      client?.write(RECORD);
      while (client?.destroyed === false) {
        client.write(Buffer.alloc(1));
        await pause(20, undefined, { signal: test.signal });
      }
    },
  };
}
