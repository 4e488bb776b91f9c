/** `--json`: each command prints one JSON document on stdout, and its errors where they were. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { z } from 'zod';
import { storeCommand } from '../../src/commands/store-command.ts';
import { trustCommand } from '../../src/commands/trust.ts';
import { fullUsage, UsageError } from '../../src/commands/usage.ts';
import { doctor } from '../../src/doctor/doctor.ts';
import { createDispatcher } from '../../src/http/dispatcher.ts';
import { createLogger } from '../../src/log/logger.ts';
import { createKeyRotation } from '../../src/oidc/keys/key-rotation.ts';
import { createSecrets } from '../../src/secrets/secrets.ts';
import type { Store } from '../../src/store/store.ts';
import { createTestAudit } from '../support/outputs/audit.ts';
import { openTestStore } from '../support/database.ts';
import { OPERATOR } from '../support/oidc-bridge.ts';
import { demo, live, now, pem, trustSettingsOf } from '../trust/smart-id-of-tests.ts';

const NOW = Date.parse('2031-04-05T12:00:00Z');
const REDIRECT = ['--redirect-uri', 'https://app.example/callback'];
const secrets = createSecrets('the SECRET_KEY of these tests, long enough');
const log = createLogger({ level: 'silent' });

let directory: string;
let store: Store;
let printed: string[];
let complaints: string[];

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sild-json-'));
  store = await openTestStore({ secrets, now: () => NOW });
});
after(async () => {
  await store.close();
  await rm(directory, { recursive: true });
});
beforeEach(() => {
  [printed, complaints] = [[], []];
});

async function run(...words: string[]): Promise<number> {
  const command = await storeCommand(words, directory);
  return command({
    operator: OPERATOR,
    store,
    secrets,
    audit: createTestAudit(log),
    environment: { CITY_SECRET: 'a secret of sufficient length' },
    now: () => NOW,
    report: (line) => printed.push(line),
    print: async (line) => void printed.push(line),
    complain: (line) => complaints.push(line),
  });
}

/** The only document that was printed, and nothing else. */
function document(): unknown {
  const [text = '', ...more] = printed.splice(0);
  assert.deepEqual([more, complaints], [[], []]);
  return JSON.parse(text);
}

async function documentOf(...words: string[]): Promise<unknown> {
  assert.equal(await run(...words, '--json'), 0);
  return document();
}

