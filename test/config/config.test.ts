import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig, SECTIONS } from '../../src/config/config.ts';
import { ConfigError } from '../../src/config/environment.ts';
import { LIVE, problemsIn, problemsOf } from './problems.ts';

describe('configuration', () => {
  it('needs no variable: it runs the simulator on this machine', () => {
    const config = loadConfig({});
    assert.equal(config.issuer, 'http://localhost:3000');
    assert.equal(config.host, 'localhost');
    assert.equal(config.databaseUrl, undefined);
    assert.equal(config.dataDir, './data');
    assert.deepEqual(config.smartId, {
      environment: 'simulator',
      apiVersion: '3',
      flows: ['qr', 'web2app', 'notification'],
      notificationPolicy: 'always',
      schemeName: 'smart-id-demo',
      relyingPartyUuid: '00000000-0000-4000-8000-000000000000',
      relyingParties: [{ name: 'DEMO' }],
      baseUrl: undefined,
      tlsPins: [],
      certificateLevel: 'QUALIFIED',
      countries: undefined,
      revocation: 'required',
      proxies: { https: undefined, http: undefined, except: [] },
      trustDir: undefined,
      trustExtra: [],
    });
    assert.deepEqual([config.simulator.port, config.simulator.sampleAppPort], [3001, 3002]);
  });

  it('accepts a default language and a directory of templates', () => {
    assert.deepEqual([loadConfig({}).defaultLanguage, loadConfig({}).viewsDir], ['en', undefined]);
    const config = loadConfig({ DEFAULT_LANGUAGE: 'et', VIEWS_DIR: '/etc/sild/views' });
    assert.deepEqual([config.defaultLanguage, config.viewsDir], ['et', '/etc/sild/views']);
    assert.deepEqual(problemsOf({ DEFAULT_LANGUAGE: 'fi' }), ['DEFAULT_LANGUAGE']);
  });

  it('is deeply frozen', () => {
    const config = loadConfig({});
    assert.ok(
      Object.isFrozen(config) && Object.isFrozen(config.smartId) && Object.isFrozen(config.simulator),
    );
  });

  it('reports every problem at once, by variable name', () => {
    const problems = problemsOf({
      ISSUER: 'not a url',
      PORT: '70000',
      LOG_LEVEL: 'loud',
      TRUST_PROXY: 'yes',
      DATABASE_URL: 'mysql://db',
      SECRET_KEY: 'short',
      SMARTID_ENVIRONMENT: 'production',
      SIMULATOR_PORT: 'abc',
      SIMULATOR_ALLOWS_ADVANCED: 'yes',
      SAMPLE_APP_PORT: '0',
    });
    assert.deepEqual(problems.sort(), [
      'DATABASE_URL',
      'ISSUER',
      'LOG_LEVEL',
      'PORT',
      'SAMPLE_APP_PORT',
      'SECRET_KEY',
      'SIMULATOR_ALLOWS_ADVANCED',
      'SIMULATOR_PORT',
      'SMARTID_ENVIRONMENT',
      'TRUST_PROXY',
    ]);
  });

  it('refuses contradictory variables', () => {
    assert.deepEqual(problemsOf({ SMARTID_ENVIRONMENT: 'live', ISSUER: 'https://a.example' }).sort(), [
      'SMARTID_RP_NAME',
      'SMARTID_RP_UUID',
      'SMARTID_TLS_PINS',
      'TRUST_DIR',
    ]);
    assert.deepEqual(problemsOf({ SMARTID_ENVIRONMENT: 'demo', ISSUER: 'https://a.example' }), ['TRUST_DIR']);
    assert.deepEqual(problemsOf({ ...LIVE, ISSUER: 'http://login.example.ee' }), ['ISSUER']);
    assert.deepEqual(problemsOf({ DATABASE_URL: 'postgres://db/sild' }), ['SECRET_KEY']);
    assert.deepEqual(problemsOf({ TLS_CERT_FILE: 'c.pem' }), ['TLS_KEY_FILE']);
    assert.deepEqual(problemsOf({ TLS_KEY_FILE: 'k.pem' }), ['TLS_CERT_FILE']);
    assert.deepEqual(problemsOf({ ...LIVE, SMARTID_BASE_URL: 'http://smart-id.example' }), [
      'SMARTID_BASE_URL',
    ]);
    assert.deepEqual(problemsOf({ ...LIVE, SMARTID_RP_NAME: 'õ'.repeat(17) }), ['SMARTID_RP_NAME']);
  });

  it('reports contradictory variables together with invalid ones', () => {
    assert.deepEqual(
      problemsOf({ PORT: 'x', DATABASE_URL: 'postgres://db/sild', SMARTID_ENVIRONMENT: 'demo' }).sort(),
      ['ISSUER', 'PORT', 'SECRET_KEY', 'TRUST_DIR'],
    );
  });

  it('refuses to simulate for the public', () => {
    assert.deepEqual(problemsOf({ ISSUER: 'https://login.example.ee' }), ['SMARTID_ENVIRONMENT']);
  });

  it('treats an empty variable as unset', () => {
    assert.equal(loadConfig({ PORT: '', DATABASE_URL: '', SECRET_KEY_FILE: '' }).port, 3000);
  });

  it('rotates signing keys after 90 days, other days, or never', () => {
    assert.equal(loadConfig({}).keyRotationDays, 90);
    assert.equal(loadConfig({ KEY_ROTATION_DAYS: '7' }).keyRotationDays, 7);
    assert.equal(loadConfig({ KEY_ROTATION_DAYS: 'off' }).keyRotationDays, undefined);
    for (const days of ['0', '-1', '1.5', 'never', '10000']) {
      assert.deepEqual(problemsOf({ KEY_ROTATION_DAYS: days }), ['KEY_ROTATION_DAYS'], days);
    }
  });

  it('refuses a DATABASE_URL with invalid percent-encoding', () => {
    for (const url of ['postgres://sild:p%zz@db/sild', 'postgres://db/%zz', 'postgres://db/%ff']) {
      assert.deepEqual(
        problemsOf({ DATABASE_URL: url, SECRET_KEY: 'kq3V8xZ1mB7tR5wY9cD2fG6hJ4nL0pSs' }),
        ['DATABASE_URL'],
        url,
      );
    }
    const encoded = {
      DATABASE_URL: 'postgres://sild:p%25%40@db/sild',
      SECRET_KEY: 'kq3V8xZ1mB7tR5wY9cD2fG6hJ4nL0pSs',
    };
    assert.deepEqual(problemsOf(encoded), []);
  });

  it('describes the valid values of a variable', () => {
    const wrong = {
      DEFAULT_LANGUAGE: 'fi',
      LOG_LEVEL: 'loud',
      REVOCATION: 'perhaps',
      SMARTID_API_VERSION: '4',
    };
    assert.throws(
      () => loadConfig(wrong),
      (error) => {
        assert.ok(error instanceof ConfigError);
        assert.equal(error.problems.length, 4);
        for (const { message } of error.problems) assert.match(message, /^must be /);
        return true;
      },
    );
  });

  it('has words of its own for every value that it refuses', () => {
    const variables = Object.values(SECTIONS).flatMap((section) => Object.keys(section));
    const messages = variables.flatMap((variable) =>
      [',', ';', '=', 'a;;b', '-1', '[', 'https://', 'null'].flatMap((value) =>
        problemsIn({ [variable]: value }),
      ),
    );
    assert.ok(messages.length > variables.length);
    for (const { message } of messages)
      assert.doesNotMatch(message, /^(Invalid|Too (?:big|small)|Unrecognized)|expected|undefined/);
  });

  it('says where an invisible character is the cause, but for secrets', () => {
    const cause = (variable: string, value: string) =>
      problemsIn({ [variable]: value }).map(({ message }) => message);
    assert.deepEqual(cause('PORT', '30\u200b00'), ['has an invisible character, U+200B: remove it']);
    assert.deepEqual(cause('SMARTID_RP_NAME', 'DE\u2060MO'), [
      'has an invisible character, U+2060: remove it',
    ]);
    assert.doesNotMatch(cause('SECRET_KEY', 'short\u200b').join(), /U\+/);
  });

  it('takes no address that only a browser would understand', () => {
    for (const address of ['https:login.example.ee', 'https:/login.example.ee', 'https:\\\\login.example.ee'])
      assert.deepEqual(problemsOf({ ...LIVE, ISSUER: address }), ['ISSUER'], address);
    assert.equal(loadConfig({ ...LIVE, ISSUER: 'HTTPS://Login.example.ee' }).issuer, LIVE.ISSUER);
  });

  it('never includes a value in a problem', () => {
    try {
      loadConfig({ DATABASE_URL: 'mysql://user:hunter2@db/x', SECRET_KEY: 'hunter2' });
      assert.fail('accepted');
    } catch (error) {
      assert.ok(error instanceof ConfigError);
      assert.doesNotMatch(error.message, /hunter2/);
    }
  });

  it('ignores spaces around every value', () => {
    const padded = Object.fromEntries(
      Object.entries({ ...LIVE, PORT: '4000', LOG_LEVEL: '  ' }).map(([name, text]) => [name, ` ${text}\n`]),
    );
    const config = loadConfig(padded);
    assert.deepEqual(
      [
        config.issuer,
        config.smartId.relyingParties[0].name,
        config.smartId.trustDir,
        config.port,
        config.logLevel,
      ],
      [LIVE.ISSUER, LIVE.SMARTID_RP_NAME, LIVE.TRUST_DIR, 4000, 'info'],
    );
  });
});
