/**
 * Tells clients in ping mode that the answer to their request is there. (CIBA Core 10.2)
 *
 * Such a client does not poll, so an instance follows its login. A lease in the store says that one does; where that instance has
 * stopped or died, another one takes the login over. After an outage of the store two may follow it: one of them tells the client. A
 * client that hears nothing may still poll, which drives the login too.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type Provider from 'oidc-provider';
import type { Logger } from '../../log/logger.ts';
import { createOutageRetry } from '../../login/outage-retry.ts';
import type { RecordStore } from '../stores.ts';
import { type BackchannelLogin, type BackchannelRequest, type FindRequest } from './backchannel-login.ts';

const MODEL = 'CibaPing';
/** The model under which the instance is stored that tells the client, by the ID of the request. */
const TELLER_MODEL = 'CibaPingTeller';
/** One long poll of Smart-ID, in milliseconds. */
const POLL_MS = 10_000;
/** Two steps start at least this far apart, since a failing one may answer at once. In milliseconds. */
const STEP_MS = 1_000;
/** A login that no instance has followed for this long is taken over, in seconds; longer than a poll. */
const LEASE_SECONDS = 30;
/** Each instance looks for such logins this often. */
export const TAKE_OVER_SECONDS = 10;

export interface Pings {
  /**
   * Follows the login of a request until its client is told, in the background. The push is out: where the stores cannot be reached, it
   * is followed once they can, and nobody is asked again.
   */
  follow(request: BackchannelRequest): Promise<void>;
  /** Follows the logins of instances that have stopped. */
  takeOver(): Promise<void>;
}

/** The logins that this instance follows. It outlives the oidc-provider of one set of keys. */
export interface Following {
  readonly signal: AbortSignal;
  /** By the ID of the request. */
  readonly running: Map<string, Promise<void>>;
  /** Stops following; other instances take over. Resolves when nothing runs any more. */
  stop(): Promise<void>;
}

export function createFollowing(): Following {
  const stopping = new AbortController();
  const running = new Map<string, Promise<void>>();
  return {
    signal: stopping.signal,
    running,
    async stop() {
      stopping.abort();
      await Promise.all(running.values());
    },
  };
}

export interface PingOptions {
  readonly find: FindRequest;
  readonly following: Following;
  readonly login: BackchannelLogin;
  readonly records: RecordStore;
  readonly log: Logger;
  /** Whether an error says that the stores cannot be reached for now. */
  readonly isOutage: (error: unknown) => boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export function createPings(
  provider: Provider,
  { find, following: { signal, running }, login, records, log, isOutage, now }: PingOptions,
): Pings {
  const throughOutage = createOutageRetry((error) => isOutage(error) && !signal.aborted);
  const instance = randomUUID();
  return {
    async follow(asked) {
      try {
        const request = await lease(asked);
        if (request) inBackground(request, () => untilTold(request));
      } catch (error) {
        if (!isOutage(error)) throw error;
        inBackground(asked, async () => {
          const request = await throughOutage(() => lease(asked));
          if (request) await untilTold(request);
        });
      }
    },
    async takeOver() {
      for (const { id } of await records.list(MODEL)) {
        if (signal.aborted) return;
        if (running.has(id)) continue;
        const isMine = (await records.consume(MODEL, id)) || (await renew(id, LEASE_SECONDS));
        const request = isMine ? await find(id) : undefined;
        if (request) inBackground(request, () => untilTold(request));
      }
    },
  };

  /** @returns undefined where it is over, or another instance follows it */
  async function lease({ jti }: BackchannelRequest): Promise<BackchannelRequest | undefined> {
    // Only a stored request says when it expires.
    const request = await find(jti);
    if (!request) return undefined;
    await records.add(MODEL, jti, {}, request.exp ?? 0);
    return (await records.consume(MODEL, jti)) ? request : undefined;
  }

  function inBackground({ jti, clientId: client }: BackchannelRequest, follow: () => Promise<void>): void {
    const following = follow().catch((error: unknown) => {
      log.error({ event: 'ping_failed', client, err: error }, 'a client could not be told of its login');
    });
    running.set(jti, following);
    void following.finally(() => running.delete(jti));
  }

  async function untilTold(request: BackchannelRequest): Promise<void> {
    while (!signal.aborted && now() / 1000 < (request.exp ?? 0)) {
      const pause = delay(STEP_MS, undefined, { signal }).catch(() => undefined);
      try {
        const { kind } = await login.progress(request, POLL_MS, signal);
        if (kind !== 'pending') {
          if (!(await isTeller(request))) return;
          await records.remove(MODEL, request.jti);
          await tell(request);
          return;
        }
        await renew(request.jti, 0);
      } catch (error) {
        if (!isOutage(error)) throw error;
      }
      await pause;
    }
    // Free for another instance, at once.
    if (!signal.aborted) await login.abandon(request);
    else await records.reopen(MODEL, request.jti, secondsAfter(now()));
  }

  /** Takes the lease if it was taken longer ago than this. */
  async function renew(id: string, seconds: number): Promise<boolean> {
    const isFree = await records.reopen(MODEL, id, secondsAfter(now()) - seconds);
    return isFree && records.consume(MODEL, id);
  }

  /** True for one instance: also where the store had no answer for it, and where another one has died before it could tell. */
  async function isTeller({ jti, exp = 0 }: BackchannelRequest): Promise<boolean> {
    const add = () => records.add(TELLER_MODEL, jti, { instance, since: now() }, exp);
    if (await add()) return true;
    const teller = (await records.find(TELLER_MODEL, jti))?.payload;
    if (teller?.instance === instance) return true;
    if (now() < Number(teller?.since ?? 0) + LEASE_SECONDS * 1000) return false;
    await records.remove(TELLER_MODEL, jti);
    return add();
  }

  async function tell(request: BackchannelRequest): Promise<void> {
    const client = await provider.Client.find(request.clientId ?? '');
    if (client?.backchannelTokenDeliveryMode !== 'ping') return;
    try {
      await client.backchannelPing(request);
    } catch (error) {
      // Not repeated, and no redirect is followed: the operator of the client has to act. (CIBA Core 10.2)
      log.warn(
        { event: 'ping_failed', client: client.clientId, detail: reasonOf(error) },
        'the notification endpoint of a client did not accept a ping',
      );
    }
  }
}

function secondsAfter(milliseconds: number): number {
  return Math.floor(milliseconds / 1000) + 1;
}

/** The message contains no more than the address of the endpoint. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
