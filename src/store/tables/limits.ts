import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Limited, LimitStore, PushEnd, Start } from '../../login/limits/limit-store.ts';
import {
  type LimitRules,
  PUSH_LIVE_MS,
  QUIET_MS,
  type Rate,
  spacingOf,
} from '../../login/limits/limit-rules.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { Tables } from '../database.ts';
import { lookupHash } from '../encryption/lookup-hash.ts';
import type { Pace } from '../clean-up/pace.ts';
import { removeRows } from '../clean-up/remove-rows.ts';
import { interval, type SharedClock } from '../drivers/shared-clock.ts';

/**
 * A stored time that exceeds the furthest time any rule can produce by more than this was written with a wrong clock, and
 * is ignored. It is longer than a statement can wait for its row, because `now()` is the time when the statement began.
 */
const TOLERANCE_MS = 60_000;

/**
 * Rate limits by the generic cell rate algorithm (ITU-T I.371). Each counter is one time, `spent_until`; each start moves
 * it forward by the rate's interval. A start is admitted while `spent_until` is less than the whole rate ahead of now.
 *
 * @param clock the clock that all instances share; `now` is used only for the time of the next permitted start
 */
export function createLimitStore(
  db: Kysely<Tables>,
  secrets: Pick<Secrets, 'personHash' | 'addressHash'>,
  now: () => number,
  clock: SharedClock,
): LimitStore {
  return {
    async admit(start, rules) {
      const steps = stepsOf(start, rules);
      const last = steps.at(-1);
      if (!last) return undefined;
      const passed = await take(steps);
      const refused = steps.find(({ name }) => !passed.has(name));
      return refused && refusalOf(refused);
    },

    async pushEnded(end) {
      await endOfPush(end, secrets, clock).execute(db);
    },
  };

  /** In order of evaluation: a start refused by one step is not counted by the later ones. */
  function stepsOf(start: Start, rules: LimitRules): Step[] {
    const { networks, clientId, identifier } = start;
    const waits = start.push ? rules.pushWaits : undefined;
    return [
      ...networks.flatMap(({ network, allowance }, index) =>
        rules.address
          ? [
              {
                name: `address_${index}`,
                by: 'address',
                key: `address:${secrets.addressHash(network)}`,
                rate: { ...rules.address, count: rules.address.count * allowance },
              } as const,
            ]
          : [],
      ),
      ...(rules.client && clientId !== undefined
        ? [
            {
              name: 'client',
              by: 'client',
              key: `client:${lookupHash(clientId)}`,
              rate: rules.client,
            } as const,
          ]
        : []),
      ...(identifier !== undefined && (rules.person ?? waits)
        ? [
            {
              name: 'person',
              by: 'person',
              key: personKey(secrets, identifier, start.push && start.knownBrowser),
              rate: rules.person,
              waits,
              attemptId: start.attemptId,
            } as const,
          ]
        : []),
    ];
  }

  /**
   * Runs all steps as one statement. Each step is a conditional upsert, whose condition PostgreSQL evaluates on the locked
   * row. A step reads the result of the previous one, so it runs only after that one, and only if it passed. All starts
   * take their locks in the same order, so they cannot deadlock.
   */
  async function take(steps: readonly Step[]): Promise<ReadonlySet<string>> {
    const parts = steps.map((step, index) => {
      const before = steps[index - 1];
      const ifPassed = before ? sql`where exists (select from ${sql.id(before.name)})` : sql``;
      const taken =
        step.by === 'person' ? takePerson(step, clock, ifPassed) : takeRate(step, clock, ifPassed);
      return sql`${sql.id(step.name)} as (${taken})`;
    });
    const names = steps.map(({ name }) => sql`select ${sql.lit(name)} as step from ${sql.id(name)}`);
    const { rows } = await sql<{ step: string }>`
      with ${sql.join(parts)} ${sql.join(names, sql` union all `)}`.execute(db);
    return new Set(rows.map(({ step }) => step));
  }

  async function refusalOf(step: Step): Promise<Limited> {
    // The wait is at least a second, even if the limit has been lifted since the refusal.
    const retryAt = (...waits: number[]) => now() + Math.max(1_000, ...waits);
    if (step.by !== 'person') {
      const row = await db
        .selectFrom('rate_limit')
        .select(['spent_until', clock().as('at')])
        .where('key_hash', '=', step.key)
        .executeTakeFirst();
      return { by: step.by, retryAt: retryAt(row ? waitIn(row, step.rate) : 0) };
    }
    const row = await db
      .selectFrom('person_limit')
      .select(['spent_until', 'next_push_at', 'attempt_id', clock().as('at')])
      .where('person_hash', '=', step.key)
      .executeTakeFirst();
    const rateWait = row && step.rate ? waitIn(row, step.rate) : 0;
    const push = row && step.waits ? row.next_push_at.getTime() - row.at.getTime() : 0;
    return row && step.waits && push > 0 && push <= longestPush(step.waits)
      ? { by: 'push', retryAt: retryAt(push, rateWait), lastAttemptId: row.attempt_id }
      : { by: 'person', retryAt: retryAt(rateWait) };
  }
}

