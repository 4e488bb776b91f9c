import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { AuditEvent } from '../../src/audit/events.ts';
import { clientCommand } from '../../src/commands/client.ts';
import { UsageError } from '../../src/commands/usage.ts';
import { ClientError, validateFor } from '../../src/oidc/clients/client-validation.ts';
import { createClientRegistry } from '../../src/oidc/clients/clients.ts';
import type { Store } from '../../src/store/store.ts';
import { openTestStore } from '../support/database.ts';
import { OPERATOR } from '../support/oidc-bridge.ts';

const NOW = Date.parse('2031-04-05T12:00:00Z');
const SECRET = 'a secret of the environment';
const REDIRECT = ['--redirect-uri', 'https://app.example/callback'];

const validate = validateFor({ ...OPERATOR, countries: ['EE', 'LV'] });

let directory: string;
let store: Store;
let lines: string[];
let recorded: AuditEvent[];

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sild-client-'));
  await writeFile(join(directory, 'hostile.svg'), '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>');
  await writeFile(join(directory, 'plain.svg'), '<svg xmlns="http://www.w3.org/2000/svg"></svg>');
  await writeJson('unknown.json', { subject_typ: 'pairwise' });
  await writeJson('pairwise.json', { subject_type: 'pairwise', client_name: 'From the file' });
  store = await openTestStore();
});

async function writeJson(name: string, value: unknown): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, JSON.stringify(value));
  return path;
}
after(async () => {
  await store.close();
  await rm(directory, { recursive: true });
});
beforeEach(() => {
  [lines, recorded] = [[], []];
});

async function run(...args: string[]) {
  return clientCommand(
    args,
    directory,
  )({
    clients: createClientRegistry(store.records, validate),
    validate,
    records: store.records,
    environment: { PORTAL_SECRET: SECRET, OTHER_SECRET: SECRET.toUpperCase() },
    audit: { record: (event) => recorded.push(event) },
    now: () => NOW,
    print: (line) => lines.push(line),
    complain: (line) => lines.push(line),
  });
}