describe('--json', () => {
  it('is said in the usage', () => {
    assert.match(fullUsage(), /^Every command has --json/m);
  });

  it('may stand anywhere after the command, and takes no value', async () => {
    assert.deepEqual(await documentOf('migrate'), { up_to_date: true });
    assert.equal(await run('client', '--json', 'list'), 0);
    assert.deepEqual(document(), { clients: [] });
    await assert.rejects(storeCommand(['migrate', '--json=yes'], directory), UsageError);
  });

  it('answers sild client', async () => {
    const added = z
      .strictObject({ client_id: z.literal('portal'), client_secret: z.string().min(43) })
      .parse(await documentOf('client', 'add', 'portal', ...REDIRECT, '--name', 'City Portal'));
    assert.deepEqual(await documentOf('client', 'add', 'public', ...REDIRECT, '--public'), {
      client_id: 'public',
    });
    assert.deepEqual(await documentOf('client', 'update', 'portal', '--name', 'Portal'), {
      client_id: 'portal',
      changed: ['client_name'],
    });
    const changed = z
      .strictObject({
        client_id: z.literal('portal'),
        client_secret: z.string(),
        old_secret_until: z.literal('2031-04-06T12:00:00.000Z'),
      })
      .parse(await documentOf('client', 'secret', 'portal', '--keep-old', '24h'));
    assert.notEqual(changed.client_secret, added.client_secret);
    assert.deepEqual(await documentOf('client', 'list'), {
      clients: [
        { client_id: 'portal', client_name: 'Portal', of_file: false },
        { client_id: 'public', client_name: 'public', of_file: false },
      ],
    });
    assert.equal(
      z.looseObject({ client_name: z.string() }).parse(await documentOf('client', 'show', 'portal'))
        .client_name,
      'Portal',
    );
    assert.deepEqual(await documentOf('client', 'remove', 'public'), { client_id: 'public', removed: true });
  });

  it('says on stderr that there is no such client', async () => {
    for (const words of [
      ['show', 'nobody'],
      ['remove', 'nobody'],
      ['secret', 'nobody'],
      ['update', 'nobody', '--name', 'N'],
    ]) {
      assert.equal(await run('client', ...words, '--json'), 1);
      assert.deepEqual([printed, complaints.splice(0)], [[], ['There is no client nobody.']]);
    }
  });

  it('answers sild client apply and export, whose document is a file of clients', async () => {
    const file = join(directory, 'clients.json');
    const client = {
      client_id: 'city',
      client_secret: '${CITY_SECRET}',
      redirect_uris: ['https://city.example/callback'],
    };
    await writeFile(file, JSON.stringify({ clients: [client] }));
    const added = {
      kind: 'added',
      client_id: 'city',
      members: ['client_id', 'client_secret', 'redirect_uris'],
    };
    assert.deepEqual(await documentOf('client', 'apply', file, '--dry-run'), {
      changes: [added],
      unchanged: 0,
      dry_run: true,
    });
    assert.deepEqual(await documentOf('client', 'apply', file), {
      changes: [added],
      unchanged: 0,
      dry_run: false,
    });
    const exported = await documentOf('client', 'export');
    await writeFile(file, JSON.stringify(exported));
    const applied = z
      .looseObject({ changes: z.array(z.looseObject({ kind: z.string() })) })
      .parse(await documentOf('client', 'apply', file));
    assert.deepEqual(
      applied.changes.map(({ kind }) => kind),
      ['changed', 'adopted'],
    );
    await writeFile(file, JSON.stringify({ clients: [] }));
    const { changes } = z
      .looseObject({ changes: z.array(z.unknown()) })
      .parse(await documentOf('client', 'apply', file));
    assert.deepEqual(changes, [
      { kind: 'removed', client_id: 'city' },
      { kind: 'removed', client_id: 'portal' },
    ]);
  });

  it('answers sild keys', async () => {
    await createKeyRotation({
      signingKeys: store.signingKeys,
      rotationDays: undefined,
      now: () => NOW,
    }).rotateIfDue();
    const key = z.strictObject({
      kid: z.string(),
      alg: z.string(),
      state: z.string(),
      since: z.iso.datetime(),
    });
    const secretKey = z.strictObject({ key: z.string(), role: z.literal('seals'), rows: z.int() });
    const listed = z
      .strictObject({ signing_keys: z.array(key).min(1), secret_keys: z.tuple([secretKey]) })
      .parse(await documentOf('keys', 'list'));
    const { changes } = z
      .strictObject({
        changes: z.array(
          z.looseObject({ kid: z.string(), from: z.string().nullable(), to: z.string().nullable() }),
        ),
      })
      .parse(await documentOf('keys', 'rotate', '--now'));
    assert.ok(changes.some(({ kid, to }) => kid === listed.signing_keys[0]?.kid && to === null));
    assert.deepEqual(
      z.looseObject({ unopened: z.int(), left: z.int() }).parse(await documentOf('keys', 'reencrypt'))
        .unopened,
      0,
    );
  });

  it('answers sild browsers', async () => {
    assert.deepEqual(await documentOf('browsers', 'forget', 'PNOEE-40504040001'), {
      browsers: 0,
      logins: 0,
    });
  });

  it('answers sild audit verify, also where the audit is not whole', async () => {
    assert.deepEqual(await documentOf('audit', 'verify'), { whole: true, events: 0, since_is_kept: true });
    await store.audit.append([{ at: NOW, instance: 'one', number: 1, event: 'instance_stopped', data: {} }]);
    const { head } = z
      .looseObject({ whole: z.literal(true), events: z.literal(1), head: z.string() })
      .parse(await documentOf('audit', 'verify'));
    assert.equal(await run('audit', 'verify', '--json', '--since', `1.${'0'.repeat(head.length - 2)}`), 1);
    const [line = ''] = printed;
    assert.deepEqual(
      [JSON.parse(line), complaints.length],
      [{ whole: false, position: 1, fault: 'head_differs' }, 1],
    );
  });

  it('leaves the JSON lines of sild audit export as they are', async () => {
    assert.equal(await run('audit', 'export', '--json'), 0);
    assert.deepEqual(
      printed.map((line) => (JSON.parse(line) as { event: string }).event),
      ['instance_stopped'],
    );
  });

  it('answers sild trust', async (test) => {
    const settings = await trustSettingsOf(test);
    await writeFile(join(settings.directory, 'ca.pem'), pem(live.issuing));
    const dispatcher = createDispatcher();
    test.after(() => dispatcher.close());
    const trust = async (...args: string[]) => {
      const status = await trustCommand(args)(settings, {
        dispatcher,
        now,
        json: true,
        print: (line) => printed.push(line),
      });
      return { status, answer: document() };
    };
    const authority = {
      name: z.string(),
      fingerprint: z.string(),
      kind: z.literal('issuing'),
      valid_from: z.iso.date(),
      valid_until: z.iso.date(),
      trusted_by: z.string(),
      path: z.string(),
    };
    const listed = await trust('list');
    assert.equal(listed.status, 0);
    z.strictObject({ authorities: z.tuple([z.strictObject(authority)]), problems: z.tuple([]) }).parse(
      listed.answer,
    );
    const checked = await trust('check');
    z.looseObject({
      authorities: z.tuple([z.strictObject({ ...authority, level: z.enum(['ok', 'warning']) })]),
      would_start: z.literal(true),
    }).parse(checked.answer);
    const file = join(directory, 'other.pem');
    await writeFile(file, pem(demo.issuing));
    const added = await trust('add', file);
    assert.equal(added.status, 1);
    assert.equal(
      z.looseObject({ kept: z.tuple([]), refused: z.array(z.string()) }).parse(added.answer).refused.length,
      1,
    );
  });

  it('answers sild doctor, with its status', async () => {
    const status = await doctor({
      environment: { PORT: 'none', DATA_DIR: join(directory, 'none') },
      known: { live: [], demo: [] },
      now: () => NOW,
      log,
      json: true,
      print: (line) => printed.push(line),
    });
    const found = z
      .strictObject({
        findings: z.array(z.looseObject({ level: z.string(), subject: z.string(), text: z.string() })),
        problems: z.int().min(1),
      })
      .parse(document());
    assert.equal(status, 1);
    assert.equal(found.findings[0]?.subject, 'configuration');
  });
});
