import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig, loadSmartIdConfig } from '../../src/config/config.ts';
import { ConfigError } from '../../src/config/environment.ts';
import { LIVE, problemsOf } from './problems.ts';

describe('the configuration of Smart-ID', () => {
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

  it('reads proxies, and shows no password of them', () => {
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
      assert.throws(
        () => loadConfig({ [name]: 'http://sild:50%secret@proxy.test' }),
        (error: Error) => !error.message.includes('secret') && error.message.includes('has a % that'),
      );
    }
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
    for (const SMARTID_COUNTRIES of ['ee', 'EE,EE', 'Estonia', ',', 'EE,UK', 'XX', 'EU']) {
      assert.deepEqual(problemsOf({ SMARTID_COUNTRIES }), ['SMARTID_COUNTRIES'], SMARTID_COUNTRIES);
    }
  });
});
