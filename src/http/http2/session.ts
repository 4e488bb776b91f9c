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
  /** For which a connection takes new requests. */
  readonly ageMs: number;
}

/**
 * A connection that dies without a word, as behind a firewall that forgets it, is found after 13 seconds at most. Idle
 * connections live as long as undici's. A busy one would live for ever: after an hour, new requests follow a changed address.
 */
export const SESSION_TIMES: SessionTimes = {
  pingMs: 10_000,
  pongMs: 3_000,
  idleMs: 4_000,
  ageMs: 3_600_000,
};

/** The most requests of one connection, whatever the server allows: so many polls are asked again when it is lost. */
const MOST_STREAMS = 256;
/** Of all streams together; answers are read at once, and each is small. */
const WINDOW_BYTES = 1024 * 1024;

export interface Session extends StreamSource {
  /** Its streams, with those that are reserved. */
  readonly open: number;
  /** How many requests it takes at once. */
  readonly limit: number;
  /** How many more requests it takes now: none when it is ending. */
  free(): number;
  /**
   * Reserves a free stream, for one call of `request` or `release`.
   *
   * @param heard whether the server must just have been heard, and is asked if it was not. A connection that does not
   *   answer is closed, and all its requests fail.
   * @returns whether it is reserved
   */
  reserve(heard: boolean): Promise<boolean>;
  release(): void;
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
  return tend(session, socket, times, events);
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
    stopWaiting();
  }
}

function limitOf(session: ClientHttp2Session): number {
  return Math.min(session.remoteSettings.maxConcurrentStreams ?? MOST_STREAMS, MOST_STREAMS);
}

/**
 * Calls once what has arrived by then is read: where this process was busy, the answer may lie there.
 *
 * @returns cancels the call
 */
function afterReading(milliseconds: number, call: () => void): () => void {
  let read: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => (read = setImmediate(call)), milliseconds);
  return () => {
    clearTimeout(timer);
    clearImmediate(read);
  };
}

function tend(
  session: ClientHttp2Session,
  socket: Socket,
  times: SessionTimes,
  { onFree, onEnding }: SessionEvents,
): Session {
  let open = 0;
  let ending = false;
  /** Of those that the server has processed or may have. */
  let lastStream = Infinity;
  let heardAt = performance.now();
  let asked: Promise<boolean> | undefined;
  let idle: NodeJS.Timeout | undefined;
  // Until the connection is closed: one that is ending can die without a word too.
  const pings = setInterval(() => {
    if (open > 0) void ask();
  }, times.pingMs).unref();
  const age = setTimeout(end, times.ageMs).unref();
  // A server may send several, each with a stream that is not higher. (RFC 9113, 6.8)
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
  rest();

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
      const wasHeard = performance.now() - heardAt < times.pongMs;
      const reserved = (!heard || wasHeard || (await ask())) && !isEnding();
      if (!reserved) release();
      return reserved;
    },
    release,
    hasIgnored: ({ id }) => id !== undefined && id > lastStream,
    request(headers, ends) {
      try {
        const stream = session.request(headers, { endStream: ends });
        stream.once('response', noteHeard);
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
    if (open === 0) rest();
    onFree();
  }

  function rest(): void {
    session.unref();
    clearTimeout(idle);
    idle = setTimeout(() => {
      end();
      session.close();
      // It waits for the server to close its side, which one that is dead never does.
      idle = setTimeout(() => socket.destroy(), times.pongMs).unref();
    }, times.idleMs).unref();
  }

  function noteHeard(): void {
    heardAt = performance.now();
  }

  /** One question at a time. */
  function ask(): Promise<boolean> {
    return (asked ??= ping().finally(() => (asked = undefined)));
  }

  async function ping(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const stopWaiting = afterReading(times.pongMs, () => {
      resolve(false);
    });
    const sent =
      !session.destroyed &&
      session.ping((error) => {
        resolve(error === null);
      });
    const alive = sent && (await promise);
    stopWaiting();
    if (alive) noteHeard();
    else session.destroy(new ConnectionError('HTTP2_NO_PONG'));
    return alive;
  }
}
