/** The operator's page must not become slower with the audit: what its statements read of `audit_event`, by PostgreSQL's own count. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Kysely, sql } from 'kysely';
import type { PGlite } from '@electric-sql/pglite';
import { PGliteDialect } from 'kysely-pglite-dialect';
import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import type { Tables } from '../../src/store/database.ts';
import { openPglite } from '../../src/store/drivers/pglite.ts';
import { createAuditFigures } from '../../src/store/tables/audit/figures.ts';
import { temporaryDirectory } from '../support/database.ts';
import { copyMigratedDatabase } from '../support/templates.ts';

const EVENTS = 40_000;
const HOUR = 3_600_000;

it('the figures of the page are read without the audit, of which at most a part is read for failures and a story', async () => {
  const directory = await temporaryDirectory();
  await copyMigratedDatabase(directory);
  const pglite: PGlite = await openPglite(join(directory, 'db'));
  const statements: { readonly sql: string; readonly parameters: readonly unknown[] }[] = [];
  const db = new Kysely<Tables>({
    dialect: new PGliteDialect(pglite),
    log({ query }) {
      statements.push(query);
    },
  });
  try {
    await sql`
      insert into audit_event (position, at, instance, number, key_id, event, data, hash)
      select n, now() - interval '7 days' + n * interval '7 days' / ${sql.lit(EVENTS)}, 'i', n, 'k',
        case n % 5 when 0 then 'login_failed' else 'login_finished' end,
        jsonb_build_object('client', repeat('c', 100), 'milliseconds', n % 9000, 'reference', 'R' || n), 'hash'
      from generate_series(1, ${sql.lit(EVENTS)}) as n`.execute(db);
    // As the server does in the background, and Sild with the embedded database: the index of times has new pages only then.
    await sql`vacuum analyze`.execute(db);
    const figures = createAuditFigures({ db, runLong: (use) => use(db) });
    const to = Date.now() + HOUR;
    statements.length = 0;
    await figures.counts(to - 168 * HOUR, to);
    await figures.slots(to - 168 * HOUR, to, 'day');
    await figures.times(to - 168 * HOUR, to);
    await figures.extent();
    const ofFigures = statements.splice(0);
    assert.ok(ofFigures.length >= 6);
    for (const statement of ofFigures) assert.ok((await readOf(statement)) <= 1, statement.sql);

    await figures.newest(['login_failed'], 5_000, 12);
    await figures.referred('R1', to - 72 * HOUR, to - 70 * HOUR);
    for (const statement of statements.splice(0)) {
      assert.ok((await readOf(statement)) < EVENTS / 2, statement.sql);
    }
  } finally {
    await db.destroy();
    await rm(directory, { recursive: true });
  }

  /** Rows of `audit_event` that a statement reads, also those that it drops again. */
  async function readOf(statement: (typeof statements)[number]): Promise<number> {
    const { rows } = await pglite.query<{ 'QUERY PLAN': readonly { readonly Plan: Plan }[] }>(
      `explain (analyze, format json) ${statement.sql}`,
      [...statement.parameters],
    );
    return rows.flatMap((row) => row['QUERY PLAN']).reduce((sum, { Plan: plan }) => sum + rowsIn(plan), 0);
  }
});

interface Plan {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly Plan[];
}

function rowsIn(plan: Plan): number {
  const own =
    plan['Relation Name'] === 'audit_event'
      ? plan['Actual Rows'] +
        (plan['Rows Removed by Filter'] ?? 0) +
        (plan['Rows Removed by Index Recheck'] ?? 0)
      : 0;
  return (plan.Plans ?? []).reduce((sum, inner) => sum + rowsIn(inner), own);
}
