/** An audit in a real database, with logins of two people under two values of SECRET_KEY. */
import { type AuditEvent } from '../../../src/audit/events.ts';
import type { Flow } from '../../../src/flows/flows.ts';
import { createAudit } from '../../../src/audit/audit.ts';
import { auditCommand } from '../../../src/commands/audit.ts';
import { createLogger } from '../../../src/log/logger.ts';
import { withRequestId } from '../../../src/log/request-id.ts';
import { createSecrets } from '../../../src/secrets/secrets.ts';
import type { Store } from '../../../src/store/store.ts';
import { type TestDatabase, testStores } from '../../support/database.ts';

export const PERSON = 'PNOEE-40504040001';
export const OTHER = 'PNOEE-50001029996';
export const BEGINNING = Date.UTC(2031, 3, 5, 8);
const OLD = 'the former SECRET_KEY of these tests, long enough';
const NEW = 'the SECRET_KEY of these tests now, long enough';

export interface Audited {
  readonly store: Store;
  /** Records events of one request, at a time; resolves with the reference of the request. */
  record(at: number, ...events: readonly AuditEvent[]): Promise<string>;
  run(...args: readonly string[]): Promise<{ status: number; lines: string[]; errors: string[] }>;
  /** From now on under another SECRET_KEY; the former one opens still. */
  changeKey(): Promise<void>;
  stop(): Promise<void>;
}

export async function startAudited(): Promise<Audited> {
  const [embedded] = testStores();
  if (!embedded) throw new Error('there is no store');
  const database: TestDatabase = await embedded.start();
  let secrets = createSecrets(OLD);
  let time = BEGINNING;
  const now = () => time;
  let store = await database.open({ secrets, now });
  let instance = 0;
  return {
    get store() {
      return store;
    },
    async record(at, ...events) {
      time = at;
      const audit = createAudit({
        store: store.audit,
        log: createLogger({ level: 'silent' }),
        pseudonym: (value) => secrets.pseudonym(value),
        instance: `instance-${(instance += 1)}`,
        now,
      });
      const request = withRequestId((id) => {
        for (const event of events) audit.record(event);
        return id;
      });
      await audit.close(0);
      return request;
    },
    async run(...args) {
      const [lines, errors]: [string[], string[]] = [[], []];
      const json = args.includes('--json');
      const status = await auditCommand(args.filter((arg) => arg !== '--json'))({
        store: store.audit,
        figures: store.figures,
        audit: { record: () => undefined },
        json,
        print: async (line) => void lines.push(line),
        complain: (line) => errors.push(line),
      });
      return { status, lines, errors };
    },
    async changeKey() {
      await store.close();
      secrets = createSecrets(NEW, OLD);
      store = await database.open({ secrets, now });
    },
    async stop() {
      await store.close();
      await database.stop();
    },
  };
}

/** The events of one login, a request each, a second apart. */
export async function recordLogin(
  audited: Audited,
  attempt: string,
  at: number,
  end: 'finished' | 'cancelled' | 'open' | { readonly code: string; readonly detail: string },
  {
    person = PERSON,
    client = 'portal',
    flow = 'qr',
    address = '192.0.2.7',
  }: { person?: string; client?: string; flow?: Flow; address?: string } = {},
): Promise<void> {
  const known = flow === 'notification' ? { person } : {};
  const of = { attempt, client, flow };
  await audited.record(at, { event: 'login_begun', ...of, ...known, address, browser: 'Firefox, Windows' });
  await audited.record(at + 1_000, { event: 'login_waiting', ...of, ...known, milliseconds: 1_000 });
  if (end === 'open') return;
  if (end === 'cancelled') {
    await audited.record(at + 3_000, { event: 'login_cancelled', ...of, ...known, milliseconds: 3_000 });
    return;
  }
  if (typeof end === 'object') {
    await audited.record(at + 5_000, { event: 'login_failed', ...of, ...known, ...end, milliseconds: 5_000 });
    return;
  }
  await audited.record(at + 9_000, { event: 'login_authenticated', ...of, person, milliseconds: 9_000 });
  await audited.record(at + 9_500, { event: 'login_finished', ...of, person, milliseconds: 9_500 });
  await audited.record(at + 9_600, { event: 'code_issued', attempt, client, person, address });
  await audited.record(at + 9_700, {
    event: 'tokens_issued',
    attempt,
    client,
    person,
    address: '192.0.2.9',
    key: 'k',
  });
}
