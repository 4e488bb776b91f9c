import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { AuditEvent } from '../../src/audit/events.ts';
import { clientCommand } from '../../src/commands/client.ts';
import { UsageError } from '../../src/commands/usage.ts';
import { ClientError, createClientRegistry } from '../../src/oidc/clients.ts';
import type { Store } from '../../src/store/store.ts';
import { openTestStore } from '../support/database.ts';

const REDIRECT = ['--redirect-uri', 'https://app.example/callback'];

let directory: string;
let store: Store;
let lines: string[];
let recorded: AuditEvent[];

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sild-client-'));
  await writeFile(join(directory, 'hostile.svg'), '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>');
  store = await openTestStore();
});
after(async () => {
  await store.close();
  await rm(directory, { recursive: true });
});
beforeEach(() => {
  [lines, recorded] = [[], []];
});

async function run(...args: string[]) {
  return clientCommand(args)({
    clients: createClientRegistry(store.records),
    audit: { record: (event) => recorded.push(event) },
    print: (line) => lines.push(line),
  });
}

describe('sild client', () => {
  it('registers, lists and removes, and tells the audit', async () => {
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

  for (const [title, options, said] of [
    ['a logo that is no plain picture', () => ['--logo', join(directory, 'hostile.svg')], /logo/],
    ['a logo that is not there', () => ['--logo', join(directory, 'nowhere.svg')], /--logo: the file/],
    ['a colour that is none', () => ['--accent', 'teal'], /accent_color/],
  ] as const) {
    it(`refuses ${title}, and says so`, async () => {
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
    ['list', 'x'],
    ['forget'],
    [],
  ]) {
    it(`knows no “${args.join(' ')}”`, async () => {
      await assert.rejects(run(...args), UsageError);
    });
  }
});
