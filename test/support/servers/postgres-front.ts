/** In front of a PostgreSQL server: TLS as the server itself speaks it, or a socket of the file system. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** Closes at the end of a test, whose `TestContext` it may be. */
interface Closing {
  after(close: () => void): void;
}

/** The length and the code of an SSLRequest (PostgreSQL manual, “Message Formats”). */
const SSL_REQUEST = Buffer.from('0000000804d2162f', 'hex');

/** Listens with TLS. @returns the server's URL through it, at `localhost`; closed at the end of the test */
export async function tlsFront(
  test: Closing,
  serverUrl: string,
  identity: { readonly cert: string; readonly key: string },
): Promise<string> {
  const front = createServer((near) => {
    near.once('data', (request: Buffer) => {
      if (!request.equals(SSL_REQUEST)) {
        near.destroy();
        return;
      }
      near.write('S');
      join(new TLSSocket(near, { isServer: true, ...identity }), serverUrl);
    });
  }).listen(0, 'localhost');
  await once(front, 'listening');
  test.after(() => front.close());
  const url = new URL(serverUrl);
  url.host = `localhost:${(front.address() as AddressInfo).port}`;
  return url.href;
}

/** Listens on the socket that clients expect in this directory; closed at the end of the test. */
export async function socketFront(test: Closing, serverUrl: string, directory: string): Promise<void> {
  const front = createServer((near) => {
    join(near, serverUrl);
  }).listen(`${directory}/.s.PGSQL.5432`);
  await once(front, 'listening');
  test.after(() => front.close());
}

/** A server that can be taken away: then no connection is left, and none is accepted. */
export interface RemovableServer {
  readonly url: string;
  takeAway(): void;
  bringBack(): Promise<void>;
  /** New connections lead to another server, as after a fail-over; those that are open stay where they are. */
  leadTo(serverUrl: string): void;
}

/** Listens on a port; closed at the end of the test. */
export async function removableFront(test: Closing, serverUrl: string): Promise<RemovableServer> {
  let target = serverUrl;
  const sockets = new Set<Socket>();
  const front = createServer((near) => {
    sockets.add(near);
    near.once('close', () => sockets.delete(near));
    join(near, target);
  }).listen(0, '127.0.0.1');
  await once(front, 'listening');
  const { port } = front.address() as AddressInfo;
  const url = new URL(serverUrl);
  url.host = `127.0.0.1:${port}`;
  const takeAway = () => {
    front.close();
    for (const socket of sockets) socket.destroy();
  };
  test.after(takeAway);
  return {
    url: url.href,
    takeAway,
    async bringBack() {
      front.listen(port, '127.0.0.1');
      await once(front, 'listening');
    },
    leadTo(other) {
      target = other;
    },
  };
}

function join(near: Socket, serverUrl: string): void {
  const { hostname, port } = new URL(serverUrl);
  const far = connect(Number(port), hostname);
  for (const [from, to] of [
    [near, far],
    [far, near],
  ] as const) {
    from.pipe(to);
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  }
}
