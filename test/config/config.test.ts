import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { describe, it } from 'node:test';
import { loadConfig, loadSmartIdConfig } from '../../src/config/config.ts';
import { ConfigError, type Environment } from '../../src/config/environment.ts';
import { isLoopbackUrl } from '../../src/loopback-host.ts';

const LIVE = {
  ISSUER: 'https://login.example.ee',
  SMARTID_ENVIRONMENT: 'live',
  SMARTID_RP_UUID: '11111111-2222-4333-8444-555555555555',
  SMARTID_RP_NAME: 'Example',
  TRUST_DIR: '/etc/sild/trust',
  SMARTID_TLS_PINS: 'none',
} as const;

function problemsOf(environment: Environment, readFile?: (path: string) => string): string[] {
  try {
    loadConfig(environment, readFile);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems.map(({ variable }) => variable);
  }
}

describe('configuration', () => {
  it('reads further names of the relying party, with the brokered name of each', () => {
    const relyingParties = (names: string) =>
      loadConfig({ ...LIVE, SMARTID_RP_NAMES: names }).smartId.relyingParties;
    assert.deepEqual(relyingParties('City, Ltd; Broker Ltd = City Museum'), [
      { name: 'Example' },
      { name: 'City, Ltd' },
      { name: 'Broker Ltd', brokeredName: 'City Museum' },
    ]);
    assert.deepEqual(relyingParties('Library;Example=Museum'), [
      { name: 'Example', brokeredName: 'Museum' },
      { name: 'Library' },
    ]);
    for (const SMARTID_RP_NAMES of [
      'Library;',
      'Library;Library',
      'õ'.repeat(17),
      'Library=',
      `Library=${'õ'.repeat(17)}`,
    ]) {
      assert.deepEqual(problemsOf({ ...LIVE, SMARTID_RP_NAMES }), ['SMARTID_RP_NAMES'], SMARTID_RP_NAMES);
    }
  });

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

  it('reads proxies, and tells no password of them', () => {
    const { proxies } = loadConfig({
      HTTPS_PROXY: 'http://sild:secret@proxy.test:3128',
      HTTP_PROXY: 'https://proxy.test',
      NO_PROXY: 'a.test, .b.test:8443,,',
    }).smartId;
    assert.equal(proxies.https?.href, 'http://sild:secret@proxy.test:3128/');
    assert.equal(proxies.http?.href, 'https://proxy.test/');
    assert.deepEqual(proxies.except, ['a.test', '.b.test:8443']);
    for (const name of ['HTTPS_PROXY', 'HTTP_PROXY']) {
      assert.deepEqual(problemsOf({ [name]: 'socks5://proxy.test' }), [name]);
      assert.throws(
        () => loadConfig({ [name]: 'ftp://sild:secret@proxy.test' }),
        (error: Error) => !error.message.includes('secret') && error.message.includes(name),
      );
    }
  });

  it('derives the issuer from the port, and https from a certificate', () => {
    assert.equal(loadConfig({ PORT: '4000' }).issuer, 'http://localhost:4000');
    const tls = { PORT: '4443', TLS_CERT_FILE: 'c.pem', TLS_KEY_FILE: 'k.pem' };
    assert.equal(loadConfig(tls).issuer, 'https://localhost:4443');
  });

  it('believes a header about the country only of a trusted proxy', () => {
    assert.equal(
      loadConfig({ TRUST_PROXY: 'true', COUNTRY_HEADER: 'CF-IPCountry' }).countryHeader,
      'cf-ipcountry',
    );
    assert.equal(loadConfig({}).countryHeader, undefined);
    assert.deepEqual(problemsOf({ COUNTRY_HEADER: 'CF-IPCountry' }), ['COUNTRY_HEADER']);
    assert.deepEqual(problemsOf({ TRUST_PROXY: 'true', COUNTRY_HEADER: 'a b' }), ['COUNTRY_HEADER']);
  });

  it('takes an IPv6 address to listen on with and without brackets, and refuses what is no host', () => {
    for (const HOST of ['[::1]', '::1']) assert.equal(loadConfig({ HOST }).host, '::1');
    for (const HOST of ['0.0.0.0', 'sild.internal', 'fe80::1%eth0'])
      assert.equal(loadConfig({ HOST }).host, HOST);
    for (const HOST of ['127.0.0.1:3000', '[::1]:3000', 'http://localhost', 'a b', '*'])
      assert.deepEqual(problemsOf({ HOST }), ['HOST'], HOST);
  });

  it('runs several workers only with PostgreSQL and Smart-ID itself', () => {
    const database = { DATABASE_URL: 'postgres://db/sild', SECRET_KEY: 'kq3V8xZ1mB7tR5wY9cD2fG6hJ4nL0pSs' };
    assert.equal(loadConfig({}).workers, 1);
    assert.equal(loadConfig({ WORKERS: 'auto' }).workers, 1);
    assert.equal(loadConfig({ ...database, WORKERS: 'auto' }).workers, 1, 'the simulator');
    assert.equal(loadConfig({ ...LIVE, ...database, WORKERS: '2' }).workers, 2);
    const { workers } = loadConfig({ ...LIVE, ...database, WORKERS: 'auto' });
    assert.equal(workers, Math.min(availableParallelism(), 64));
    assert.equal(loadConfig({ ...LIVE, WORKERS: 'auto' }).workers, 1, 'the embedded database');
    assert.deepEqual(problemsOf({ ...LIVE, WORKERS: '2' }), ['WORKERS']);
    assert.deepEqual(problemsOf({ ...database, WORKERS: '2' }), ['WORKERS']);
    for (const WORKERS of ['0', '65', '-1', '1.5', 'all'])
      assert.deepEqual(problemsOf({ ...LIVE, ...database, WORKERS }), ['WORKERS'], WORKERS);
  });

  it('serves metrics on a separate port, unless they are off', () => {
    assert.equal(loadConfig({}).metricsPort, 9464);
    assert.equal(loadConfig({ METRICS_PORT: '9000' }).metricsPort, 9000);
    assert.equal(loadConfig({ METRICS_PORT: 'off' }).metricsPort, undefined);
    for (const METRICS_PORT of ['0', '65536', 'on', 'none'])
      assert.deepEqual(problemsOf({ METRICS_PORT }), ['METRICS_PORT'], METRICS_PORT);
  });

  it('accepts CA fingerprints in any notation', () => {
    const [one, other] = ['ab'.repeat(32), 'CD:'.repeat(31) + 'CD'];
    const { trustExtra } = loadConfig({ TRUST_EXTRA_SHA256: `${one}, ${other}` }).smartId;
    assert.deepEqual(trustExtra, ['AB'.repeat(32), 'CD'.repeat(32)]);
    for (const TRUST_EXTRA_SHA256 of ['ab', `${one},`, 'x'.repeat(64), `${one} ${one}`])
      assert.deepEqual(problemsOf({ TRUST_EXTRA_SHA256 }), ['TRUST_EXTRA_SHA256'], TRUST_EXTRA_SHA256);
  });

  it('accepts TLS pins, and requires them or none in live', () => {
    const [one, other] = [Buffer.alloc(32, 1).toString('base64'), Buffer.alloc(32, 255).toString('base64')];
    const pinned = loadConfig({ ...LIVE, SMARTID_TLS_PINS: `sha256/${one}, ${other}` });
    assert.deepEqual(pinned.smartId.tlsPins, [one, other]);
    assert.deepEqual(loadConfig(LIVE).smartId.tlsPins, []);
    assert.deepEqual(problemsOf({ ...LIVE, SMARTID_TLS_PINS: '' }), ['SMARTID_TLS_PINS']);
    assert.deepEqual(problemsOf({ ...LIVE, SMARTID_ENVIRONMENT: 'demo', SMARTID_TLS_PINS: '' }), []);
    const loose = `${one.slice(0, 42)}F=`;
    assert.deepEqual(Buffer.from(loose, 'base64'), Buffer.from(one, 'base64'));
    for (const SMARTID_TLS_PINS of [
      'off',
      `none,${one}`,
      one.slice(1),
      `sha1/${one}`,
      `${one} ${other}`,
      loose,
    ])
      assert.deepEqual(problemsOf({ ...LIVE, SMARTID_TLS_PINS }), ['SMARTID_TLS_PINS'], SMARTID_TLS_PINS);
  });

  it('refuses pins without TLS', () => {
    const SMARTID_TLS_PINS = Buffer.alloc(32).toString('base64');
    assert.deepEqual(problemsOf({ SMARTID_TLS_PINS }), ['SMARTID_TLS_PINS']);
    assert.deepEqual(problemsOf({ SMARTID_TLS_PINS: 'none' }), []);
    const local = { SMARTID_TLS_PINS, SMARTID_BASE_URL: 'http://localhost:3001/' };
    assert.deepEqual(problemsOf({ ...LIVE, ...local }), ['SMARTID_TLS_PINS']);
    assert.deepEqual(problemsOf({ ...local, SMARTID_BASE_URL: 'https://localhost:3001/' }), []);
  });

  it('loads the Smart-ID section without the other sections', () => {
    assert.equal(loadSmartIdConfig({ SMARTID_ENVIRONMENT: 'live' }).environment, 'live');
    assert.throws(
      () => loadSmartIdConfig({ SMARTID_ENVIRONMENT: 'production', PORT: 'x' }),
      (error) => {
        assert.ok(error instanceof ConfigError);
        assert.deepEqual(
          error.problems.map(({ variable }) => variable),
          ['SMARTID_ENVIRONMENT'],
        );
        return true;
      },
    );
  });

  it('accepts a live service with its relying party', () => {
    const { smartId, host, issuer } = loadConfig(LIVE);
    assert.equal(smartId.schemeName, 'smart-id');
    assert.equal(smartId.baseUrl, 'https://rp-api.smart-id.com/v3/');
    assert.equal(smartId.relyingParties[0].name, 'Example');
    assert.equal(host, undefined);
    assert.equal(issuer, 'https://login.example.ee');
  });

  it('accepts RP API v2 with its address and its only flow', () => {
    const live = loadConfig({ ...LIVE, SMARTID_API_VERSION: '2' }).smartId;
    assert.equal(live.baseUrl, 'https://rp-api.smart-id.com/v2/');
    assert.deepEqual(live.flows, ['notification']);
    const demo = loadConfig({ ...LIVE, SMARTID_ENVIRONMENT: 'demo', SMARTID_API_VERSION: '2' }).smartId;
    assert.equal(demo.baseUrl, 'https://sid.demo.sk.ee/smart-id-rp/v2/');
    assert.equal(loadConfig({ SMARTID_API_VERSION: '2' }).smartId.baseUrl, undefined);
    assert.deepEqual(problemsOf({ SMARTID_API_VERSION: '1' }), ['SMARTID_API_VERSION']);
  });

  it('keeps the order of the given flows', () => {
    assert.deepEqual(loadConfig({ SMARTID_FLOWS: 'notification, qr' }).smartId.flows, ['notification', 'qr']);
    for (const SMARTID_FLOWS of ['qr,push', 'qr,qr', ',', 'QR']) {
      assert.deepEqual(problemsOf({ SMARTID_FLOWS }), ['SMARTID_FLOWS'], SMARTID_FLOWS);
    }
  });

  it('refuses a flow that the RP API version does not have', () => {
    assert.deepEqual(problemsOf({ SMARTID_API_VERSION: '2', SMARTID_FLOWS: 'qr,notification' }), [
      'SMARTID_FLOWS',
    ]);
  });

  it('requires a notification policy that leaves a way to log in', () => {
    for (const policy of ['always', 'known-browser', 'never']) {
      assert.equal(loadConfig({ NOTIFICATION_POLICY: policy }).smartId.notificationPolicy, policy);
    }
    assert.deepEqual(problemsOf({ NOTIFICATION_POLICY: 'sometimes' }), ['NOTIFICATION_POLICY']);
    for (const NOTIFICATION_POLICY of ['known-browser', 'never']) {
      for (const only of [{ SMARTID_API_VERSION: '2' }, { SMARTID_FLOWS: 'notification' }]) {
        assert.deepEqual(problemsOf({ NOTIFICATION_POLICY, ...only }), ['NOTIFICATION_POLICY']);
      }
    }
  });

  it('requires https for the callback from the app, unless Smart-ID is simulated', () => {
    const local = { ...LIVE, SMARTID_ENVIRONMENT: 'demo', ISSUER: 'http://localhost:3000' };
    assert.deepEqual(problemsOf(local), ['ISSUER']);
    assert.deepEqual(problemsOf({ ...local, SMARTID_FLOWS: 'qr' }), ['ISSUER']);
    assert.deepEqual(problemsOf({ ...local, SMARTID_FLOWS: 'notification' }), []);
    assert.deepEqual(problemsOf({ ...local, SMARTID_API_VERSION: '2' }), []);
    assert.deepEqual(problemsOf({ ISSUER: 'http://localhost:3000' }), []);
  });

  it('checks revocation by default, except in SK’s demo, which has no answers', () => {
    assert.equal(loadConfig({}).smartId.revocation, 'required');
    assert.equal(loadConfig(LIVE).smartId.revocation, 'required');
    assert.equal(loadConfig({ ...LIVE, SMARTID_ENVIRONMENT: 'demo' }).smartId.revocation, 'off');
    assert.equal(loadConfig({ REVOCATION: 'best-effort' }).smartId.revocation, 'best-effort');
    assert.deepEqual(problemsOf({ REVOCATION: 'maybe' }), ['REVOCATION']);
  });

  it('accepts the countries whose people may log in; all of them by default', () => {
    assert.equal(loadConfig({}).smartId.countries, undefined);
    assert.deepEqual(loadConfig({ SMARTID_COUNTRIES: 'EE, LV' }).smartId.countries, ['EE', 'LV']);
    for (const SMARTID_COUNTRIES of ['ee', 'EE,EE', 'Estonia', ',']) {
      assert.deepEqual(problemsOf({ SMARTID_COUNTRIES }), ['SMARTID_COUNTRIES'], SMARTID_COUNTRIES);
    }
  });

  it('accepts a default language and a directory of templates', () => {
    assert.deepEqual([loadConfig({}).defaultLanguage, loadConfig({}).viewsDir], ['en', undefined]);
    const config = loadConfig({ DEFAULT_LANGUAGE: 'et', VIEWS_DIR: '/etc/sild/views' });
    assert.deepEqual([config.defaultLanguage, config.viewsDir], ['et', '/etc/sild/views']);
    assert.deepEqual(problemsOf({ DEFAULT_LANGUAGE: 'fi' }), ['DEFAULT_LANGUAGE']);
  });

  it('accepts hosts inside from which the keys of clients may be fetched; none by default', () => {
    const hosts = (CLIENT_FETCH_ALLOWED_HOSTS: string) =>
      loadConfig({ CLIENT_FETCH_ALLOWED_HOSTS }).clientFetchHosts;
    assert.deepEqual(loadConfig({}).clientFetchHosts, []);
    assert.deepEqual(hosts('Keys.internal, 10.0.3.7,[fd00::7]'), ['keys.internal', '10.0.3.7', 'fd00::7']);
    for (const wrong of ['https://keys.internal', 'keys.internal:8443', '*.internal', '10.0.0.0/8', 'a b']) {
      const problems = problemsOf({ CLIENT_FETCH_ALLOWED_HOSTS: wrong });
      assert.deepEqual(problems, ['CLIENT_FETCH_ALLOWED_HOSTS'], wrong);
    }
  });

  it('accepts certificates of clients at a port of their own, or from the header of named proxies', () => {
    assert.equal(loadConfig({}).mtls, undefined);
    const tls = { TLS_CERT_FILE: 'a', TLS_KEY_FILE: 'b' };
    const own = loadConfig({ ...tls, MTLS_PORT: '8443', MTLS_CA_FILE: 'ca.pem' }).mtls;
    const origin = 'https://localhost:8443';
    assert.deepEqual(own, { port: 8443, origin, caFile: 'ca.pem', header: undefined });
    const header = { MTLS_CERT_HEADER: 'X-Client-Cert', MTLS_PROXIES: '10.0.0.2, fd00::/8' };
    const { mtls } = loadConfig({ ...header, MTLS_URL: 'https://mtls.example.ee/' });
    assert.deepEqual(mtls, {
      port: undefined,
      origin: 'https://mtls.example.ee',
      caFile: undefined,
      header: { name: 'x-client-cert', proxies: ['10.0.0.2', 'fd00::/8'] },
    });
    for (const [environment, variable] of [
      [{ MTLS_PORT: '8443' }, 'MTLS_PORT'],
      [{ ...tls, MTLS_PORT: '3000' }, 'MTLS_PORT'],
      [{ MTLS_CERT_HEADER: 'X-Client-Cert' }, 'MTLS_PROXIES'],
      [{ MTLS_PROXIES: '10.0.0.2' }, 'MTLS_CERT_HEADER'],
      [{ ...header, MTLS_CERT_HEADER: 'X Client' }, 'MTLS_CERT_HEADER'],
      [{ ...header, MTLS_PROXIES: 'proxy.internal' }, 'MTLS_PROXIES'],
      [{ ...header, MTLS_PROXIES: '10.0.0.0/33' }, 'MTLS_PROXIES'],
      [{ ...header, MTLS_URL: 'http://mtls.example.ee' }, 'MTLS_URL'],
      [{ MTLS_CA_FILE: 'ca.pem' }, 'MTLS_CA_FILE'],
      [{ MTLS_URL: 'https://mtls.example.ee' }, 'MTLS_URL'],
    ] as const) {
      assert.deepEqual(problemsOf(environment), [variable], JSON.stringify(environment));
    }
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

  it('refuses an issuer with a path, a query, a fragment or credentials', () => {
    for (const ISSUER of [
      'https://a.example/x',
      'https://a.example/?a',
      'https://a.example/#a',
      'https://u:p@a.example',
    ]) {
      assert.deepEqual(problemsOf({ ...LIVE, ISSUER }), ['ISSUER'], ISSUER);
    }
    assert.equal(loadConfig({ ...LIVE, ISSUER: 'https://a.example/' }).issuer, 'https://a.example');
  });

  it('treats an empty variable as unset', () => {
    assert.equal(loadConfig({ PORT: '', DATABASE_URL: '', SECRET_KEY_FILE: '' }).port, 3000);
  });

  it('reads a secret from a file', () => {
    const secret = 'secretly'.repeat(5) + '123';
    const config = loadConfig({ SECRET_KEY_FILE: '/run/secrets/key' }, (path) => {
      assert.equal(path, '/run/secrets/key');
      return `${secret}\n`;
    });
    assert.deepEqual(config.secretKeys, [secret]);
    assert.deepEqual(problemsOf({ SECRET_KEY_FILE: '/does/not/exist' }), ['SECRET_KEY_FILE']);
    assert.deepEqual(
      problemsOf({ SECRET_KEY: secret, SECRET_KEY_FILE: '/x' }, () => secret),
      ['SECRET_KEY_FILE'],
    );
  });

  it('refuses a secret file that is empty', () => {
    const empty = { DATABASE_URL: 'postgres://db/sild', SECRET_KEY_FILE: '/run/secrets/key' };
    assert.deepEqual(
      problemsOf(empty, () => '\n'),
      ['SECRET_KEY_FILE'],
    );
  });

  it('reads several secret keys, separated by commas or one a line in the file, in their order', () => {
    const [first, second] = ['12345678'.repeat(4), '23456789'.repeat(4)];
    assert.deepEqual(loadConfig({ SECRET_KEY: `${first}, ${second},` }).secretKeys, [first, second]);
    const inFile = loadConfig({ SECRET_KEY_FILE: '/x' }, () => `\n${first}\r\n${second}\n\n`);
    assert.deepEqual(inFile.secretKeys, [first, second]);
    assert.equal(loadConfig({}).secretKeys, undefined);
  });

  it('refuses a secret key that is too short, in any position', () => {
    const long = '12345678'.repeat(4);
    const short = long.slice(1);
    for (const keys of [short, `${long},${short}`, `${short},${long}`, ',']) {
      assert.deepEqual(problemsOf({ SECRET_KEY: keys }), ['SECRET_KEY'], keys);
    }
  });

  it('refuses a secret key of one letter or of a repeated word', () => {
    for (const key of ['a'.repeat(32), 'secret'.repeat(8)]) {
      assert.deepEqual(problemsOf({ SECRET_KEY: key }), ['SECRET_KEY'], key);
    }
  });

  it('accepts a secret key with a comma only from a file', () => {
    const key = `${'12345678'.repeat(3)},${'23456789'.repeat(3)}`;
    assert.deepEqual(problemsOf({ SECRET_KEY: key }), ['SECRET_KEY']);
    assert.deepEqual(loadConfig({ SECRET_KEY_FILE: '/x' }, () => `${key}\n`).secretKeys, [key]);
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

  it('refuses equal ports, and names one that was given', () => {
    for (const [environment, wrong] of [
      [{ METRICS_PORT: '3000' }, ['METRICS_PORT']],
      [{ PORT: '9464' }, ['PORT']],
      [{ PORT: '4000', METRICS_PORT: '4000' }, ['METRICS_PORT']],
      [{ PORT: '3002' }, ['PORT']],
      [{ SIMULATOR_PORT: '4000', SAMPLE_APP_PORT: '4000' }, ['SAMPLE_APP_PORT']],
      [{ PORT: '4000', METRICS_PORT: 'off', SIMULATOR_PORT: '4001' }, []],
      [{ ...LIVE, PORT: '3001' }, []],
      [{ ...LIVE, PORT: '3001', METRICS_PORT: '3001' }, ['METRICS_PORT']],
    ] as const) {
      assert.deepEqual(problemsOf(environment), wrong, JSON.stringify(environment));
    }
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

  it('never includes a value in a problem', () => {
    try {
      loadConfig({ DATABASE_URL: 'mysql://user:hunter2@db/x', SECRET_KEY: 'hunter2' });
      assert.fail('accepted');
    } catch (error) {
      assert.ok(error instanceof ConfigError);
      assert.doesNotMatch(error.message, /hunter2/);
    }
  });

  it('distinguishes loopback hosts from public ones', () => {
    for (const issuer of [
      'http://localhost:3000',
      'http://127.0.0.1',
      'http://[::1]:1',
      'http://a.localhost',
    ]) {
      assert.ok(isLoopbackUrl(issuer), issuer);
    }
    for (const issuer of [
      'http://localhost.example',
      'http://10.0.0.1',
      'http://127.0.0.1.example',
      'https://example.ee',
    ]) {
      assert.ok(!isLoopbackUrl(issuer), issuer);
    }
  });

  it('has limits against abuse, and higher ones with the simulator', () => {
    const hour = 3_600_000;
    assert.deepEqual(loadConfig(LIVE).limits, {
      person: { count: 10, perMs: hour },
      address: { count: 100, perMs: hour / 6 },
      client: { count: 6_000, perMs: hour / 6 },
      pushWaits: [0, 30_000, 120_000, 600_000, hour],
      requests: { count: 3_000, perMs: 60_000 },
      waiting: 5_000,
    });
    // Test suites log in the same account from many browsers at once.
    const { person, address, pushWaits } = loadConfig({}).limits;
    assert.deepEqual([person, address], Array(2).fill({ count: 1_000, perMs: hour / 6 }));
    assert.equal(pushWaits, undefined);
    assert.deepEqual(loadConfig({ RATE_PUSH: '0s,30s' }).limits.pushWaits, [0, 30_000]);
  });

  it('accepts limits as count/period or off', () => {
    const { limits } = loadConfig({
      ...LIVE,
      RATE_PERSON: '7/2d',
      RATE_ADDRESS: 'off',
      RATE_CLIENT: '1/1s',
      RATE_PUSH: '5s,1m',
      RATE_REQUESTS: 'off',
      WAITING_LIMIT: '800',
    });
    assert.deepEqual(limits, {
      person: { count: 7, perMs: 172_800_000 },
      address: undefined,
      client: { count: 1, perMs: 1_000 },
      pushWaits: [5_000, 60_000],
      requests: undefined,
      waiting: 800,
    });
    assert.equal(loadConfig({ ...LIVE, RATE_PUSH: 'off' }).limits.pushWaits, undefined);
    assert.equal(loadConfig({ WAITING_LIMIT: 'off' }).limits.waiting, undefined);
    for (const wrong of ['0', '-1', '1.5', 'none'])
      assert.deepEqual(problemsOf({ WAITING_LIMIT: wrong }), ['WAITING_LIMIT'], wrong);
    for (const wrong of ['10', '0/1h', '10/h', '10/0s', '1h/10', '-1/1h', '1/1w', '1/8d', 'OFF', '10 / 1h']) {
      assert.deepEqual(problemsOf({ RATE_PERSON: wrong }), ['RATE_PERSON'], wrong);
    }
    for (const wrong of ['30', '30s,', '1h;2h', '8d', '-1s', '30s off']) {
      assert.deepEqual(problemsOf({ RATE_PUSH: wrong }), ['RATE_PUSH'], wrong);
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

  it('accepts the number of proxies in front', () => {
    const hops = (TRUST_PROXY: string) => loadConfig({ TRUST_PROXY }).trustProxy;
    assert.deepEqual(['', 'false', 'true', '2'].map(hops), [0, 0, 1, 2]);
    for (const TRUST_PROXY of ['yes', '0', '10', '-1', '10.0.0.0/8']) {
      assert.deepEqual(problemsOf({ TRUST_PROXY }), ['TRUST_PROXY'], TRUST_PROXY);
    }
  });
});
