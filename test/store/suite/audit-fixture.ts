import assert from 'node:assert/strict';
import type {
  AuditEntry,
  AuditRow,
  AuditStore,
  ChainHead,
  RowFilter,
} from '../../../src/audit/audit-store.ts';
import { type Verification, verifyChain } from '../../../src/audit/verify.ts';
import type { Store } from '../../../src/store/store.ts';
import type { TestDatabase, TestStoreOptions } from '../../support/database.ts';
import type { TestClock } from './clock.ts';

const TABLES = ['audit_event', 'audit_checkpoint', 'audit_key'] as const;

/** Writes chains of events, also as an attacker who owns the database. */
export function auditFixture(database: () => TestDatabase, clock: TestClock) {
  return { withStore, empty, saveChain, tamper, entry };

  async function withStore(
    use: (store: Store) => Promise<void>,
    options: TestStoreOptions = {},
  ): Promise<void> {
    const store = await database().open({ now: clock.now, ...options });
    try {
      await use(store);
    } finally {
      await store.close();
    }
  }

  /** Runs statements as an attacker who owns the database, with the triggers disabled. */
  async function pastTriggers(statements: string): Promise<void> {
    await database().execute(`do $$ begin
      alter table audit_event disable trigger user;
      ${statements};
      alter table audit_event enable trigger user;
    end $$`);
  }

  function empty(): Promise<void> {
    return pastTriggers('delete from audit_event; delete from audit_checkpoint');
  }

  /** Writes a chain of events and saves it, so that each test can tamper with a copy. */
  async function saveChain(count: number): Promise<ChainHead> {
    await empty();
    let head: ChainHead | undefined;
    await withStore(async ({ audit }) => {
      head = await audit.append(
        Array.from({ length: count }, (_, index) => entry(index + 1, { attempt: 'a' })),
      );
    });
    assert.ok(head);
    await pastTriggers(
      TABLES.map(
        (table) => `drop table if exists kept.${table}; create table kept.${table} as table ${table}`,
      ).join(';'),
    );
    return head;
  }

  /** Restores the saved chain and tampers with it. */
  async function tamper(statements: string): Promise<void> {
    const restore = TABLES.map((table) => `delete from ${table}; insert into ${table} table kept.${table}`);
    await pastTriggers([...restore, statements].join(';'));
  }

  function entry(number: number, data: AuditEntry['data'], later = 0): AuditEntry {
    return { at: clock.now() + later, instance: 'an-instance', number, event: 'login_begun', data };
  }
}

export function verify(audit: AuditStore, since?: ChainHead): Promise<Verification> {
  return audit.view((view) => verifyChain(view, since));
}

export function rowsOf(audit: AuditStore, filter?: RowFilter): Promise<AuditRow[]> {
  return audit.view(async ({ rows }) => {
    const found = [];
    for await (const row of rows(filter)) found.push(row);
    return found;
  });
}
