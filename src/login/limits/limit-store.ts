import type { LimitRules } from './limit-rules.ts';

/** A login that is about to be started at Smart-ID. */
export interface Start {
  readonly attemptId: string;
  /** The network that the browser is in. Absent in an attempt that an earlier release began. */
  readonly network: string | undefined;
  readonly clientId: string;
  /** Semantics identifier of the person who has to answer; a device link may be for anybody. */
  readonly identifier: string | undefined;
  /** Whether a phone is to ring. */
  readonly push: boolean;
}

/** A start that has to wait. */
export type Limited =
  | {
      readonly by: 'address' | 'client' | 'person';
      /** From when on there is room again, in milliseconds since the epoch. */
      readonly retryAt: number;
    }
  | { readonly by: 'push'; readonly retryAt: number; readonly lastAttemptId: string };

/**
 * `unanswered` is every end but a login; `gone`: the same of one that was given up before, of which anybody may learn again
 * and again, so that it only brings the next push nearer; `not_sent`: no phone has rung.
 */
export type PushEnding = 'confirmed' | 'unanswered' | 'gone' | 'not_sent';

/**
 * Counts starts for all instances. Rows name addresses and people by keyed hashes alone.
 *
 * Promises: of any number of starts at the same time, on any number of instances, exactly as many are admitted as there
 * is room for. A start that is refused leaves the person's count as it was, and one refused by its address the client's
 * too, so that nobody uses up what is another's.
 */
export interface LimitStore {
  /** Counts a start in one round trip; `undefined` where it is admitted. A refusal takes another one, to tell the wait. */
  admit(start: Start, rules: LimitRules): Promise<Limited | undefined>;
  /**
   * A push has ended. Nothing, where another one to this person has been admitted since.
   *
   * @param waits as in {@link LimitRules}
   */
  pushEnded(
    attemptId: string,
    identifier: string,
    ending: PushEnding,
    waits: readonly number[],
  ): Promise<void>;
}
