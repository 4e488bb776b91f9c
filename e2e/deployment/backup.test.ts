/** Backup and restore, by the commands of docs/operations.md: afterwards people log in as before. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import * as openid from 'openid-client';
import { execute } from '../../test/support/servers/postgres.ts';
import { createHttpBrowser } from '../../test/support/servers/http-browser.ts';
import { debianPostgresPrograms, startDebianPostgres } from '../../test/support/servers/debian-postgres.ts';
import { authorizationRequest } from '../support/http/client.ts';
import { logInOverHttp } from '../support/http/http-login.ts';
import { root } from '../support/project.ts';
import { type Stack, startStack } from '../support/stack.ts';

const SECRET_KEY = 'kq3V8xZ1mB7tR5wY9cD2fG6hJ4nL0pSs';
const REDIRECT_URI = 'http://localhost/callback';
const programs = debianPostgresPrograms();
const skip =
  programs === undefined ? 'a server with pg_dump is not installed: apt-get install postgresql' : false;
const operations = readFileSync(join(root, 'docs', 'operations.md'), 'utf8');

/** A command as the documentation has it. */
function documented(command: string): void {
  assert.ok(operations.includes(command), command);
}

describe('a backup', () => {
  it(
    'of PostgreSQL, taken by pg_dump while Sild runs, is restored on another server, which has none of its roles',
    { skip },
    async (test) => {
      assert.ok(programs);
      documented('pg_dump --format=custom --file=sild.dump "$DATABASE_URL"');
      documented(
        'pg_restore --exit-on-error --single-transaction --no-owner --no-acl --dbname="$DATABASE_URL" sild.dump',
      );
      documented('grant select on audit_event to …');
      const directory = await mkdtemp(join(tmpdir(), 'sild-backup-'));
      test.after(() => rm(directory, { recursive: true }));
      const dump = join(directory, 'sild.dump');
      const [server, other] = [await startDebianPostgres(programs), await startDebianPostgres(programs)];
      test.after(() => Promise.all([server.stop(), other.stop()]));
      const [before, restored] = [await server.create('before'), await other.create('restored')];

      const first = await startStack({ DATABASE_URL: before, SECRET_KEY, DATA_DIR: join(directory, 'one') });
      const { client_secret: secret } = sild(before, [
        'client',
        'add',
        'shop',
        '--redirect-uri',
        REDIRECT_URI,
        '--json',
      ]);
      assert.ok(typeof secret === 'string');
      assert.equal(await subjectOf(first, secret), 'PNOEE-40504040001');
      await execute(before, 'create role auditor; grant select on audit_event to auditor');
      server.run('pg_dump', '--format=custom', `--file=${dump}`, before);
      const keys = await kidsOf(first);
      await first.stop();

      other.run(
        'pg_restore',
        '--exit-on-error',
        '--single-transaction',
        '--no-owner',
        '--no-acl',
        `--dbname=${restored}`,
        dump,
      );
      const second = await startStack({
        DATABASE_URL: restored,
        SECRET_KEY,
        DATA_DIR: join(directory, 'two'),
      });
      test.after(() => second.stop());
      assert.deepEqual(await kidsOf(second), keys);
      assert.equal(await subjectOf(second, secret), 'PNOEE-40504040001');
      assert.equal(sild(restored, ['audit', 'verify', '--json']).whole, true);
    },
  );

  it('of the embedded database is a copy of DATA_DIR, made while Sild is stopped', async (test) => {
    const directory = await mkdtemp(join(tmpdir(), 'sild-backup-'));
    test.after(() => rm(directory, { recursive: true }));
    const first = await startStack({ DATA_DIR: join(directory, 'before') });
    const keys = await kidsOf(first);
    await first.stop();
    await cp(join(directory, 'before'), join(directory, 'restored'), { recursive: true });
    await rm(join(directory, 'before'), { recursive: true });
    const second = await startStack({ DATA_DIR: join(directory, 'restored') });
    test.after(() => second.stop());
    assert.deepEqual(await kidsOf(second), keys);
    assert.equal(
      await subjectOf(second, 'sample-app-secret', 'sample-app', second.redirectUri),
      'PNOEE-40504040001',
    );
  });
});

async function subjectOf(
  stack: Stack,
  secret: string,
  clientId = 'shop',
  redirectUri = REDIRECT_URI,
): Promise<string | undefined> {
  const client = await openid.discovery(
    new URL(stack.issuer),
    clientId,
    undefined,
    openid.ClientSecretBasic(secret),
    {
      execute: [openid.allowInsecureRequests],
    },
  );
  const { url, checks } = await authorizationRequest(client, { redirectUri });
  const browser = createHttpBrowser({ stopAt: (address) => address.href.startsWith(redirectUri) });
  const callback = await logInOverHttp(browser, url, { country: 'EE', personal_code: '40504040001' });
  return (await openid.authorizationCodeGrant(client, callback.url, checks)).claims()?.sub;
}

async function kidsOf({ issuer }: Stack): Promise<string[]> {
  const { keys } = (await (await fetch(`${issuer}/jwks`)).json()) as {
    readonly keys: { readonly kid: string }[];
  };
  assert.ok(keys.length > 0);
  return keys.map(({ kid }) => kid).sort();
}

function sild(databaseUrl: string, args: readonly string[]): Record<string, unknown> {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'src', 'cli.ts'), ...args], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, ENV_FILE: '', DATABASE_URL: databaseUrl, SECRET_KEY },
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as Record<string, unknown>;
}
