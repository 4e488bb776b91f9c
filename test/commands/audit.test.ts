import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { auditCommand } from '../../src/commands/audit.ts';
import { UsageError } from '../../src/commands/usage.ts';
import type { AuditEvent } from '../../src/audit/events.ts';
import { createSecrets } from '../../src/secrets/secrets.ts';
import type { Store } from '../../src/store/store.ts';
import { openTestStore } from '../support/database.ts';

const PERSON = 'PNOEE-40504040001';
const secrets = createSecrets('the SECRET_KEY of these tests, long enough');
const DAY = Date.UTC(2031, 3, 5);

let store: Store;
let lines: string[];
let complaints: string[];
let recorded: AuditEvent[];

before(async () => {
  store = await openTestStore({ secrets });
  const person = secrets.pseudonym(PERSON);
  const events = [{ person }, { person: 'somebody else' }, {}, { person }];
  await store.audit.append(
    events.map((data, index) => ({
      at: DAY + index * 43_200_000,
      instance: 'an-instance',
      number: index + 1,
      event: 'login_finished',
      data: { ...data, client: 'portal' },
    })),
  );
});
after(() => store.close());
beforeEach(() => {
  [lines, complaints, recorded] = [[], [], []];
});

const contextOf = ({ audit, figures }: Store) => ({ store: audit, figures });

async function run(...args: string[]) {
  return auditCommand(args)({
    store: store.audit,
    figures: store.figures,
    audit: { record: (event) => recorded.push(event) },
    print: async (line) => void lines.push(line),
    complain: (line) => complaints.push(line),
  });
}

describe('sild audit verify', () => {
  it('reports a whole audit and its head', async () => {
    assert.equal(await run('verify'), 0);
    assert.equal(
      lines[0],
      'The audit is whole: 4 events, from 2031-04-05T00:00:00.000Z to 2031-04-06T12:00:00.000Z.',
    );
    assert.match(lines[1] ?? '', /^Head, to be noted down elsewhere: 4\.[\w-]{43}$/);
  });

  it('compares with a recorded head', async () => {
    await run('verify');
    const head = lines[1]?.split(': ')[1] ?? '';
    assert.equal(await run('verify', '--since', head), 0);
    assert.equal(await run('verify', '--since', head.replace(/^4/, '3')), 1);
    assert.match(complaints[0] ?? '', /^The audit is broken at position 3: /);
    assert.equal(await run('verify', '--since', head.replace(/^4/, '5')), 1);
    assert.match(complaints[1] ?? '', /^The audit is broken at position 5: the event is missing\.$/);
  });

  it('prints no head for an empty audit', async () => {
    const empty = await openTestStore();
    try {
      const complain = (line: string) => lines.push(line);
      const print = async (line: string) => void complain(line);
      const audit = { record: () => undefined };
      assert.equal(await auditCommand(['verify'])({ ...contextOf(empty), audit, print, complain }), 0);
      assert.deepEqual(lines, ['The audit is whole: it has no events.']);
    } finally {
      await empty.close();
    }
  });

  it('refuses an invalid head', async () => {
    await assert.rejects(run('verify', '--since', 'yesterday'), { name: 'UsageError', message: /^--since / });
  });
});

describe('sild audit export', () => {
  it('prints each event as a line', async () => {
    assert.equal(await run('export'), 0);
    const rows = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(
      rows.map(({ position }) => position),
      [1, 2, 3, 4],
    );
    const { hash, keyId, ...first } = rows[0] ?? {};
    assert.match(String(hash), /^[\w-]{43}$/);
    assert.match(String(keyId), /^[0-9a-f]{8}$/);
    assert.deepEqual(first, {
      position: 1,
      time: '2031-04-05T00:00:00.000Z',
      event: 'login_finished',
      data: { person: secrets.pseudonym(PERSON), client: 'portal' },
      instance: 'an-instance',
      number: 1,
    });
  });

  it('prints the events of a time span, and those of a person', async () => {
    const positions = async (...args: string[]) => {
      lines.length = 0;
      assert.equal(await run('export', ...args), 0);
      return lines.map((line) => (JSON.parse(line) as { position: number }).position);
    };
    assert.deepEqual(await positions('--from', '2031-04-06'), [3, 4]);
    assert.deepEqual(await positions('--to', '2031-04-05T14:00:00+02:00'), [1]);
    assert.deepEqual(await positions('--person', PERSON), [1, 4]);
    assert.deepEqual(await positions('--person', PERSON, '--from', '2031-04-06'), [4]);
    assert.deepEqual(await positions('--person', 'PNOEE-50001029996'), []);
  });

  it('is itself an event, since it reads people’s history', async () => {
    await run('export', '--person', PERSON);
    assert.deepEqual(recorded, [{ event: 'audit_exported', person: PERSON }]);
  });

  for (const args of [
    ['--from', 'yesterday'],
    ['--to', '2031-04-05T12:00:00'],
    ['--person', '40504040001'],
  ]) {
    it(`refuses ${args.join(' ')} with the expected form`, async () => {
      await assert.rejects(run('export', ...args), {
        name: 'UsageError',
        message: new RegExp(`${args[0]}\\b.* takes? `),
      });
    });
  }
});

describe('another word', () => {
  it('is no command', async () => {
    await assert.rejects(run('erase'), UsageError);
    await assert.rejects(run('export', '--everything'), { code: /^ERR_PARSE_ARGS/ });
  });
});
