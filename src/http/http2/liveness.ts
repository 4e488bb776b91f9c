/** Whether the server of an HTTP/2 connection still answers. */
import type { ClientHttp2Session } from 'node:http2';
import { ConnectionError } from '../errors.ts';

export interface Liveness {
  /** Records that the server has answered now. */
  heard(): void;
  /** Whether the server has answered within the last `pongMs`. */
  isFresh(): boolean;
  /** Pings the server; while a ping is on its way, waits for that one. A connection without an answer is closed. */
  ping(): Promise<boolean>;
}

/** @param pongMs until a ping must be answered, in milliseconds */
export function createLiveness(session: ClientHttp2Session, pongMs: number): Liveness {
  let heardAt = performance.now();
  let running: Promise<boolean> | undefined;
  return {
    heard,
    isFresh: () => performance.now() - heardAt < pongMs,
    ping,
  };

  function heard(): void {
    heardAt = performance.now();
  }

  function ping(): Promise<boolean> {
    return (running ??= sendPing().finally(() => (running = undefined)));
  }

  async function sendPing(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const stopWaiting = afterReading(pongMs, () => {
      resolve(false);
    });
    const sent =
      !session.destroyed &&
      session.ping((error) => {
        resolve(error === null);
      });
    const alive = sent && (await promise);
    stopWaiting();
    if (alive) heard();
    else session.destroy(new ConnectionError('HTTP2_NO_PONG'));
    return alive;
  }
}

/**
 * Calls a function after a time, and after everything that had arrived by then was read: if this process was busy, the
 * expected answer may be among that.
 *
 * @returns cancels the call
 */
export function afterReading(milliseconds: number, call: () => void): () => void {
  let read: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => (read = setImmediate(call)), milliseconds);
  return () => {
    clearTimeout(timer);
    clearImmediate(read);
  };
}
