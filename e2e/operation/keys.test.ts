/** Keys are changed by the CLI in a third process, while two instances run on the same database. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import * as openid from 'openid-client';
import { KEY_POLL_SECONDS } from '../../src/oidc/keys/key-schedule.ts';
import { execute, startTestPostgres, type TestPostgres } from '../../test/support/servers/postgres.ts';
import { authorizationRequest, browserOf, discover } from '../support/http/client.ts';
import { logInOverHttp } from '../support/http/http-login.ts';
import { root } from '../support/project.ts';
import { type Stack, startStack } from '../support/stack.ts';

const PERSON = { country: 'EE', personal_code: '40504040001' };
const OLD = 'the SECRET_KEY of two instances that run';
const NEW = 'the SECRET_KEY that comes after the old one';
/** Additional time for the instances' polling interval and a busy machine. */
const GRACE_MS = 10_000;

const run = promisify(execFile);

describe('two instances whose keys change', () => {
  let database: TestPostgres;
  let stacks: readonly Stack[] = [];
  before(async () => {
    database = await startTestPostgres();
    stacks = await Promise.all([start(OLD), start(OLD)]);
  });
  after(async () => {
    await Promise.all(stacks.map((stack) => stack.stop()));
    await database.stop();
  });

  const start = (secretKey: string) =>
    startStack({ DATABASE_URL: database.url, SECRET_KEY: secretKey, SIMULATOR_DELAY_MS: '50' });

  async function sild(secretKey: string, ...args: string[]): Promise<string> {
    const env = { PATH: process.env.PATH, ENV_FILE: '', DATABASE_URL: database.url, SECRET_KEY: secretKey };
    const { stdout } = await run(process.execPath, [join(root, 'src', 'cli.ts'), ...args], { env });
    return stdout;
  }

  it('sign with the next keys within the documented time, and logins in between succeed', async () => {
    // The next keys have already been published for a long time.
    await execute(database.url, `update signing_key set since = since - interval '1 day'`);
    const clients = await Promise.all(stacks.map((stack) => discover(stack)));
    for (const [index, stack] of stacks.entries()) await logIn(stack, at(clients, index));

    const output = await sild(OLD, 'keys', 'rotate');
    const next = /^(\S+)\tRS256\tnext → current$/m.exec(output)?.[1];
    assert.ok(next, output);
    const until = performance.now() + KEY_POLL_SECONDS * 1000 + GRACE_MS;
    for (const [index, stack] of stacks.entries()) {
      while ((await logIn(stack, at(clients, index))) !== next) {
        assert.ok(performance.now() < until, 'the new key signs within the time limit');
      }
    }
  });

  it('serve the same people while SECRET_KEY changes, and afterwards with the new key only', async () => {
    // First every instance can decrypt with the new key, then it encrypts, then everything is re-encrypted.
    for (const keys of [`${OLD},${NEW}`, `${NEW},${OLD}`]) {
      for (const index of stacks.keys()) {
        const replaced = at(stacks, index);
        stacks = stacks.with(index, await start(keys));
        assert.equal(await replaced.stop(), 0);
        for (const stack of stacks) await logIn(stack, await discover(stack));
      }
    }
    assert.match(await sild(`${NEW},${OLD}`, 'keys', 'reencrypt'), /^signing_key\t6 rows re-encrypted$/m);
    const last = await start(NEW);
    stacks = [...stacks, last];
    await logIn(last, await discover(last));
    const listed = await sild(NEW, 'keys', 'list');
    assert.doesNotMatch(listed, /not in SECRET_KEY/);
    assert.equal(listed.match(/^\S+\t[RE]S256\t(next|current|previous)\t/gm)?.length, 6);
  });
});

/** Logs in and validates the ID token. Returns the ID of the key that signed it. */
async function logIn(stack: Stack, configuration: openid.Configuration): Promise<unknown> {
  const { url, checks } = await authorizationRequest(configuration, stack);
  const { url: callback } = await logInOverHttp(browserOf(stack), url, PERSON);
  const { id_token = '' } = await openid.authorizationCodeGrant(configuration, callback, checks);
  const header = Buffer.from(id_token.split('.')[0] ?? '', 'base64url').toString();
  return (JSON.parse(header) as { kid?: unknown }).kid;
}

function at<T>(list: readonly T[], index: number): T {
  const element = list[index];
  assert.ok(element !== undefined);
  return element;
}