/** The statement that records the end of a push; further conditions can follow it. */
export function endOfPush(
  { attemptId, identifier, ending, waits }: PushEnd,
  secrets: Pick<Secrets, 'personHash'>,
  clock: SharedClock,
): RawBuilder<unknown> {
  const waited = sql`${clock()} + ${waitAfter(sql.ref('unanswered'), waits)}`;
  const changes = {
    confirmed: sql`unanswered = 0, next_push_at = ${clock()}`,
    unanswered: sql`next_push_at = ${waited}`,
    gone: sql`next_push_at = least(next_push_at, ${waited})`,
    not_sent: sql`unanswered = unanswered - 1, next_push_at = ${clock()}`,
  };
  return sql`
    update person_limit set ${changes[ending]}
    where person_hash in (${personKey(secrets, identifier, false)}, ${personKey(secrets, identifier, true)})
      and attempt_id = ${attemptId}`;
}

/** Pushes from browsers that the person uses are counted in a row of their own. */
function personKey(secrets: Pick<Secrets, 'personHash'>, identifier: string, knownBrowser: boolean): string {
  return secrets.personHash(knownBrowser ? `${identifier} in a known browser` : identifier);
}

/** Removes counters without effect; returns their number. */
export async function removeExpiredLimits(
  db: Kysely<Tables>,
  clock: SharedClock,
  pace: Pace,
): Promise<number> {
  const people = sql`
    spent_until <= ${clock()}
      and next_push_at <= case when unanswered > 0 then ${clock(-QUIET_MS)} else ${clock()} end`;
  // By their keys, since the times are not indexed: a start would have to move them in the index.
  const [rates, persons] = [
    { table: 'rate_limit', column: 'key_hash', due: sql`spent_until <= ${clock()}` },
    { table: 'person_limit', column: 'person_hash', due: people },
  ] as const;
  let removed = 0;
  for (const { table, column, due } of [rates, persons]) {
    removed += await removeRows(db, { table, by: { column, type: 'text' }, among: sql`true`, due }, pace);
  }
  return removed;
}

interface RateStep {
  readonly name: string;
  readonly by: 'address' | 'client';
  readonly key: string;
  readonly rate: Rate;
}

interface PersonStep {
  readonly name: 'person';
  readonly by: 'person';
  readonly key: string;
  readonly rate: Rate | undefined;
  /** Only for a push. */
  readonly waits: readonly number[] | undefined;
  readonly attemptId: string;
}

type Step = RateStep | PersonStep;

function takeRate(
  { key, rate }: RateStep,
  clock: SharedClock,
  ifPassed: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return sql`
    insert into rate_limit as kept (key_hash, spent_until)
    select ${key}::text, ${clock(spacingOf(rate))} ${ifPassed}
    on conflict (key_hash) do update set spent_until = ${spent(rate, clock)}
    where ${isWithin(rate, clock)}
    returning 1`;
}

