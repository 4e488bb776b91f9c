import assert from 'node:assert/strict';
import { randomBytes, X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { doctor, type DoctorContext } from '../../src/doctor/doctor.ts';
import { createLogger } from '../../src/log/logger.ts';
import { createSecrets } from '../../src/secrets/secrets.ts';
import { KNOWN_AUTHORITIES } from '../../src/smart-id/known-authorities.ts';
import { pinOf } from '../../src/http/tls-pins.ts';
import { openPglite } from '../../src/store/drivers/pglite.ts';
import { openStore } from '../../src/store/store.ts';
import { createTestPki, days } from '../support/certificates/certificates.ts';
import { revocationService } from '../support/revocation/revocation-service.ts';
import {
  issueServerCertificate,
  pemOf,
  type ServerCertificate,
  tlsServer,
  type TlsServerOptions,
} from '../support/servers/tls-server.ts';
import { fingerprintOf, pem } from '../trust/smart-id-of-tests.ts';

const log = createLogger({ level: 'silent' });
const SECRET_KEY = '1bN4dQ7fT0hW3kZ6mC9pF2rJ5tM8vP1x';
const pki = createTestPki();
const certificate = issueServerCertificate(pki, { notAfter: days(pki.now, 90) });
const pin = pinOf(new X509Certificate(certificate.certificate));
const issuerPin = pinOf(new X509Certificate(pki.issuing.certificate));

let directory: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sild-doctor-'));
});
after(() => rm(directory, { recursive: true }));

async function examined(environment: DoctorContext['environment'], changes: Partial<DoctorContext> = {}) {
  const lines: string[] = [];
  const status = await doctor({
    environment,
    known: KNOWN_AUTHORITIES,
    ca: pemOf(pki.root.certificate),
    now: () => Date.now(),
    log,
    print: (line) => lines.push(line),
    ...changes,
  });
  return { status, text: lines.join('\n') };
}

/** A correct environment of the live service, with the given changes. */
async function environmentOf(
  test: TestContext,
  changes: Readonly<Record<string, string>> = {},
  server: ServerCertificate = certificate,
  options: Partial<TlsServerOptions> = {},
) {
  const { url } = await tlsServer(test, server, { chain: [pki.issuing.certificate], ...options });
  const trust = await mkdtemp(join(directory, 'trust-'));
  await writeFile(join(trust, 'ca.pem'), pem(pki.issuing));
  return {
    ISSUER: 'https://login.example.ee',
    DATA_DIR: join(directory, 'no-data'),
    SECRET_KEY,
    SMARTID_ENVIRONMENT: 'live',
    SMARTID_RP_UUID: '11111111-2222-4333-8444-555555555555',
    SMARTID_RP_NAME: 'Example',
    SMARTID_BASE_URL: `${url}v3/`,
    SMARTID_TLS_PINS: `sha256/${pin}`,
    TRUST_DIR: trust,
    TRUST_EXTRA_SHA256: fingerprintOf(pki.issuing),
    ...changes,
  };
}

/** The issuing CA, and its root, whose presence makes the issuing CA an intermediate. */
async function withRoot(environment: Awaited<ReturnType<typeof environmentOf>>) {
  await writeFile(join(environment.TRUST_DIR, 'root.pem'), pem(pki.root));
  return { ...environment, TRUST_EXTRA_SHA256: [pki.issuing, pki.root].map(fingerprintOf).join() };
}

/** Without the warnings about CAs that the test environment lacks. */
const known = { live: [], demo: [] };