describe('sild client', () => {
  it('refuses settings that leave no way to log in', async () => {
    const file = await writeJson('elsewhere.json', { countries: ['LT'] });
    const refusal = { code: 'client_invalid', message: 'countries has none of SMARTID_COUNTRIES' };
    await assert.rejects(run('add', 'elsewhere', ...REDIRECT, '--metadata', file), refusal);
    assert.equal(await run('add', 'elsewhere', ...REDIRECT), 0);
    await assert.rejects(run('update', 'elsewhere', '--metadata', file), refusal);
    await run('remove', 'elsewhere');
  });

  it('registers, lists and removes clients, and records it in the audit', async () => {
    assert.equal(await run('add', 'portal', ...REDIRECT, '--name', 'City Portal'), 0);
    assert.equal(lines[0], 'Client portal is registered.');
    assert.match(lines[1] ?? '', /^Its secret, shown this once: [\w-]{43}$/);
    assert.equal(await run('list'), 0);
    assert.equal(lines[2], 'portal\tCity Portal');
    assert.equal(await run('remove', 'portal'), 0);
    assert.equal(await run('remove', 'portal'), 1);
    assert.deepEqual(lines.slice(3), ['Client portal is removed.', 'There is no client portal.']);
    assert.deepEqual(recorded, [
      {
        event: 'client_added',
        client: 'portal',
        redirectUris: ['https://app.example/callback'],
        authentication: 'secret',
        pkce: true,
      },
      { event: 'client_removed', client: 'portal' },
    ]);
  });

  it('gives a public client no secret', async () => {
    assert.equal(await run('add', 'phone-app', ...REDIRECT, '--public'), 0);
    assert.deepEqual(lines, ['Client phone-app is registered.']);
  });

  it('reads metadata without an option from a file; options take precedence', async () => {
    const file = ['--metadata', join(directory, 'pairwise.json')];
    assert.equal(await run('add', 'apart', ...REDIRECT, '--name', 'Typed', ...file), 0);
    lines = [];
    assert.equal(await run('show', 'apart'), 0);
    assert.deepEqual(JSON.parse(lines.join('\n')), {
      client_id: 'apart',
      client_name: 'Typed',
      redirect_uris: ['https://app.example/callback'],
      subject_type: 'pairwise',
    });
  });

  it('registers a client from a file alone, such as the output of show', async () => {
    await run('add', 'original', ...REDIRECT, '--accent', '#0a6e5c');
    lines = [];
    await run('show', 'original');
    await writeFile(join(directory, 'original.json'), lines.join('\n'));
    assert.equal(await run('add', 'copy', '--metadata', join(directory, 'original.json')), 0);
    lines = [];
    await run('show', 'copy');
    const { client_id, accent_color } = JSON.parse(lines.join('\n')) as Record<string, unknown>;
    assert.deepEqual([client_id, accent_color], ['copy', '#0a6e5c']);
  });

  it('gives a client a new secret, prints it once, and records it in the audit', async () => {
    await run('add', 'leaky', ...REDIRECT);
    const [, first] = lines;
    [lines, recorded] = [[], []];
    assert.equal(await run('secret', 'leaky'), 0);
    const kept = await store.records.find('Client', 'leaky');
    assert.equal(lines[1], `Its secret, shown this once: ${String(kept?.payload.client_secret)}`);
    assert.notEqual(lines[1], first);
    assert.deepEqual(recorded, [{ event: 'client_secret_changed', client: 'leaky' }]);
    assert.equal(await run('secret', 'nobody'), 1);
    await run('add', 'open', ...REDIRECT, '--public');
    await assert.rejects(run('secret', 'open'), ClientError);
  });

  it('keeps the old secret for the given time, through other changes, and hides it', async () => {
    await run('add', 'overlapping', ...REDIRECT);
    const first = (await store.records.find('Client', 'overlapping'))?.payload.client_secret;
    [lines, recorded] = [[], []];
    assert.equal(await run('secret', 'overlapping', '--keep-old', '24h'), 0);
    assert.deepEqual(recorded, [
      { event: 'client_secret_changed', client: 'overlapping', oldSecretUntil: '2031-04-06T12:00:00.000Z' },
    ]);
    await run('update', 'overlapping', '--name', 'Renamed');
    const kept = (await store.records.find('Client', 'overlapping'))?.payload;
    assert.equal(kept?.previous_client_secret, first);
    assert.equal(kept?.previous_client_secret_expires_at, NOW / 1000 + 86_400);
    lines = [];
    await run('show', 'overlapping');
    assert.equal(lines.join().includes('secret'), false);
    await run('secret', 'overlapping');
    const ended = (await store.records.find('Client', 'overlapping'))?.payload ?? {};
    assert.equal('previous_client_secret' in ended, false);
  });

  it('does not repeat a secret that was given', async () => {
    const secret = await writeJson('own-secret.json', { client_secret: 'a secret that somebody chose' });
    assert.equal(await run('add', 'moved-here', ...REDIRECT, '--metadata', secret), 0);
    assert.equal(lines.join().includes('somebody chose'), false);
    const kept = await store.records.find('Client', 'moved-here');
    assert.equal(kept?.payload.client_secret, 'a secret that somebody chose');
  });

  it('lifts the requirement of PKCE and sets it again', async () => {
    await run('add', 'old-library', ...REDIRECT, '--no-pkce');
    await run('update', 'old-library', '--pkce');
    assert.deepEqual(
      recorded.map((event) => 'pkce' in event && event.pkce),
      [false, true],
    );
  });

  it('changes the given metadata, keeps the rest and the secret, and records it in the audit', async () => {
    await run('add', 'moving', ...REDIRECT, '--accent', '#0a6e5c', '--uri', 'https://app.example/');
    const before = await store.records.find('Client', 'moving');
    recorded = [];
    const without = await writeJson('without.json', { accent_color: null });
    const moved = 'https://new.example/callback';
    assert.equal(await run('update', 'moving', '--redirect-uri', moved, '--metadata', without), 0);
    const { accent_color: _, ...kept } = before?.payload ?? {};
    assert.deepEqual((await store.records.find('Client', 'moving'))?.payload, {
      ...kept,
      redirect_uris: [moved],
    });
    assert.deepEqual(recorded, [
      {
        event: 'client_changed',
        client: 'moving',
        redirectUris: [moved],
        authentication: 'secret',
        pkce: true,
        changed: ['accent_color', 'redirect_uris'],
      },
    ]);
  });

  it('refuses a change to metadata that add would refuse', async () => {
    await run('add', 'steady', ...REDIRECT);
    await run('add', 'steady-app', ...REDIRECT, '--public');
    recorded = [];
    const secret = await writeJson('secret.json', { client_secret: 'a secret that somebody chose' });
    const confidential = await writeJson('confidential.json', { token_endpoint_auth_method: null });
    for (const [id, ...options] of [
      ['steady', '--redirect-uri', 'http://app.example/callback'],
      ['steady', '--metadata', join(directory, 'unknown.json')],
      ['steady', '--metadata', secret],
      ['steady', '--public'],
      ['steady-app', '--metadata', confidential],
    ] as const) {
      await assert.rejects(run('update', id, ...options), ClientError, options.join(' '));
    }
    assert.equal(await run('update', 'nobody', '--name', 'Nobody'), 1);
    assert.deepEqual(recorded, []);
  });

  for (const [title, options, said] of [
    ['a logo that is not a plain image', () => ['--logo', join(directory, 'hostile.svg')], /logo/],
    ['a missing logo file', () => ['--logo', join(directory, 'nowhere.svg')], /--logo: the file/],
    [
      'a missing dark logo file',
      () => ['--logo-dark', join(directory, 'nowhere.svg')],
      /--logo-dark: the file/,
    ],
    [
      'a dark logo alone',
      () => ['--logo-dark', join(directory, 'plain.svg')],
      /--logo-dark is for the dark theme/,
    ],
    ['an invalid colour', () => ['--accent', 'teal'], /^--accent must be a colour/m],
    ['an empty name', () => ['--name#et', ' '], /--name#et\b/],
    [
      'metadata that is not there',
      () => ['--metadata', join(directory, 'nowhere.json')],
      /--metadata: the file/,
    ],
    [
      'metadata that is not JSON',
      () => ['--metadata', join(directory, 'hostile.svg')],
      /--metadata: .* JSON/,
    ],
    [
      'unknown metadata, and says which are known',
      () => ['--metadata', join(directory, 'unknown.json')],
      /subject_typ,.*Known are: .*\bsubject_type\b/,
    ],
    [
      'a redirect URI with a space, and says where',
      () => ['--redirect-uri', 'https://app.test/cb '],
      /^--redirect-uri\[1\] "https:\/\/app\.test\/cb " has a space/m,
    ],
  ] as const) {
    it(`refuses ${title} with a message`, async () => {
      await assert.rejects(run('add', 'refused', ...REDIRECT, ...options()), (error) => {
        assert.ok(error instanceof ClientError);
        assert.match(error.message, said);
        return true;
      });
      assert.deepEqual(recorded, []);
    });
  }

  for (const args of [
    ['add', 'nowhere-to-return'],
    ['add', ...REDIRECT],
    ['remove'],
    ['update', 'portal'],
    ['secret'],
    ['secret', 'portal', '--keep-old', '24'],
    ['secret', 'portal', '--keep-old', '31d'],
    ['update', 'portal', '--pkce', '--no-pkce'],
    ['show', 'a', 'b'],
    ['list', 'x'],
    ['forget'],
    [],
  ]) {
    it(`refuses “${args.join(' ')}”`, async () => {
      await assert.rejects(run(...args), UsageError);
    });
  }

  it('applies a file, and exports all clients in its form', async () => {
    const path = await writeJson('clients.json', {
      clients: [
        { client_id: 'of-file', client_secret: '${PORTAL_SECRET}', redirect_uris: ['https://a.example/'] },
      ],
    });
    assert.equal(await run('apply', path, '--dry-run'), 0);
    assert.equal(await run('apply', path), 0);
    assert.equal(await run('apply', path), 0);
    assert.deepEqual(lines, [
      '+ of-file',
      '1 change, 0 unchanged. Nothing was done: --dry-run.',
      '+ of-file',
      '1 change, 0 unchanged.',
      '0 changes, 1 unchanged.',
    ]);
    assert.deepEqual(
      recorded.map(({ event }) => event),
      ['client_added'],
    );
    lines = [];
    assert.equal(await run('list'), 0);
    assert.ok(lines.includes('of-file\t\tfile'));
    await assert.rejects(run('remove', 'of-file'), ClientError);
    lines = [];
    assert.equal(await run('export'), 0);
    assert.match(
      lines.join('\n'),
      /^clients:\n(.*\n)*  - client_id: of-file\n.*\n.*https:\/\/a\.example\/\n    client_secret_sha256: [0-9a-f]{64}/,
    );
    assert.ok(!lines.join().includes(SECRET));
    await assert.rejects(run('apply'), UsageError);
  });

  it('tells what it changes in a client, from which value to which, and nothing of a secret', async () => {
    const fileOf = (members: object) =>
      writeJson('changed.json', {
        clients: [
          {
            client_id: 'of-file',
            client_secret: '${PORTAL_SECRET}',
            redirect_uris: ['https://a.example/'],
            ...members,
          },
        ],
      });
    assert.equal(await run('apply', await fileOf({ client_uri: 'https://a.example/' })), 0);
    const redirectUris = Array.from({ length: 20 }, (_, at) => `https://a.example/${at}`);
    const path = await fileOf({
      flows: ['qr'],
      redirect_uris: redirectUris,
      client_secret: '${OTHER_SECRET}',
    });
    lines = [];
    assert.equal(await run('apply', path, '--dry-run'), 0);
    assert.deepEqual(lines, [
      '~ of-file',
      '    client_secret: another one',
      '    client_uri: "https://a.example/" → none',
      '    flows: none → ["qr"]',
      `    redirect_uris: ["https://a.example/"] → ${JSON.stringify(redirectUris).slice(0, 200)}…`,
      '1 change, 0 unchanged. Nothing was done: --dry-run.',
    ]);
  });
});
