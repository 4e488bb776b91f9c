import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { DEFAULT_CIPHERS } from 'node:tls';
import { describe, it, type TestContext } from 'node:test';
import { createDispatcher, type DispatcherOptions } from '../../src/http/dispatcher.ts';
import { fetchBounded } from '../../src/http/bounded-fetch.ts';
import { HttpError } from '../../src/http/errors.ts';
import { pinOf } from '../../src/http/tls-pins.ts';
import { createTestPki, days } from '../support/certificates/certificates.ts';
import { withProxyInEnvironment } from '../support/servers/proxy-in-environment.ts';
import {
  issueServerCertificate,
  pemOf,
  type TlsServer,
  tlsServer,
  type TlsServerOptions,
} from '../support/servers/tls-server.ts';

const pki = createTestPki();
const genuine = issueServerCertificate(pki);
const chain = [pki.issuing.certificate];
const OTHER_PIN = Buffer.alloc(32, 7).toString('base64');

const LIMITS = { timeoutMs: 5_000, maxBytes: 64 * 1024 };

const pin = (certificate: Buffer) => pinOf(new X509Certificate(certificate));

function serving(test: TestContext, options: Partial<TlsServerOptions> = {}): Promise<TlsServer> {
  return tlsServer(test, genuine, { chain, ...options });
}

/** What one request through a new dispatcher comes to: the answer's status, or why there was none. */
async function asked(
  test: TestContext,
  { url }: { readonly url: string },
  options: DispatcherOptions = {},
): Promise<number | string> {
  const dispatcher = createDispatcher({ ca: pemOf(pki.root.certificate), ...options });
  test.after(() => dispatcher.destroy());
  try {
    return (await fetchBounded({ url, method: 'POST', body: '{}' }, { dispatcher, ...LIMITS })).status;
  } catch (error) {
    assert.ok(error instanceof HttpError);
    // Of the codes, this one says that nothing was sent.
    assert.equal(error.code, 'connection_failed');
    return error.reason ?? error.code;
  }
}

describe('any connection', () => {
  it('goes through no proxy of the environment: only one that it is given', async (test) => {
    const connections = await withProxyInEnvironment(test);
    assert.equal(await asked(test, await serving(test)), 200);
    assert.equal(connections(), 0);
  });
});

