/**
 * The connections to one server, as few as its limit on concurrent requests allows.
 *
 *   request ─▶ the session with most streams that has a free one
 *           └ none: waits for a new connection ─ ALPN ─ h2 ───────▶ a new session
 *                                                    └ http/1.1 ─▶ this server's requests go by HTTP/1.1, for ten minutes
 */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { ConnectionError } from '../errors.ts';
import type { Exchange } from './exchange.ts';
import { openSession, type Session, type SessionTimes } from './session.ts';

/** After that, a server that has spoken HTTP/1.1 only is offered HTTP/2 again, in milliseconds. */
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
  const sessions = new Set<Session>();
  const waiting: Exchange[] = [];
  let connecting = 0;
  /** How many requests the server takes on a connection; of an unknown server one connection is enough. */
  let expected = Infinity;
  let http1Until = 0;
  let destroyed = false;
  const isDestroyed = () => destroyed;
  return {
    send(exchange) {
      if (performance.now() < http1Until) {
        exchange.sendByHttp1();
        return;
      }
      waiting.push(exchange);
      place();
    },
    destroy() {
      destroyed = true;
      for (const session of sessions) session.destroy();
      failWaiting(Infinity, new ConnectionError('closed'));
    },
  };

  function place(): void {
    while (waiting.length > 0) {
      const session = busiestFree();
      if (!session) break;
      const next = waiting.shift();
      if (next && !next.isOver()) assign(next, session);
    }
    const needed = waiting.filter((exchange) => !exchange.isOver()).length;
    while (needed > (connecting === 0 ? 0 : connecting * expected)) openConnection();
  }

  /** The one with most streams of those with a free one, so that the others become idle and are closed. */
  function busiestFree(): Session | undefined {
    let found: Session | undefined;
    for (const session of sessions) {
      if (session.free() > 0 && (!found || session.open > found.open)) found = session;
    }
    return found;
  }

  /** What must not be sent twice goes only to a connection that was just heard. */
  function assign(exchange: Exchange, session: Session): void {
    const again = () => {
      waiting.unshift(exchange);
      place();
    };
    if (exchange.isSafe) {
      exchange.sendOver(session, again);
      return;
    }
    void session.isAlive().then((alive) => {
      if (exchange.isOver()) return;
      if (alive && session.free() > 0) exchange.sendOver(session, again);
      else again();
    });
  }

  function openConnection(): void {
    connecting += 1;
    void establish()
      .catch((error: unknown) => {
        failWaiting(connecting === 1 ? Infinity : expected, error as Error);
      })
      .finally(() => {
        connecting -= 1;
        if (!destroyed) place();
      });
  }

  async function establish(): Promise<void> {
    const socket = await connect(url);
    if (isDestroyed()) {
      socket.destroy();
      throw new ConnectionError('closed');
    }
    if (!(socket instanceof TLSSocket) || socket.alpnProtocol !== 'h2') {
      // undici opens its own connections.
      socket.destroy();
      http1Until = performance.now() + HTTP1_MS;
      for (const exchange of waiting.splice(0)) exchange.sendByHttp1();
      return;
    }
    const session: Session = await openSession(url, socket, connectMs, times, {
      onFree: place,
      onEnding() {
        sessions.delete(session);
      },
    });
    if (isDestroyed()) session.destroy();
    expected = session.limit;
    sessions.add(session);
  }

  function failWaiting(count: number, error: Error): void {
    for (const exchange of waiting.splice(0, count)) exchange.fail(error);
  }
}
