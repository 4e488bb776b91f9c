/** One HTTP/2 connection: how many requests it takes, whether it still answers, and when it ends. */
import { type ClientHttp2Session, connect } from 'node:http2';
import type { Socket } from 'node:net';
import { ConnectionError } from '../errors.ts';
import type { StreamSource } from './exchange.ts';

/** In milliseconds. */
export interface SessionTimes {
  /** Between two questions whether the server still answers, while it has requests. */
  readonly pingMs: number;
  /** Until such a question must be answered. */
  readonly pongMs: number;
  /** After which a connection without requests is closed. */
  readonly idleMs: number;
}

/**
 * A connection that dies without a word, as behind a firewall that forgets it, is found after 13 seconds at most. Idle
 * connections live as long as undici's.
 */
export const SESSION_TIMES: SessionTimes = { pingMs: 10_000, pongMs: 3_000, idleMs: 4_000 };

/** The most requests of one connection, whatever the server allows: so many polls are asked again when it is lost. */
const MOST_STREAMS = 256;
/** Of all streams together; answers are read at once, and each is small. */
const WINDOW_BYTES = 1024 * 1024;

export interface Session extends StreamSource {
  readonly open: number;
  /** How many requests it takes at once. */
  readonly limit: number;
  /** How many more requests it takes now: none when it is ending. */
  free(): number;
  /** Asks the server, unless it has just been heard. A connection that does not answer is closed, and all its requests fail. */
  isAlive(): Promise<boolean>;
  /** All requests fail. */
  destroy(): void;
}

export interface SessionEvents {
  /** It takes more requests than before. */
  readonly onFree: () => void;
  /** It takes no requests any more. Those that it has may go on. */
  readonly onEnding: () => void;
}

/**
 * Resolves when the server has told how many requests it takes at once.
 *
 * @param socket of a connection that has negotiated HTTP/2
 * @param readyMs how long the server may take, in milliseconds
 * @throws ConnectionError if the connection ends before, or takes no request
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
  return tend(session, times, events);
}

async function settings(session: ClientHttp2Session, readyMs: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const failed = (code: string, cause?: unknown) => {
    reject(new ConnectionError(code, { cause }));
    session.destroy();
  };
  const deadline = setTimeout(() => {
    failed('HTTP2_NO_SETTINGS');
  }, readyMs);
  // Stays: an error without a listener would end the process.
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
    clearTimeout(deadline);
  }
}

function limitOf(session: ClientHttp2Session): number {
  return Math.min(session.remoteSettings.maxConcurrentStreams ?? MOST_STREAMS, MOST_STREAMS);
}

function tend(
  session: ClientHttp2Session,
  times: SessionTimes,
  { onFree, onEnding }: SessionEvents,
): Session {
  let open = 0;
  let ending = false;
  let heardAt = performance.now();
  let asked: Promise<boolean> | undefined;
  let idle: NodeJS.Timeout | undefined;
  const pings = setInterval(() => {
    if (open > 0) void ask();
  }, times.pingMs).unref();
  const end = () => {
    clearInterval(pings);
    clearTimeout(idle);
    if (ending) return;
    ending = true;
    onEnding();
  };
  session.once('goaway', end);
  session.once('close', end);
  session.on('remoteSettings', onFree);
  rest();

  return {
    get open() {
      return open;
    },
    get limit() {
      return limitOf(session);
    },
    free: () => (ending || session.closed || session.destroyed ? 0 : limitOf(session) - open),
    request(headers, ends) {
      const stream = session.request(headers, { endStream: ends });
      begin();
      stream.once('response', heard);
      stream.once('close', () => {
        open -= 1;
        if (open === 0) rest();
        onFree();
      });
      return stream;
    },
    isAlive: () => (performance.now() - heardAt < times.pongMs ? Promise.resolve(true) : ask()),
    destroy() {
      session.destroy();
    },
  };

  function begin(): void {
    open += 1;
    clearTimeout(idle);
    session.ref();
  }

  function rest(): void {
    session.unref();
    clearTimeout(idle);
    idle = setTimeout(() => {
      end();
      session.close();
    }, times.idleMs).unref();
  }

  function heard(): void {
    heardAt = performance.now();
  }

  /** One question at a time. */
  function ask(): Promise<boolean> {
    return (asked ??= ping().finally(() => (asked = undefined)));
  }

  async function ping(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    // After what has arrived is read: where this process was busy, the answer may lie there.
    const deadline = setTimeout(() => setImmediate(resolve, false), times.pongMs);
    const sent =
      !session.destroyed &&
      session.ping((error) => {
        resolve(error === null);
      });
    const alive = sent && (await promise);
    clearTimeout(deadline);
    if (alive) heard();
    else session.destroy(new ConnectionError('HTTP2_NO_PONG'));
    return alive;
  }
}
