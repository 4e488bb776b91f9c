import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { createLogger } from '../../../src/log/logger.ts';
import { StoreError } from '../../../src/store/errors.ts';
import type { TestDatabase } from '../../support/database.ts';
import { pendingAttempt } from './samples.ts';

/** No store is open when one of these tests starts. */
export function migrationSuite(database: () => TestDatabase): void {
  describe('whose migrations are not those of this release', () => {
    const NEWER = '9999-of-the-future';
    const insert = (name: string) =>
      database().execute(`insert into kysely_migration values ('${name}', '2031-01-01T00:00:00Z')`);
    const remove = (name: string) =>
      database().execute(`delete from kysely_migration where name = '${name}'`);
    const names = async () =>
      (await database().execute('select name from kysely_migration order by name')).map(({ name }) => name);

    it('works with the migrations of a newer release, logs them, and leaves them as they are', async () => {
      const lines = new PassThrough({ encoding: 'utf8' });
      await insert(NEWER);
      try {
        const before = await names();
        const store = await database().open({ log: createLogger({ level: 'warn', destination: lines }) });
        await store.attempts.add(pendingAttempt());
        await store.close();
        const { event, migrations } = JSON.parse(String(lines.read())) as Record<string, unknown>;
        assert.deepEqual([event, migrations], ['database_is_newer', [NEWER]]);
        assert.deepEqual(await names(), before);
      } finally {
        await remove(NEWER);
      }
      await (await database().open()).close();
    });

    it('is refused when an unknown migration comes before known ones', async () => {
      await insert('0001-of-a-stranger');
      await insert(NEWER);
      try {
        await assert.rejects(database().open(), isDifferent('0001-of-a-stranger'));
      } finally {
        await remove('0001-of-a-stranger');
        await remove(NEWER);
      }
    });

    it('is refused when a known migration is missing before later ones', async () => {
      const applied = await names();
      const [middle, last] = [applied.at(1), applied.at(-1)].map(String);
      assert.ok(middle && last);
      for (const [missing, newer] of [
        [middle, undefined],
        [last, NEWER],
      ] as const) {
        await remove(missing);
        if (newer) await insert(newer);
        try {
          await assert.rejects(database().open(), isDifferent(missing));
        } finally {
          await insert(missing);
          if (newer) await remove(newer);
        }
      }
    });
  });
}

function isDifferent(migration: string) {
  return (error: unknown) =>
    error instanceof StoreError && error.code === 'migrations_differ' && error.message.includes(migration);
}
