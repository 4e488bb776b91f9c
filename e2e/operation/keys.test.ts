/** Keys change on one database with two instances that run, by the command line of a third process. */
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
/** Beyond what is promised: the instances look, and this machine is busy. */
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
    const env = { PATH: process.env.PATH, DATABASE_URL: database.url, SECRET_KEY: secretKey };
    const { stdout } = await run(process.execPath, [join(root, 'src', 'cli.ts'), ...args], { env });
    return stdout;
  }

  it('sign with the next keys within the promised time, and logins in between are none the worse', async () => {
    // The next keys have been published for long.
    await execute(database.url, `update signing_key set since = since - interval '1 day'`);
    const clients = await Promise.all(stacks.map((stack) => discover(stack)));
    for (const [index, stack] of stacks.entries()) await logIn(stack, at(clients, index));

    const output = await sild(OLD, 'keys', 'rotate');
    const next = /^(\S+)\tRS256\tnext → current$/m.exec(output)?.[1];
    assert.ok(next, output);
    const until = performance.now() + KEY_POLL_SECONDS * 1000 + GRACE_MS;
    for (const [index, stack] of stacks.entries()) {
      while ((await logIn(stack, at(clients, index))) !== next) {
        assert.ok(performance.now() < until, 'the new key signs in time');
      }
    }
  });

  it('serve the same people while SECRET_KEY changes, and with the new one alone in the end', async () => {
    // First all can open what the new one will seal, then it seals, then everything is sealed with it.
    for (const keys of [`${OLD},${NEW}`, `${NEW},${OLD}`]) {
      for (const index of stacks.keys()) {
        const replaced = at(stacks, index);
        stacks = stacks.with(index, await start(keys));
        assert.equal(await replaced.stop(), 0);
        for (const stack of stacks) await logIn(stack, await discover(stack));
      }
    }
    assert.match(await sild(`${NEW},${OLD}`, 'keys', 'reencrypt'), /^signing_key\t6 rows sealed anew$/m);
    const last = await start(NEW);
    stacks = [...stacks, last];
    await logIn(last, await discover(last));
    const listed = await sild(NEW, 'keys', 'list');
    assert.doesNotMatch(listed, /not in SECRET_KEY/);
    assert.equal(listed.match(/^\S+\t[RE]S256\t(next|current|previous)\t/gm)?.length, 6);
  });
});

/** Logs in and validates the ID token; answers which key signed it. */
async function logIn(stack: Stack, configuration: openid.Configuration): Promise<unknown> {
  const { url, checks } = await authorizationRequest(configuration, stack);
  const { url: callback } = await logInOverHttp(browserOf(stack), url, PERSON);
  const { id_token = '' } = await openid.authorizationCodeGrant(configuration, callback, checks);
  const header = Buffer.from(id_token.split('.')[0] ?? '', 'base64url').toString();
  return (JSON.parse(header) as { kid?: unknown }).kid;
}

function at<T>(list: readonly T[], index: number): T {
  const one = list[index];
  assert.ok(one !== undefined);
  return one;
}
