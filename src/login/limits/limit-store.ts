import type { CountedNetwork } from '../../audit/network.ts';
import type { LimitRules } from './limit-rules.ts';

/** What is counted of a login; a part that is absent is not limited. */
export interface Start {
  readonly attemptId: string;
  /** The networks that the browser is in, the narrowest first. */
  readonly networks: readonly CountedNetwork[];
  /** Names the allowance of the client. */
  readonly clientId: string | undefined;
  /** Semantics identifier of the person who has to answer; a device link may be for anybody. */
  readonly identifier: string | undefined;
  /** Whether it sends a push. */
  readonly push: boolean;
  /** Whether the push comes from a browser that this person uses: it has an allowance of its own, which strangers cannot use up. */
  readonly knownBrowser: boolean;
}

/** A start that has to wait. */
export type Limited =
  | {
      readonly by: 'address' | 'client' | 'person';
      /** When the next start is admitted, in milliseconds since the epoch. */
      readonly retryAt: number;
    }
  /** By the places of the instance, not by the store; `retryAt` is an estimate. */
  | { readonly by: 'instance'; readonly retryAt: number }
  | { readonly by: 'push'; readonly retryAt: number; readonly lastAttemptId: string };

/**
 * `unanswered`: any end except a login. `gone`: the end of a push that was cancelled before; it may be reported repeatedly, so it
 * only shortens the wait. `not_sent`: the push did not reach a phone.
 */
export type PushEnding = 'confirmed' | 'unanswered' | 'gone' | 'not_sent';

/** The end of a push. It has no effect if another push to this person has been admitted since. */
export interface PushEnd {
  readonly attemptId: string;
  readonly identifier: string;
  readonly ending: PushEnding;
  /** As in {@link LimitRules}. */
  readonly waits: readonly number[];
}

/**
 * Counts starts for all instances. Rows identify addresses and people by keyed hashes only.
 *
 * Guarantees: of any number of simultaneous starts, on any number of instances, exactly as many are admitted as the limit
 * allows. A refused start does not change the count of the person, and one that is refused by its address does not change
 * the count of the client, so that one address cannot use up the allowance of others. A start that its person's limits have
 * admitted is admitted again without being counted twice: the answer may have been lost.
 */
export interface LimitStore {
  /** Counts a start in one round trip; `undefined` if it is admitted. A refusal needs a second one, to compute the wait. */
  admit(start: Start, rules: LimitRules): Promise<Limited | undefined>;
  /** Records the end of a push that does not change its attempt; `AttemptStore.replace` records any other one. */
  pushEnded(end: PushEnd): Promise<void>;
}