describe('sild doctor', () => {
  it('finds no problem in a correct configuration', async (test) => {
    const { status, text } = await examined(await environmentOf(test), { known });
    assert.equal(status, 0, text);
    assert.doesNotMatch(text, /^(warning|problem)/m);
    for (const line of [
      /^ok {7}configuration: the issuer is https:\/\/login\.example\.ee$/m,
      /^ok {7}database: embedded, made in .* at the first start$/m,
      /^ok {7}trust directory: 1 CA certificates in /m,
      /^ok {7}Smart-ID: localhost:\d+ speaks TLSv1\.3; its certificate is valid$/m,
      /^ok {7}SMARTID_TLS_PINS: one of the presented keys is pinned$/m,
      /^ok {7}clock: agrees with Smart-ID’s$/m,
    ])
      assert.match(text, line);
  });

  it('shows the presented chain with its pins and expiry, before pins are set', async (test) => {
    const environment = await environmentOf(test, { SMARTID_TLS_PINS: '' });
    const { status, text } = await examined(environment);
    assert.equal(status, 1);
    assert.match(text, /^problem {2}configuration: SMARTID_TLS_PINS is required/m);
    const until = days(pki.now, 90).toISOString().slice(0, 10);
    assert.ok(
      text.includes(`CN=localhost\n           pin    sha256/${pin}\n           until  ${until}\n`),
      text,
    );
    assert.ok(text.includes(`pin    sha256/${issuerPin}\n`));
    assert.match(
      text,
      new RegExp(
        `^warning {2}SMARTID_TLS_PINS: .*\\n +SMARTID_TLS_PINS=sha256/${pin.replaceAll('+', '\\+')}$`,
        'm',
      ),
    );
    assert.match(text, /^warning {2}trust directory: CAs are missing.*\n +SK ID Solutions EID-Q 2024E$/m);
  });

  it('checks the revocation of an issuing CA whose root is trusted, as every login does', async (test) => {
    const environment = await withRoot(await environmentOf(test));
    const service = revocationService(pki, pki.issuing.certificate, () => new Date());
    const { fetch } = service;
    const good = await examined(environment, { known, fetch });
    assert.equal(good.status, 0, good.text);
    assert.match(good.text, /^ok {7}revocation: Sild test EID-Q is good, says its OCSP responder$/m);

    service.ocsp.root = 'timed_out';
    const byList = await examined(environment, { known, fetch });
    assert.equal(byList.status, 0, byList.text);
    assert.match(
      byList.text,
      /^warning {2}revocation: .* is good, says the list of its root alone\n +its OCSP responder: timed_out/m,
    );

    service.crl.root = 'connection_failed';
    const byNobody = await examined(environment, { known, fetch });
    assert.equal(byNobody.status, 1);
    assert.match(byNobody.text, /^problem {2}revocation: nobody vouches for Sild test EID-Q, so/m);
    const lax = await examined({ ...environment, REVOCATION: 'best-effort' }, { known, fetch });
    assert.equal(lax.status, 0);
    assert.match(lax.text, /^warning {2}revocation: nobody vouches for /m);

    service.crl.root = { revoked: [pki.issuing.certificate] };
    const revoked = await examined({ ...environment, REVOCATION: 'best-effort' }, { known, fetch });
    assert.equal(revoked.status, 1);
    assert.match(revoked.text, /^problem {2}revocation: Sild test EID-Q is revoked/m);

    const asked = service.requests.length;
    const off = await examined({ ...environment, REVOCATION: 'off' }, { known, fetch });
    assert.doesNotMatch(off.text, / revocation: /);
    assert.equal(service.requests.length, asked);
  });

  it('reports that the presented keys are not pinned, and sends no request to that server', async (test) => {
    let asked = 0;
    const environment = await environmentOf(
      test,
      { SMARTID_TLS_PINS: Buffer.alloc(32).toString('base64') },
      certificate,
      {
        respond: (_request, response) => {
          asked += 1;
          response.end();
        },
      },
    );
    const { status, text } = await examined(environment);
    assert.equal(status, 1);
    assert.match(text, /^problem {2}SMARTID_TLS_PINS: none of the presented keys is pinned/m);
    assert.ok(text.includes(`SMARTID_TLS_PINS=sha256/${pin}`));
    assert.doesNotMatch(text, /clock/);
    assert.equal(asked, 0);
  });

  it('shows a certificate that Sild would refuse, with the reason', async (test) => {
    for (const [server, code] of [
      [issueServerCertificate(pki, { notAfter: days(pki.now, -1) }), 'CERT_HAS_EXPIRED'],
      [issueServerCertificate(pki, { host: 'rp-api.example' }), 'ERR_TLS_CERT_ALTNAME_INVALID'],
      [issueServerCertificate(createTestPki()), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ] as const) {
      const { status, text } = await examined(await environmentOf(test, {}, server));
      assert.equal(status, 1);
      assert.match(text, new RegExp(`^problem {2}Smart-ID: .* is not valid \\(${code}\\)$`, 'm'));
      assert.match(text, /pin {4}sha256\//);
    }
  });

  it('warns of a certificate that expires soon', async (test) => {
    const server = issueServerCertificate(pki, { keys: certificate.keys, notAfter: days(pki.now, 10) });
    const { status, text } = await examined(await environmentOf(test, {}, server));
    assert.equal(status, 0, text);
    assert.match(text, /^warning {2}Smart-ID: .* expires in (9|10) days$/m);
  });

  it('compares the clock with Smart-ID’s, for any status of the answer', async (test) => {
    for (const [offset, line] of [
      [20_000, /^warning {2}clock: (19|20|21) seconds ahead of Smart-ID’s$/m],
      [-20_000, /^warning {2}clock: (19|20|21) seconds behind Smart-ID’s$/m],
      [120_000, /^problem {2}clock: 1(19|20|21) seconds ahead of /m],
    ] as const) {
      const environment = await environmentOf(test, {}, certificate, {
        respond: (_request, response) => response.writeHead(401).end('no'),
      });
      const { status, text } = await examined(environment, { now: () => Date.now() + offset, known });
      assert.match(text, line);
      assert.equal(status, Math.abs(offset) > 60_000 ? 1 : 0);
    }
    const silent = await environmentOf(test, {}, certificate, {
      respond: (_request, response) => {
        response.sendDate = false;
        response.end();
      },
    });
    assert.match((await examined(silent)).text, /^warning {2}clock: .*no Date/m);
  });

  it('reports that Smart-ID cannot be reached', async (test) => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const environment = await environmentOf(test, { SMARTID_BASE_URL: `https://localhost:${port}/v3/` });
    const { status, text } = await examined(environment);
    assert.equal(status, 1);
    assert.match(text, /^problem {2}Smart-ID: no TLS connection to localhost:\d+ \(ECONNREFUSED\)$/m);
  });

  it('reports every problem of the configuration, and still checks what it can', async (test) => {
    const environment = await environmentOf(test, { ISSUER: 'http://login.example.ee', PORT: 'x' });
    await writeFile(join(environment.TRUST_DIR, 'other.pem'), pem(pki.root));
    const { status, text } = await examined(environment);
    assert.equal(status, 1);
    for (const line of [
      /^problem {2}configuration: ISSUER /m,
      /^problem {2}configuration: PORT /m,
      /^problem {2}trust directory: .*other\.pem: /m,
      /^ok {7}Smart-ID/m,
    ])
      assert.match(text, line);
  });

  it('warns of variables that Sild would ignore', async (test) => {
    const { status, text } = await examined(await environmentOf(test, { SMARTID_FLOW: 'qr' }), { known });
    assert.equal(status, 0, text);
    assert.match(text, /^warning {2}configuration: SMARTID_FLOW is no variable of Sild: SMARTID_FLOWS\?$/m);
  });

  it('reports what it did not examine, and the variable that prevents it', async (test) => {
    const environment = await environmentOf(test, { SMARTID_TLS_PINS: 'x', DATABASE_URL: 'mysql://db' });
    const { status, text } = await examined(environment, { known });
    assert.equal(status, 1);
    assert.match(
      text,
      /^warning {2}trust directory, .*TLS, clock: not examined, because of SMARTID_TLS_PINS$/m,
    );
    assert.match(text, /^warning {2}database, SECRET_KEY: not examined, because of DATABASE_URL$/m);
  });

  it('has few checks with the simulator', async () => {
    const { status, text } = await examined({ DATA_DIR: join(directory, 'no-data') });
    assert.equal(status, 0);
    assert.match(text, /^ok {7}trust directory: none/m);
    assert.match(text, /^ok {7}Smart-ID: simulated/m);
  });
});

describe('sild doctor and the database', () => {
  it('reports whether it is up to date, in use, of a newer release, and opens with SECRET_KEY', async () => {
    const dataDir = join(directory, 'data');
    const store = await openStore({
      databaseUrl: undefined,
      dataDir,
      secrets: createSecrets(SECRET_KEY),
      now: () => Date.now(),
      log,
    });
    const environment = { DATA_DIR: dataDir, SECRET_KEY };
    const inUse = await examined(environment);
    assert.match(inUse.text, /^ok {7}database: embedded, used by a running Sild/m);
    assert.equal(inUse.status, 0);
    await store.close();

    const fresh = await examined(environment);
    assert.match(fresh.text, /^ok {7}database: embedded PostgreSQL \d+[.\d]*, up to date$/m);
    assert.match(fresh.text, /^ok {7}SECRET_KEY: opens what the database keeps$/m);
    const another = await examined({ DATA_DIR: dataDir, SECRET_KEY: 'kq3V8xZ1mB7tR5wY9cD2fG6hJ4nL0pSs' });
    assert.equal(another.status, 1, 'Sild would not start either, though no key signs yet');
    assert.match(another.text, /^problem {2}SECRET_KEY: does not open what the database keeps/m);

    const pglite = await openPglite(join(dataDir, 'db'));
    await pglite.query(`insert into kysely_migration (name, timestamp) values ('9999-later', '')`);
    await pglite.close();
    const newer = await examined(environment);
    assert.equal(newer.status, 0);
    assert.match(
      newer.text,
      /^warning {2}database: embedded PostgreSQL \d+[.\d]*, of a newer release, .*:\n.*9999-later$/m,
    );

    const lost = await examined({ DATA_DIR: dataDir });
    assert.equal(lost.status, 1);
    assert.match(
      lost.text,
      /^problem {2}SECRET_KEY: .* no key that opens it: set the SECRET_KEY .* before, or .*secret-key$/m,
    );

    await writeFile(join(dataDir, 'secret-key'), `${randomBytes(48).toString('base64')}\n`);
    const besides = await examined({ DATA_DIR: dataDir, SECRET_KEY: 'kq3V8xZ1mB7tR5wY9cD2fG6hJ4nL0pSs' });
    assert.match(besides.text, /^problem {2}SECRET_KEY: .* another one, perhaps the one in .*secret-key, /m);
  });

  it('reports that a server does not answer, without its password', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const { status, text } = await examined({
      DATABASE_URL: `postgres://sild:hunter2@127.0.0.1:${port}/sild`,
      SECRET_KEY,
    });
    assert.equal(status, 1);
    assert.match(text, /^problem {2}database: .* cannot be reached \(ECONNREFUSED\)/m);
    assert.doesNotMatch(text, /hunter2/);
  });
});
