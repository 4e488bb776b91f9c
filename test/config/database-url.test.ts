import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseIntoClientConfig } from 'pg-connection-string';
import { loadDatabaseConfig } from '../../src/config/config.ts';
import { ConfigError } from '../../src/config/environment.ts';

/** What the driver makes of an accepted value. */
function accepted(url: string) {
  const { databaseUrl } = loadDatabaseConfig({ DATABASE_URL: url });
  assert.ok(databaseUrl !== undefined);
  return parseIntoClientConfig(databaseUrl);
}

function refusal(url: string): string {
  let message: string | undefined;
  assert.throws(
    () => loadDatabaseConfig({ DATABASE_URL: url }),
    (error) => {
      assert.ok(error instanceof ConfigError);
      message = error.message;
      return true;
    },
    url,
  );
  return message ?? '';
}

describe('DATABASE_URL', () => {
  it('may name a socket in each way that the driver knows', () => {
    for (const [url, host] of [
      ['postgres://u:p@/db?host=/cloudsql/project:region:instance', '/cloudsql/project:region:instance'],
      ['postgresql:///db?host=/var/run/postgresql&user=u', '/var/run/postgresql'],
      ['postgres://u@%2Fvar%2Frun%2Fpostgresql/db', '/var/run/postgresql'],
    ] as const) {
      assert.partialDeepStrictEqual(accepted(url), { host, user: 'u', database: 'db' }, url);
    }
  });

  it('may have spaces around it, and in it', () => {
    assert.equal(accepted(' postgres://u:p@db/sild \n').database, 'sild');
    assert.deepEqual(
      { ...accepted('postgres://u:a%2Fb@db/sild?options=-c search_path=login') },
      { user: 'u', password: 'a/b', host: 'db', database: 'sild', options: '-c search_path=login' },
    );
  });

  it('may have each character in its password, encoded, and a raw @ that the driver reads', () => {
    const password = ' :/?#[]@!$&%é\'"';
    assert.equal(accepted(`postgres://u:${encodeURIComponent(password)}@db/sild`).password, password);
    assert.partialDeepStrictEqual(accepted('postgres://u:p@ss@db/sild'), { password: 'p@ss', host: 'db' });
  });

  for (const raw of ['12/34', '12?34', '12#34', 'p@qx/zyx', 'qx/zy@xy', 'p?a=b', '@/34', '#', '12/', '34%']) {
    it(`is refused with the password ${raw} unencoded, and no part of it is shown`, () => {
      const message = refusal(`postgres://user:${raw}@db.example/sild`);
      for (const part of raw.split(/[/?#@%]/).filter((each) => each.length > 1)) {
        assert.ok(!message.includes(part), message);
      }
      assert.match(message, /%2/);
    });
  }

  it('is refused where the driver cannot parse it, or takes it for something else', () => {
    for (const [url, words] of [
      ['mysql://db/sild', /postgres:\/\//],
      ['host=db dbname=sild', /postgres:\/\//],
      ['/var/run/postgresql sild', /postgres:\/\//],
      ['postgres://db:99999/sild', /cannot be parsed/],
      ['postgres://db/sild?port=abc', /cannot be parsed/],
      ['postgres://one,two/sild', /several hosts/],
      ['postgres://db/sild?sslmode=verify_full', /sslmode must be one of/],
      ['postgres://db/sild?statement_timeout=0', /statement_timeout/],
      ['postgres://db/sild?sslrootcert=/nowhere/ca.pem', /\/nowhere\/ca\.pem.*ENOENT/],
    ] as const) {
      assert.match(refusal(url), words, url);
    }
  });

  it('with a mode of TLS that validates nothing in libpq validates as verify-full does, without a warning', (test) => {
    const warn = test.mock.method(process, 'emitWarning', () => undefined);
    for (const mode of ['prefer', 'require', 'verify-ca', 'verify-full']) {
      const { ssl } = accepted(`postgres://db/sild?sslmode=${mode}&application_name=x`);
      assert.deepEqual({ ...(ssl as object) }, {}, mode);
    }
    assert.equal(accepted('postgres://db/sild?sslmode=disable').ssl, false);
    assert.deepEqual(
      { ...(accepted('postgres://db/sild?sslmode=no-verify').ssl as object) },
      { rejectUnauthorized: false },
    );
    assert.deepEqual(
      { ...(accepted('postgres://db/sild?uselibpqcompat=true&sslmode=require').ssl as object) },
      { rejectUnauthorized: false },
    );
    assert.equal(warn.mock.callCount(), 0);
  });
});

describe('DATABASE_POOLER', () => {
  it('accepts none and transaction', () => {
    const pooler = (DATABASE_POOLER?: string) => loadDatabaseConfig({ DATABASE_POOLER }).databasePooler;
    assert.deepEqual([pooler(), pooler('none'), pooler('transaction')], ['none', 'none', 'transaction']);
    assert.throws(() => pooler('session'), ConfigError);
  });
});