describe('a pinned connection', () => {
  it('is made where the server’s key is pinned, or that of a CA above it', async (test) => {
    const server = await serving(test, { chain: [...chain, pki.root.certificate] });
    for (const certificate of [genuine.certificate, pki.issuing.certificate, pki.root.certificate])
      assert.equal(await asked(test, server, { pins: [pin(certificate)] }), 200);
  });

  it('reports the server’s own certificate, only where a pin matches', async (test) => {
    const server = await serving(test);
    const reported: string[] = [];
    const onPresented = ({ raw }: X509Certificate) => reported.push(raw.toString('base64'));
    await asked(test, server, { pins: [OTHER_PIN], onPresented });
    assert.deepEqual(reported, []);
    assert.equal(await asked(test, server, { pins: [pin(genuine.certificate)], onPresented }), 200);
    assert.deepEqual(reported, [genuine.certificate.toString('base64')]);
  });

  it('is made where one of several pins matches, so that a key can change', async (test) => {
    const server = await serving(test);
    assert.equal(await asked(test, server, { pins: [OTHER_PIN, pin(genuine.certificate)] }), 200);
  });

  it('is made to a renewed certificate of the same key, and not to one of another key', async (test) => {
    const pins = [pin(genuine.certificate)];
    const renewed = issueServerCertificate(pki, { keys: genuine.keys });
    const rekeyed = issueServerCertificate(pki);
    assert.equal(await asked(test, await tlsServer(test, renewed, { chain }), { pins }), 200);
    assert.equal(await asked(test, await tlsServer(test, rekeyed, { chain }), { pins }), 'TLS_PIN_MISMATCH');
  });

  it('is refused before anything is sent where no pin matches, and the presented pins are reported', async (test) => {
    const server = await serving(test);
    const told: (readonly string[])[] = [];
    const onMismatch = (presented: readonly string[]) => told.push(presented);
    assert.equal(await asked(test, server, { pins: [OTHER_PIN], onMismatch }), 'TLS_PIN_MISMATCH');
    assert.deepEqual(told, [[pin(genuine.certificate), pin(pki.issuing.certificate)]]);
    // A request of before would have come before this one.
    assert.equal(await asked(test, server), 200);
    assert.equal(server.requests(), 1);
  });

  it('is refused if the pinned certificate is sent but has not signed the others', async (test) => {
    const attacker = createTestPki();
    // A CA that is believed, of the pinned one's name, and a server's certificate under it.
    const theirs = issueServerCertificate(attacker);
    const ca = pemOf(attacker.root.certificate);
    const pins = [pin(pki.issuing.certificate), pin(genuine.certificate)];
    for (const sent of [
      [pki.issuing.certificate, attacker.issuing.certificate],
      [attacker.issuing.certificate, pki.issuing.certificate],
      [attacker.issuing.certificate, genuine.certificate],
    ]) {
      const server = await tlsServer(test, theirs, { chain: sent });
      assert.equal(await asked(test, server, { ca }), 200);
      assert.equal(await asked(test, server, { ca, pins }), 'TLS_PIN_MISMATCH');
      assert.equal(server.requests(), 1);
    }
  });

  it('is checked against its pins each time: no session is resumed', async (test) => {
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      const server = await serving(test, {
        maxVersion,
        respond: (_request, response) => {
          response.writeHead(200, { 'content-type': 'application/json', connection: 'close' }).end('{}');
        },
      });
      const dispatcher = createDispatcher({
        ca: pemOf(pki.root.certificate),
        pins: [pin(genuine.certificate)],
      });
      test.after(() => dispatcher.destroy());
      for (let count = 1; count <= 3; count++) {
        const { status } = await fetchBounded({ url: server.url }, { dispatcher, ...LIMITS });
        assert.equal(status, 200);
        assert.equal(server.connections(), count);
      }
    }
  });

  it('is refused where there is no TLS at all', async (test) => {
    const server = await serving(test);
    const plain = { url: server.url.replace('https:', 'http:') };
    assert.equal(await asked(test, plain, { pins: [pin(genuine.certificate)] }), 'TLS_PIN_MISMATCH');
  });
});

describe('any connection', () => {
  it('is refused to a certificate of an unknown CA, an expired one or one of another host, pinned or not', async (test) => {
    const expired = issueServerCertificate(pki, { notAfter: days(pki.now, -1) });
    const elsewhere = issueServerCertificate(pki, { host: 'rp-api.example' });
    for (const [code, certificate, ca] of [
      ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', genuine, createTestPki().root],
      ['CERT_HAS_EXPIRED', expired, pki.root],
      ['ERR_TLS_CERT_ALTNAME_INVALID', elsewhere, pki.root],
    ] as const) {
      const server = await tlsServer(test, certificate, { chain });
      for (const pins of [[], [pin(certificate.certificate)]])
        assert.equal(await asked(test, server, { ca: pemOf(ca.certificate), pins }), code);
      assert.equal(server.requests(), 0);
    }
  });

  it('is refused to a CA that is not in Node’s store, also if the environment disables validation', async (test) => {
    const server = await serving(test);
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    test.after(() => {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    });
    const code = await asked(test, server, { ca: undefined });
    assert.match(String(code), /UNABLE_TO_GET_ISSUER_CERT|SELF_SIGNED/);
    assert.equal(server.requests(), 0);
  });

  it('is made with TLS 1.2 and 1.3, and not with 1.1', async (test) => {
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const server = await serving(test, { minVersion: version, maxVersion: version });
      assert.equal(await asked(test, server), 200);
    }
    const old = await serving(test, {
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: `${DEFAULT_CIPHERS}:@SECLEVEL=0`,
    });
    assert.match(String(await asked(test, old)), /TLSV1_ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/);
    assert.equal(old.connections(), 0);
  });
});
