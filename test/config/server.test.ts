import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/config.ts';
import { LIVE, problemsOf } from './problems.ts';

describe('the configuration of the server', () => {
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

  it('takes an IPv6 address to listen on with and without brackets, and refuses a value that is not a host', () => {
    for (const HOST of ['[::1]', '::1']) assert.equal(loadConfig({ HOST }).host, '::1');
    for (const HOST of ['0.0.0.0', 'sild.internal', 'fe80::1%eth0'])
      assert.equal(loadConfig({ HOST }).host, HOST);
    for (const HOST of [
      '127.0.0.1:3000',
      '[::1]:3000',
      'http://localhost',
      'a b',
      '*',
      '0',
      '0x0',
      '0x',
      '127.1',
      '127.0x1',
    ])
      for (const name of ['HOST', 'OPS_HOST']) assert.deepEqual(problemsOf({ [name]: HOST }), [name], HOST);
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

  it('accepts the number of proxies in front', () => {
    const hops = (TRUST_PROXY: string) => loadConfig({ TRUST_PROXY }).trustProxy;
    assert.deepEqual(['', 'false', 'true', '2'].map(hops), [0, 0, 1, 2]);
    for (const TRUST_PROXY of ['yes', '0', '10', '-1', '10.0.0.0/8']) {
      assert.deepEqual(problemsOf({ TRUST_PROXY }), ['TRUST_PROXY'], TRUST_PROXY);
    }
  });
});