/** The person's rate and the push limit are in one row, so that both are decided at once. */
function takePerson(
  { key, rate, waits, attemptId }: PersonStep,
  clock: SharedClock,
  ifPassed: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const first = clock(rate ? spacingOf(rate) : 0);
  const unanswered = sql`case when kept.next_push_at <= ${clock(-QUIET_MS)} then 1 else kept.unanswered + 1 end`;
  // The answer of an earlier try was lost: this attempt is counted already.
  const isRepeated = sql`kept.attempt_id = excluded.attempt_id`;
  const counted = (column: string, value: RawBuilder<unknown>) => {
    const name = sql.id(column);
    return sql`${name} = case when ${isRepeated} then kept.${name} else ${value} end`;
  };
  const changes = [
    sql`attempt_id = excluded.attempt_id`,
    ...(rate ? [counted('spent_until', spent(rate, clock))] : []),
    ...(waits
      ? [
          counted('unanswered', unanswered),
          counted('next_push_at', sql`${clock(PUSH_LIVE_MS)} + ${waitAfter(unanswered, waits)}`),
        ]
      : []),
  ];
  const conditions = [...(rate ? [isWithin(rate, clock)] : []), ...(waits ? [mayPush(waits, clock)] : [])];
  return sql`
    insert into person_limit as kept (person_hash, spent_until, attempt_id, unanswered, next_push_at)
    select ${key}::text, ${first}, ${attemptId}::text, ${waits ? 1 : 0}::integer,
      ${waits ? sql`${clock(PUSH_LIVE_MS)} + ${waitAfter(sql`1`, waits)}` : clock()} ${ifPassed}
    on conflict (person_hash) do update set ${sql.join(changes)}
    where ${isRepeated} or (${sql.join(conditions, sql` and `)})
    returning 1`;
}

function spent(rate: Rate, clock: SharedClock): RawBuilder<unknown> {
  const kept = sql`case when ${isSpentVoid(rate, clock)} then ${clock()} else kept.spent_until end`;
  return sql`greatest(${kept}, ${clock()}) + ${interval(spacingOf(rate))}`;
}

function isWithin(rate: Rate, clock: SharedClock): RawBuilder<unknown> {
  const full = (rate.count - 1) * spacingOf(rate);
  return sql`(kept.spent_until <= ${clock(full)} or ${isSpentVoid(rate, clock)})`;
}

function isSpentVoid(rate: Rate, clock: SharedClock): RawBuilder<unknown> {
  return sql`kept.spent_until > ${clock(rate.count * spacingOf(rate) + TOLERANCE_MS)}`;
}

function mayPush(waits: readonly number[], clock: SharedClock): RawBuilder<unknown> {
  return sql`(kept.next_push_at <= ${clock()} or kept.next_push_at > ${clock(longestPush(waits))})`;
}

/** The furthest that `next_push_at` can be ahead, in milliseconds. */
function longestPush(waits: readonly number[]): number {
  return PUSH_LIVE_MS + Math.max(0, ...waits) + TOLERANCE_MS;
}

/** Milliseconds until `isWithin` is true. */
function waitIn({ spent_until, at }: { readonly spent_until: Date; readonly at: Date }, rate: Rate): number {
  return spent_until.getTime() - at.getTime() - (rate.count - 1) * spacingOf(rate);
}

/** The wait after this number of consecutive pushes that did not end in a login. */
function waitAfter(unanswered: RawBuilder<unknown>, waits: readonly number[]): RawBuilder<unknown> {
  const [last = 0] = waits.slice(-1);
  const cases = waits.map((wait, index) => sql`when ${sql.lit(index + 1)} then ${interval(wait)}`);
  return sql`case ${unanswered} ${sql.join(cases, sql` `)} else ${interval(last)} end`;
}
