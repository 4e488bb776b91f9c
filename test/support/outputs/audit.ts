import assert from 'node:assert/strict';
import { type Audit, createAudit } from '../../../src/audit/audit.ts';
import type { AuditEntry, AuditStore } from '../../../src/audit/audit-store.ts';
import type { AuditEvent } from '../../../src/audit/events.ts';
import { createLogger, type Logger } from '../../../src/log/logger.ts';

export interface TestAudit extends Audit {
  readonly events: AuditEvent[];
  /** Writes what is queued, and returns all entries as they are stored. */
  stored(): Promise<readonly AuditEntry[]>;
}

/** The real audit with a list in place of the chain, and the recorded events. */
export function createTestAudit(log: Logger = createLogger({ level: 'silent' })): TestAudit {
  const events: AuditEvent[] = [];
  const list = createAuditList();
  const audit = createAudit({
    store: list,
    log,
    pseudonym: () => 'pseudonym',
    instance: 'test',
    now: Date.now,
  });
  return {
    events,
    record(event) {
      events.push(event);
      audit.record(event);
    },
    async stored() {
      assert.equal(await audit.close(1_000), 0);
      return list.kept;
    },
  };
}

export interface AuditList extends Pick<AuditStore, 'append'> {
  readonly kept: AuditEntry[];
  /** Sizes of the successful writes. */
  readonly writes: number[];
  /** Whether writes fail. */
  isUnavailable: boolean;
}

export function createAuditList(): AuditList {
  const list: AuditList = {
    kept: [],
    writes: [],
    isUnavailable: false,
    async append(entries) {
      if (list.isUnavailable) throw new Error('the database is away');
      list.kept.push(...entries);
      list.writes.push(entries.length);
      return { position: list.kept.length, hash: 'hash' };
    },
  };
  return list;
}
