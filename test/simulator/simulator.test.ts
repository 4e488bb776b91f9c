import 'reflect-metadata';
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import * as x509 from '@peculiar/x509';
import { pino } from 'pino';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { authenticate, certificateOf, createSession, startTestSimulator } from './relying-party.ts';

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'sild-simulator-'));
  after(() => rm(directory, { recursive: true }));
  return directory;
}

type StoredAuthorities = Record<'root' | 'QUALIFIED', { certificate: string; privateKey: string }>;

/** The same names and keys, so that earlier certificates and trust anchors stay valid. */
function assertSameAuthority(one: Simulator, other: Simulator): void {
  const authorities = ({ trustAnchors }: Simulator) =>
    trustAnchors.map((der) => {
      const { subject, publicKey } = new X509Certificate(der);
      return { subject, key: publicKey.export({ type: 'spki', format: 'pem' }) };
    });
  assert.notDeepEqual(one.trustAnchors, other.trustAnchors);
  assert.deepEqual(authorities(one), authorities(other));
}

async function withoutAddresses(
  { root, ...issuing }: StoredAuthorities,
  level: 'QUALIFIED',
): Promise<StoredAuthorities['root']> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' };
  const pkcs8 = Buffer.from(root.privateKey, 'base64');
  const signingKey = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']);
  const { subject, publicKey, extensions } = new x509.X509Certificate(issuing[level].certificate);
  const older = await x509.X509CertificateGenerator.create({
    subject,
    issuer: new x509.X509Certificate(root.certificate).subject,
    publicKey,
    signingKey,
    signingAlgorithm: algorithm,
    extensions: extensions.filter(({ type }) => type !== '1.3.6.1.5.5.7.1.1' && type !== '2.5.29.31'),
  });
  return { ...issuing[level], certificate: Buffer.from(older.rawData).toString('base64') };
}

