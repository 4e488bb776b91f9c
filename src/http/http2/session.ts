/** One HTTP/2 connection: how many requests it takes, whether it still answers, and when it ends. */
import { type ClientHttp2Session, connect } from 'node:http2';
import type { Socket } from 'node:net';
import { ConnectionError } from '../errors.ts';
import type { StreamSource } from './exchange.ts';
import { afterReading, createLiveness } from './liveness.ts';

/** In milliseconds. */
export interface SessionTimes {
  /** Between two pings, while requests are open. */
  readonly pingMs: number;
  /** Until a ping must be answered. */
  readonly pongMs: number;
  /** After which a connection without requests is closed. */
  readonly idleMs: number;
  /** For which a connection accepts new requests. */
  readonly ageMs: number;
}

/**
 * A connection that is lost without notice, for example in a firewall that has dropped its state, is detected within 13
 * seconds. Idle connections are closed after the same time as undici's. A connection that is never idle is replaced after
 * an hour, so that new requests use a changed address.
 */
export const SESSION_TIMES: SessionTimes = {
  pingMs: 10_000,
  pongMs: 3_000,
  idleMs: 4_000,
  ageMs: 3_600_000,
};

/** The most requests on one connection, even if the server allows more: all of them fail when the connection is lost. */
const MOST_STREAMS = 256;
/** The flow-control window of all streams together; answers are small and read at once. */
const WINDOW_BYTES = 1024 * 1024;

export interface Session extends StreamSource {
  /** The number of its streams, including the reserved ones. */
  readonly open: number;
  /** How many requests it accepts at the same time. */
  readonly limit: number;
  /** How many more requests it accepts now; 0 when it is ending. */
  free(): number;
  /**
   * Reserves a free stream, for one call of `request` or `release`.
   *
   * @param heard whether the server must have answered just now: if it has not, it is pinged. A connection without an
   *   answer is closed, and all its requests fail.
   * @returns whether it is reserved
   */
  reserve(heard: boolean): Promise<boolean>;
  release(): void;
}

export interface SessionEvents {
  /** Called when it accepts more requests than before. */
  readonly onFree: () => void;
  /** Called when it accepts no more requests. Its open ones continue. */
  readonly onEnding: () => void;
}

/**
 * Opens a session. Resolves when the server has stated how many requests it accepts at the same time.
 *
 * @param socket of a connection that has negotiated HTTP/2
 * @param readyMs how long the server may take, in milliseconds
 * @throws ConnectionError if the connection ends before that, or accepts no request
 */
export async function openSession(
  origin: URL,
  socket: Socket,
  readyMs: number,
  times: SessionTimes,
  events: SessionEvents,
): Promise<Session> {
  const session = connect(origin, {
    createConnection: () => socket,
    settings: { enablePush: false, maxHeaderListSize: 16 * 1024 },
  });
  await settings(session, readyMs);
  if (session.closed || session.destroyed) throw new ConnectionError('HTTP2_CLOSED');
  if (limitOf(session) === 0) {
    session.destroy();
    throw new ConnectionError('HTTP2_NO_STREAMS');
  }
  session.setLocalWindowSize(WINDOW_BYTES);
  return createSession(session, socket, times, events);
}

async function settings(session: ClientHttp2Session, readyMs: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const failed = (code: string, cause?: unknown) => {
    reject(new ConnectionError(code, { cause }));
    session.destroy();
  };
  const stopWaiting = afterReading(readyMs, () => {
    failed('HTTP2_NO_SETTINGS');
  });
  // Never removed: an error without a listener would end the process.
  session.on('error', (error) => {
    failed('HTTP2_FAILED', error);
  });
  session.once('close', () => {
    failed('HTTP2_CLOSED');
  });
  session.once('remoteSettings', () => {
    resolve(undefined);
  });
  try {
    await promise;
  } finally {
    stopWaiting();
  }
}

function limitOf(session: ClientHttp2Session): number {
  return Math.min(session.remoteSettings.maxConcurrentStreams ?? MOST_STREAMS, MOST_STREAMS);
}

function createSession(
  session: ClientHttp2Session,
  socket: Socket,
  times: SessionTimes,
  { onFree, onEnding }: SessionEvents,
): Session {
  let open = 0;
  let ending = false;
  /** The last stream that the server may have processed. */
  let lastStream = Infinity;
  const liveness = createLiveness(session, times.pongMs);
  let idle: NodeJS.Timeout | undefined;
  // Until the connection is closed: one that is ending can be lost without notice too.
  const pings = setInterval(() => {
    if (open > 0) void liveness.ping();
  }, times.pingMs).unref();
  const age = setTimeout(end, times.ageMs).unref();
  // A server may send several, each with a stream that is not higher than the one before. (RFC 9113, 6.8)
  session.on('goaway', (_code, last: number) => {
    lastStream = last;
    end();
  });
  session.once('close', () => {
    clearInterval(pings);
    clearTimeout(age);
    clearTimeout(idle);
    end();
  });
  session.on('remoteSettings', onFree);
  closeWhenIdle();

  return {
    get open() {
      return open;
    },
    get limit() {
      return limitOf(session);
    },
    free: () => (isEnding() ? 0 : limitOf(session) - open),
    async reserve(heard) {
      open += 1;
      clearTimeout(idle);
      session.ref();
      const reserved = (!heard || liveness.isFresh() || (await liveness.ping())) && !isEnding();
      if (!reserved) release();
      return reserved;
    },
    release,
    hasIgnored: ({ id }) => id !== undefined && id > lastStream,
    request(headers, ends) {
      try {
        const stream = session.request(headers, { endStream: ends });
        stream.once('response', () => {
          liveness.heard();
        });
        stream.once('close', release);
        return stream;
      } catch (error) {
        release();
        throw error;
      }
    },
  };

  function isEnding(): boolean {
    return ending || session.closed || session.destroyed || socket.destroyed;
  }

  function end(): void {
    if (ending) return;
    ending = true;
    onEnding();
  }

  function release(): void {
    open -= 1;
    if (open === 0) closeWhenIdle();
    onFree();
  }

  function closeWhenIdle(): void {
    session.unref();
    clearTimeout(idle);
    idle = setTimeout(() => {
      end();
      session.close();
      // `close` waits for the server to close its side. A lost connection never does.
      idle = setTimeout(() => socket.destroy(), times.pongMs).unref();
    }, times.idleMs).unref();
  }
}
