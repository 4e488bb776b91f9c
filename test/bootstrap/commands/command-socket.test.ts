import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { askRunningInstance, serveCommands } from '../../../src/bootstrap/commands/command-socket.ts';
import type { CommandOutput } from '../../../src/bootstrap/commands/run-command.ts';
import { createLogger } from '../../../src/log/logger.ts';
import { createSecrets } from '../../../src/secrets/secrets.ts';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../support/database.ts';
import { OPERATOR } from '../../support/oidc-bridge.ts';

const REDIRECT = ['--redirect-uri', 'https://app.example.ee/callback'];

let directory: string;
let store: Store;
let stop: () => Promise<void>;
let lines: string[];
let complaints: string[];
const output: CommandOutput = {
  print: (line) => Promise.resolve(void lines.push(line)),
  printLast: (line) => lines.push(line),
  complain: (line) => complaints.push(line),
};

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sild-socket-'));
  store = await openTestStore();
});
after(async () => {
  await store.close();
  await rm(directory, { recursive: true });
});
beforeEach(() => {
  [lines, complaints] = [[], []];
  stop = () => Promise.resolve();
});

async function serve(dataDir = directory, destination?: { write: (line: string) => void }) {
  const log = createLogger(destination ? { level: 'info', destination } : { level: 'silent' });
  const secrets = createSecrets('a secret key of the tests, long enough');
  await serveCommands(dataDir, { operator: OPERATOR, store, secrets, log, now: Date.now }, (close) => {
    stop = close;
  });
}

function ask(words: readonly string[], from = directory, environment: Record<string, string> = {}) {
  return askRunningInstance(directory, { words, directory: from, environment }, output);
}

const socket = () => join(directory, 'sild.sock');

describe('a running instance', () => {
  it('runs commands, with their lines, exit status and events in the audit', async () => {
    await serve();
    assert.equal(await ask(['client', 'add', 'portal', ...REDIRECT, '--public']), 0);
    assert.equal(await ask(['client', 'list']), 0);
    assert.deepEqual(lines, ['Client portal is registered.', 'portal\tportal']);
    assert.equal(await ask(['client', 'remove', 'nobody']), 1);
    lines = [];
    assert.equal(await ask(['audit', 'export']), 0);
    assert.match(lines.join('\n'), /"event":"client_added","data":\{.*"client":"portal"/);
    for (const words of [
      ['keys', 'list'],
      ['audit', 'verify'],
      ['browsers', 'forget', 'PNOEE-40504040001'],
      ['migrate'],
    ]) {
      assert.equal(await ask(words), 0, words.join(' '));
    }
    assert.deepEqual(complaints, []);
    await stop();
  });

  it('reads files and variables of the caller', async () => {
    await serve();
    const from = await mkdtemp(join(directory, 'caller-'));
    const clients = [
      { client_id: 'file', client_secret: '${SECRET}', redirect_uris: ['https://a.example/'] },
    ];
    await writeFile(join(from, 'clients.json'), JSON.stringify({ clients }));
    await writeFile(join(from, 'client.json'), JSON.stringify({ client_name: 'From the file' }));
    const environment = { SECRET: 'a secret of the caller alone' };
    assert.equal(await ask(['client', 'apply', 'clients.json'], from, environment), 0, complaints.join());
    assert.equal(await ask(['client', 'add', 'json', ...REDIRECT, '--metadata', 'client.json'], from), 0);
    assert.equal(await ask(['client', 'apply', 'clients.json'], from), 1);
    assert.match(complaints.join(), /clients\.json:1: the environment has no SECRET/);
    await stop();
  });

  it('answers many commands at once, and finishes them before it stops', async () => {
    await serve();
    const asked = Array.from({ length: 5 }, (_, number) =>
      ask(['client', 'add', `many-${number}`, ...REDIRECT]),
    );
    assert.equal(await ask(['client', 'list']), 0);
    await stop();
    assert.deepEqual(await Promise.all(asked), [0, 0, 0, 0, 0]);
    assert.equal(await ask(['client', 'list']), undefined, 'no process listens any more');
  });

  it('refuses an unknown command, as the command line does', async () => {
    await serve();
    assert.equal(await ask(['serve']), 1);
    assert.match(complaints.join(), /“serve” is no command/);
    await stop();
  });

  it('lets only its owner open the socket', async () => {
    await serve();
    assert.equal(statSync(socket()).mode & 0o777, 0o600);
    await stop();
    assert.ok(!existsSync(socket()));
  });

  it('replaces the socket of an instance that was killed', async () => {
    await writeFile(socket(), '');
    await serve();
    assert.equal(await ask(['client', 'list']), 0);
    await stop();
  });

  it('runs without a socket where none can be made, and logs that', async () => {
    const logged: string[] = [];
    await serve(join(directory, 'd'.repeat(120)), { write: (line) => logged.push(line) });
    assert.match(logged.join(), /"event":"commands_not_served"/);
  });
});

describe('a command', () => {
  it('says so when the instance ends before it', async (test) => {
    const server = createServer((connection) => {
      connection.end(`${JSON.stringify({ print: 'a line' })}\n`);
    });
    test.after(() => server.close());
    await new Promise<void>((resolve) => server.listen(socket(), resolve));
    assert.equal(await ask(['client', 'list']), 1);
    assert.deepEqual(lines, ['a line']);
    assert.match(complaints.join(), /Sild ended before the command did/);
  });

  it('says so when the instance is killed, and not that it could not be asked', async (test) => {
    const server = createServer({ pauseOnConnect: true }, (connection) => {
      connection.write(`${JSON.stringify({ print: 'a line' })}\n`, () => {
        // Unread data turn the end into a reset.
        setTimeout(() => connection.destroy(), 100);
      });
    });
    test.after(() => server.close());
    await new Promise<void>((resolve) => server.listen(socket(), resolve));
    assert.equal(await ask(['client', 'list']), 1);
    assert.deepEqual(lines, ['a line']);
    assert.match(complaints.join(), /Sild ended before the command did/);
  });
});
