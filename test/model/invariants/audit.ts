/** The audit tells every end, once. */
import assert from 'node:assert/strict';
import type { AuditRow } from '../../../src/audit/audit-store.ts';
import type { Facts } from '../facts.ts';
import type { Run } from '../run.ts';

const ENDS = ['login_finished', 'login_failed', 'login_cancelled'];

/** What the audit and the log of an instance have in common. */
interface Told {
  readonly event: string;
  readonly attempt: unknown;
}

export interface AuditChecked {
  readonly rows: readonly AuditRow[];
  /** Whether every attempt was led to its end: no login had expired before. */
  readonly allEnded: boolean;
}

export function checkAudit(facts: Facts, run: Run, { rows, allEnded }: AuditChecked): void {
  const killed = run.instances.filter(({ faults }) => faults.isDead());
  const isKilled = (instance: string) => killed.some(({ id }) => id === instance);
  const told: Told[] = [
    ...rows
      .filter(({ instance }) => !isKilled(instance))
      .map(({ event, data }) => ({ event, attempt: data.attempt })),
    // What an instance had not written yet when it was killed is in its log only.
    ...killed.flatMap(({ log }) => log.map(({ event, attempt }) => ({ event: String(event), attempt }))),
  ];
  for (const { id, faults } of run.instances) {
    const numbers = rows.filter(({ instance }) => instance === id).map(({ number }) => number);
    if (faults.isDead()) continue;
    assert.deepEqual(
      numbers,
      [...numbers.keys()].map((index) => index + 1),
      `no event of ${id} is missing`,
    );
  }

  const attempts = Map.groupBy(
    told.filter(({ attempt }) => attempt !== undefined),
    ({ attempt }) => attempt,
  );
  const sessions = facts.logins.flatMap((login) => login.sessions);
  const begun = told.filter(({ event }) => event === 'login_begun').length;
  assert.ok(
    begun >= sessions.length,
    `${sessions.length} sessions, and ${begun} of them are begun in the audit`,
  );
  for (const [attempt, events] of attempts) {
    const names = events.map(({ event }) => event);
    const ends = names.filter((event) => ENDS.includes(event));
    assert.ok(ends.length <= 1, `attempt ${String(attempt)} has several ends: ${names.join(', ')}`);
    if (!names.includes('login_begun') || killed.length > 0 || !allEnded) continue;
    assert.equal(ends.length, 1, `attempt ${String(attempt)} has no end: ${names.join(', ')}`);
  }

  const count = (name: string) => told.filter(({ event }) => event === name).length;
  const codes = facts.logins.filter((login) => login.codes.size > 0).length;
  const redeemed = facts.logins.filter((login) => login.redeemed > 0).length;
  const undisturbed = !facts.faulty;
  for (const [name, expected] of [
    ['login_finished', codes],
    ['code_issued', codes],
    ['tokens_issued', redeemed],
  ] as const) {
    const found = count(name);
    const holds = undisturbed && name !== 'login_finished' ? found === expected : found >= expected;
    assert.ok(holds || killed.length > 0, `${name}: ${found} in the audit, ${expected} have happened`);
  }
}