/** The status of a GET whose Host header has this name; `fetch` would not send it. */
async function statusByName(port: number, path: string, name: string): Promise<number | undefined> {
  const asked = request({ port, path, headers: { host: name }, agent: false }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

describe('the simulator', () => {
  it('returns its addresses', async () => {
    const { port, baseUrl, phoneUrl } = await startTestSimulator();
    assert.equal(baseUrl, `http://localhost:${port}/smart-id-rp/v3/`);
    assert.equal(phoneUrl, `http://localhost:${port}/`);
  });

  it('listens on localhost and 127.0.0.1', async () => {
    const { port } = await startTestSimulator();
    for (const host of ['localhost', '127.0.0.1']) {
      assert.equal((await fetch(`http://${host}:${port}/`)).status, 200, host);
    }
  });

  it('answers on loopback to names of loopback alone, and elsewhere to any', async () => {
    const { port } = await startTestSimulator();
    for (const path of ['/', '/control/sessions', '/smart-id-rp/v3/session/none', '/ca/none']) {
      for (const name of ['attacker.example', `localhost.attacker.example:${port}`]) {
        assert.equal(await statusByName(port, path, name), 403, `${name}${path}`);
      }
    }
    for (const name of ['localhost', `127.0.0.1:${port}`, `[::1]:${port}`, `sild.localhost:${port}`]) {
      assert.equal(await statusByName(port, '/', name), 200, name);
    }
    const elsewhere = await startTestSimulator({ host: '0.0.0.0' });
    assert.equal(await statusByName(elsewhere.port, '/', 'simulator'), 200);
  });

  it('answers 400 to a body that is not compressed as it says, at every address', async () => {
    const { phoneUrl } = await startTestSimulator();
    const at = (path: string, type: string, encoding: string) =>
      fetch(phoneUrl + path, {
        method: 'POST',
        headers: { 'content-type': type, 'content-encoding': encoding },
        body: 'not compressed',
      });
    const json = 'application/json';
    for (const encoding of ['gzip', 'br']) {
      for (const [path, type] of [
        ['smart-id-rp/v3/authentication/notification/etsi/PNOEE-40504040001', json],
        ['smart-id-rp/v2/authentication/etsi/PNOEE-40504040001', json],
        ['mock/device-link', json],
        ['control/accounts', json],
        ['revocation', json],
        ['device-link', 'application/x-www-form-urlencoded'],
      ] as const) {
        const answer = await at(path, type, encoding);
        assert.equal(answer.status, 400, `${path} ${encoding}`);
        assert.equal(((await answer.json()) as { status: number }).status, 400);
      }
    }
  });

  it('rejects with EADDRINUSE if its port is in use, and the other process keeps running', async () => {
    const { port, phoneUrl } = await startTestSimulator();
    await assert.rejects(startTestSimulator({ port }), { code: 'EADDRINUSE' });
    await assert.rejects(startTestSimulator({ port, host: '127.0.0.1' }), { code: 'EADDRINUSE' });
    assert.equal((await fetch(phoneUrl)).status, 200);
  });

  it('frees its port when it closes while a phone page is open', async () => {
    const simulator = await startTestSimulator();
    const { port, phoneUrl } = simulator;
    const events = await fetch(new URL('/events', phoneUrl));
    await simulator.close();
    await events.text();
    const next = await startTestSimulator({ port });
    assert.equal(next.port, port);
  });

  it('stores its CA and account key in its data directory, readable only by the owner', async () => {
    const dataDir = join(await temporaryDirectory(), 'simulator');
    const first = await startTestSimulator({ dataDir });
    const before = certificateOf(await authenticate(first, 'PNOEE-40504040001'));
    await first.close();
    const second = await startTestSimulator({ dataDir, port: first.port });
    const after = certificateOf(await authenticate(second, 'PNOEE-40504040001'));
    assert.deepEqual(second.trustAnchors, first.trustAnchors);
    assert.ok(after.publicKey.equals(before.publicKey));

    const files = await readdir(dataDir);
    assert.deepEqual(files.sort(), ['account-key.json', 'certificate-authority.json']);
    for (const file of files) assert.equal((await stat(join(dataDir, file))).mode & 0o777, 0o600);
    assert.equal((await stat(dataDir)).mode & 0o777, 0o700);
  });

  it('keeps the names and keys of its CAs after a change of the port', async () => {
    const dataDir = await temporaryDirectory();
    const first = await startTestSimulator({ dataDir });
    const second = await startTestSimulator({ dataDir });
    assertSameAuthority(second, first);
    assert.deepEqual((await readdir(dataDir)).sort(), ['certificate-authority.json']);
    await second.close();
    const third = await startTestSimulator({ dataDir, port: second.port });
    assert.deepEqual(third.trustAnchors, second.trustAnchors, 'reissued once, then stored');
  });

  it('reissues the certificates of issuing CAs stored by an older release', async () => {
    const dataDir = await temporaryDirectory();
    const first = await startTestSimulator({ dataDir });
    await first.close();
    const path = join(dataDir, 'certificate-authority.json');
    const stored = JSON.parse(await readFile(path, 'utf8')) as StoredAuthorities;
    // An older release wrote no publication addresses.
    const older = { ...stored, QUALIFIED: await withoutAddresses(stored, 'QUALIFIED') };
    await writeFile(path, JSON.stringify(older));
    const next = await startTestSimulator({ dataDir, port: first.port });
    assertSameAuthority(next, first);
    const [qualified] = next.trustAnchors;
    assert.ok(Buffer.from(qualified ?? []).includes(`${first.phoneUrl}ca/root.crl`));
    assert.deepEqual(next.trustAnchors[1], first.trustAnchors[1], 'the other CA already has the addresses');
    await authenticate(next, 'PNOEE-40504040001');
  });

  it('refuses to start with a damaged CA file', async () => {
    const dataDir = await temporaryDirectory();
    await writeFile(join(dataDir, 'certificate-authority.json'), '{"root":');
    await assert.rejects(startTestSimulator({ dataDir }), /certificate-authority\.json is damaged/);
    const closed = await startTestSimulator();
    const { port } = closed;
    await closed.close();
    await assert.rejects(startTestSimulator({ dataDir, port }), /damaged/);
    assert.equal((await startTestSimulator({ port })).port, port, 'the port is free again');
  });

  it('logs no personal codes and no names', async () => {
    let text = '';
    const log = pino({ level: 'trace' }, { write: (line) => void (text += line) });
    const simulator = await startTestSimulator({ log });
    await authenticate(simulator, 'PNOEE-40504040001');
    await createSession(simulator, 'PNOEE-47101010033');
    await fetch(`${simulator.baseUrl}authentication/notification/etsi/PNOEE-47101010033`);
    await simulator.close();
    assert.match(text, /session complete/);
    assert.doesNotMatch(text, /40504040001|47101010033|KONNE|TEST/);
  });
});
