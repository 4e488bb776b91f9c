/**
 * The connections to one server, as few as its limit on concurrent requests allows.
 *
 *   request ─▶ the session with most streams that has a free one
 *           └ none: waits for a new connection ─ ALPN ─ h2 ───────▶ a new session
 *                                                    └ http/1.1 ─▶ sent by HTTP/1.1, like all requests of ten minutes
 */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { ConnectionError } from '../errors.ts';
import type { Exchange } from './exchange.ts';
import { openSession, type Session, type SessionTimes } from './session.ts';

/** After this time, HTTP/2 is offered again to a server that has chosen HTTP/1.1, in milliseconds. */
const HTTP1_MS = 600_000;

export interface Origin {
  send(exchange: Exchange): void;
  destroy(): void;
}

export interface OriginOptions {
  readonly url: URL;
  /** Opens a connection that offers HTTP/2. It rejects with a `ConnectionError` or a `RefusedAddressError`. */
  readonly connect: (url: URL) => Promise<Socket>;
  readonly connectMs: number;
  readonly times: SessionTimes;
}

export function createOrigin({ url, connect, connectMs, times }: OriginOptions): Origin {
  const sockets = new Set<Socket>();
  /** The sessions that accept requests. */
  const sessions = new Set<Session>();
  let waiting: Exchange[] = [];
  let connecting = 0;
  /** How many requests the server accepts on one connection. Until it is known, one connection is opened for all of them. */
  let expected = Infinity;
  let http1Until = 0;
  let destroyed = false;
  const isDestroyed = () => destroyed;
  return {
    send(exchange) {
      waiting.push(exchange);
      place();
    },
    destroy() {
      destroyed = true;
      for (const socket of sockets) socket.destroy();
      place();
    },
  };

  function place(): void {
    if (destroyed) failWaiting(Infinity, new ConnectionError('closed'));
    waiting = waiting.filter((exchange) => !exchange.isOver());
    while (waiting.length > 0) {
      const session = busiestFree();
      if (!session && performance.now() >= http1Until) break;
      const next = waiting.shift();
      if (session && next) void assign(next, session);
      else next?.sendByHttp1();
    }
    while (waiting.length > (connecting === 0 ? 0 : connecting * expected)) openConnection();
  }

  /** Of the sessions with a free stream, the one with most streams, so that the others become idle and are closed. */
  function busiestFree(): Session | undefined {
    let found: Session | undefined;
    for (const session of sessions) {
      if (session.free() > 0 && (!found || session.open > found.open)) found = session;
    }
    return found;
  }

  /** A request that must not be sent twice is sent only over a connection on which the server has just answered. */
  async function assign(exchange: Exchange, session: Session): Promise<void> {
    const reserved = await session.reserve(!exchange.isSafe);
    if (reserved && exchange.isOver()) session.release();
    else if (reserved) exchange.sendOver(session, again);
    else again();

    function again(): void {
      waiting.unshift(exchange);
      place();
    }
  }

  function openConnection(): void {
    connecting += 1;
    void establish()
      .catch((error: unknown) => {
        failWaiting(connecting === 1 ? Infinity : expected, error as Error);
      })
      .finally(() => {
        connecting -= 1;
        place();
      });
  }

  async function establish(): Promise<void> {
    const socket = await connect(url);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    if (isDestroyed()) {
      socket.destroy();
      throw new ConnectionError('closed');
    }
    if (!(socket instanceof TLSSocket) || socket.alpnProtocol !== 'h2') {
      // undici opens its own connections.
      socket.destroy();
      http1Until = performance.now() + HTTP1_MS;
      return;
    }
    const session: Session = await openSession(url, socket, connectMs, times, {
      onFree: place,
      onEnding() {
        sessions.delete(session);
      },
    });
    expected = session.limit;
    sessions.add(session);
  }

  function failWaiting(count: number, error: Error): void {
    for (const exchange of waiting.splice(0, count)) exchange.fail(error);
  }
}
