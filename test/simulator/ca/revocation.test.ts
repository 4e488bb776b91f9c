/** OCSP responses and CRLs of the simulated CAs, parsed only with node:crypto and the library's schemas. */
import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify, X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import {
  BasicOCSPResponse,
  CertID,
  id_pkix_ocsp_nonce,
  OCSPRequest,
  OCSPResponse,
  Request,
  TBSRequest,
} from '@peculiar/asn1-ocsp';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  Certificate,
  CertificateList,
  Extension,
  TBSCertList,
} from '@peculiar/asn1-x509';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { authenticate, certificateOf, requestBody, startTestSimulator } from '../relying-party.ts';

const NONCE = Buffer.from('a nonce of sixteen bytes or so');
const REVOKED = 'PNOEE-39909096083';
const OK = 'PNOEE-40504040001';
const BASIC = 'PNOLT-40504049999';

interface OcspResult {
  status: 'good' | 'revoked' | 'unknown';
  basic: BasicOCSPResponse;
  /** Whether the CA's responder signed it. */
  signed: boolean;
}

async function certificate(
  simulator: Simulator,
  identifier: string,
  certificateLevel = 'QUALIFIED',
): Promise<X509Certificate> {
  return certificateOf(await authenticate(simulator, identifier, requestBody({ certificateLevel })));
}

async function issuerOf(simulator: Simulator, slug: string): Promise<X509Certificate> {
  const response = await fetch(new URL(`/ca/${slug}.der.crt`, simulator.phoneUrl));
  return new X509Certificate(Buffer.from(await response.arrayBuffer()));
}

function certId(about: X509Certificate, issuer: X509Certificate, hash: 'sha1' | 'sha256'): CertID {
  const { subject, subjectPublicKeyInfo } = AsnConvert.parse(issuer.raw, Certificate).tbsCertificate;
  const digest = (bytes: ArrayBuffer) =>
    new OctetString(Uint8Array.from(createHash(hash).update(new Uint8Array(bytes)).digest()));
  const algorithm = hash === 'sha1' ? '1.3.14.3.2.26' : '2.16.840.1.101.3.4.2.1';
  return new CertID({
    hashAlgorithm: new AlgorithmIdentifier({ algorithm, parameters: null }),
    issuerNameHash: digest(AsnConvert.serialize(subject)),
    issuerKeyHash: digest(subjectPublicKeyInfo.subjectPublicKey),
    serialNumber: AsnConvert.parse(about.raw, Certificate).tbsCertificate.serialNumber,
  });
}

function ocspRequest(...ids: CertID[]): Buffer {
  const extnValue = new OctetString(AsnConvert.serialize(new OctetString(Uint8Array.from(NONCE))));
  const tbsRequest = new TBSRequest({
    requestList: ids.map((reqCert) => new Request({ reqCert })),
    requestExtensions: [new Extension({ extnID: id_pkix_ocsp_nonce, extnValue })],
  });
  return Buffer.from(AsnConvert.serialize(new OCSPRequest({ tbsRequest })));
}

async function post(simulator: Simulator, slug: string, body: Buffer): Promise<OCSPResponse> {
  const response = await fetch(new URL(`/ocsp/${slug}`, simulator.phoneUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/ocsp-request' },
    body: new Uint8Array(body),
  });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'application/ocsp-response');
  return AsnConvert.parse(await response.arrayBuffer(), OCSPResponse);
}

async function ask(
  simulator: Simulator,
  slug: string,
  about: X509Certificate,
  hash: 'sha1' | 'sha256' = 'sha1',
): Promise<OcspResult> {
  const issuer = await issuerOf(simulator, slug);
  return read(await post(simulator, slug, ocspRequest(certId(about, issuer, hash))), issuer);
}

function read({ responseStatus, responseBytes }: OCSPResponse, issuer: X509Certificate): OcspResult {
  assert.equal(responseStatus, 0);
  const basic = AsnConvert.parse(responseBytes?.response.buffer ?? new ArrayBuffer(0), BasicOCSPResponse);
  const [first] = basic.certs ?? [];
  assert.ok(first);
  const responder = new X509Certificate(Buffer.from(AsnConvert.serialize(first)));
  assert.ok(responder.checkIssued(issuer) && responder.verify(issuer.publicKey), 'certified by the CA');
  assert.deepEqual(responder.keyUsage, ['1.3.6.1.5.5.7.3.9'], 'for OCSP signing');
  const [single] = basic.tbsResponseData.responses;
  assert.ok(single);
  const status = single.certStatus.revoked ? 'revoked' : single.certStatus.good === null ? 'good' : 'unknown';
  const data = Buffer.from(AsnConvert.serialize(basic.tbsResponseData));
  return {
    status,
    basic,
    signed: verify('sha256', data, responder.publicKey, Buffer.from(basic.signature)),
  };
}

interface List {
  serialNumbers: string[];
  list: TBSCertList;
  signed: boolean;
}

async function list(simulator: Simulator, slug: string): Promise<List> {
  const response = await fetch(new URL(`/ca/${slug}.crl`, simulator.phoneUrl));
  assert.equal(response.headers.get('content-type'), 'application/pkix-crl');
  const { tbsCertList, signature } = AsnConvert.parse(await response.arrayBuffer(), CertificateList);
  const { publicKey } = await issuerOf(simulator, slug);
  const data = Buffer.from(AsnConvert.serialize(tbsCertList));
  return {
    serialNumbers: (tbsCertList.revokedCertificates ?? []).map(({ userCertificate }) =>
      Buffer.from(userCertificate).toString('hex').toUpperCase(),
    ),
    list: tbsCertList,
    signed: verify(
      'sha384',
      data,
      createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })),
      Buffer.from(signature),
    ),
  };
}

async function postSettings(simulator: Simulator, changes: unknown): Promise<Response> {
  return await fetch(new URL('/revocation', simulator.phoneUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(changes),
  });
}

async function changeSettings(simulator: Simulator, changes: unknown): Promise<unknown> {
  const response = await postSettings(simulator, changes);
  assert.equal(response.status, 200);
  return await response.json();
}

describe('the OCSP responders', async () => {
  const simulator = await startTestSimulator();

  it('return good for certificates of their CA, with either hash', async () => {
    const person = await certificate(simulator, OK);
    for (const hash of ['sha1', 'sha256'] as const) {
      const { status, signed } = await ask(simulator, 'eid-q', person, hash);
      assert.deepEqual([status, signed], ['good', true]);
    }
    const basic = await certificate(simulator, BASIC, 'ADVANCED');
    assert.equal((await ask(simulator, 'eid-nq', basic)).status, 'good');
  });

  it('return good for the issuing CAs at the root’s responder', async () => {
    for (const slug of ['eid-q', 'eid-nq']) {
      const { status, signed } = await ask(simulator, 'root', await issuerOf(simulator, slug));
      assert.deepEqual([status, signed], ['good', true], slug);
    }
  });

  it('return the nonce, and the times of production and of the next update', async () => {
    const { basic } = await ask(simulator, 'eid-q', await certificate(simulator, OK));
    const { producedAt, responseExtensions, responses } = basic.tbsResponseData;
    assert.equal(responseExtensions?.[0]?.extnID, id_pkix_ocsp_nonce);
    assert.ok(Buffer.from(responseExtensions[0].extnValue.buffer).includes(NONCE));
    const [single] = responses;
    assert.ok(Math.abs(producedAt.getTime() - Date.now()) < 60_000);
    assert.equal(single?.thisUpdate.getTime(), producedAt.getTime());
    assert.equal(single.nextUpdate?.getTime(), producedAt.getTime() + 60_000);
  });

  it('return what SK’s clients require: Archive Cutoff, RSA with SHA-256, one response, its certificate', async () => {
    const { basic, signed } = await ask(simulator, 'eid-q', await certificate(simulator, OK));
    const { responses } = basic.tbsResponseData;
    assert.ok(signed);
    assert.deepEqual([responses.length, basic.certs?.length], [1, 1]);
    const { algorithm, parameters } = basic.signatureAlgorithm;
    assert.deepEqual([algorithm, parameters], ['1.2.840.113549.1.1.11', null]);
    const [cutoff, ...more] = responses[0]?.singleExtensions ?? [];
    assert.deepEqual([cutoff?.extnID, cutoff?.critical, more], ['1.3.6.1.5.5.7.48.1.6', false, []]);
    // A GeneralizedTime in whole seconds, before the response.
    const time = Buffer.from(cutoff?.extnValue.buffer ?? new ArrayBuffer(0)).toString('latin1');
    assert.match(time, /^\x18\x0f\d{14}Z$/);
    const [, year, month, day] = /(\d{4})(\d\d)(\d\d)/.exec(time) ?? [];
    assert.ok(Date.parse(`${year}-${month}-${day}`) <= Date.now());
  });

  it('return unknown for a certificate that their CA has not issued', async () => {
    const elsewhere = await certificate(await startTestSimulator(), OK);
    assert.equal((await ask(simulator, 'eid-q', elsewhere)).status, 'unknown');
  });

  it('return unauthorized for another CA', async () => {
    const person = await certificate(simulator, OK);
    const id = certId(person, await issuerOf(simulator, 'eid-nq'), 'sha1');
    assert.equal((await post(simulator, 'eid-q', ocspRequest(id))).responseStatus, 6);
  });

  it('accept a request in the URL, and refuse malformed requests', async () => {
    const person = await certificate(simulator, OK);
    const issuer = await issuerOf(simulator, 'eid-q');
    const request = ocspRequest(certId(person, issuer, 'sha1')).toString('base64');
    const response = await fetch(new URL(`/ocsp/eid-q/${encodeURIComponent(request)}`, simulator.phoneUrl));
    const answer = AsnConvert.parse(await response.arrayBuffer(), OCSPResponse);
    assert.equal(read(answer, issuer).status, 'good');
    assert.equal((await post(simulator, 'eid-q', Buffer.from('a request'))).responseStatus, 1);
    const form = await fetch(new URL('/ocsp/eid-q', simulator.phoneUrl), { method: 'POST', body: 'a=b' });
    assert.equal(form.status, 415);
    await assert.rejects(post(simulator, 'eid-q', Buffer.alloc(9_000)));
  });

  it('renew their certificate before it expires', async () => {
    let ahead = 0;
    const later = await startTestSimulator({ now: () => new Date(Date.now() + ahead) });
    const before = await ask(later, 'eid-q', await certificate(later, OK));
    ahead = 31 * 86_400_000;
    const after = await ask(later, 'eid-q', await certificate(later, OK));
    assert.equal(after.signed, true);
    assert.notDeepEqual(after.basic.certs, before.basic.certs);
  });
});

describe('the CRLs', async () => {
  const simulator = await startTestSimulator();

  it('are empty, signed, and short-lived', async () => {
    for (const slug of ['root', 'eid-nq', 'eid-q']) {
      const { serialNumbers, signed, list: tbs } = await list(simulator, slug);
      assert.deepEqual([serialNumbers, signed], [[], true], slug);
      const lifetime = (tbs.nextUpdate?.getTime().getTime() ?? 0) - tbs.thisUpdate.getTime().getTime();
      assert.equal(lifetime, 60_000);
    }
  });
});

describe('a revoked certificate', async () => {
  const simulator = await startTestSimulator();

  it('is revoked in OCSP and CRL until the setting is removed', async () => {
    const person = await certificate(simulator, OK);
    const other = await certificate(simulator, 'PNOEE-50001029996');
    await changeSettings(simulator, { revoked: [OK] });
    assert.equal((await ask(simulator, 'eid-q', person)).status, 'revoked');
    assert.equal((await ask(simulator, 'eid-q', other)).status, 'good');
    const revoked = await list(simulator, 'eid-q');
    assert.deepEqual([revoked.serialNumbers, revoked.signed], [[person.serialNumber], true]);
    await changeSettings(simulator, { revoked: [] });
    assert.equal((await ask(simulator, 'eid-q', person)).status, 'good');
    assert.deepEqual((await list(simulator, 'eid-q')).serialNumbers, []);
  });

  it('may be issued after the setting was made', async () => {
    await changeSettings(simulator, { revoked: ['PNOEE-47101010033', 'PNOEE-39901012239'] });
    const person = await certificate(simulator, 'PNOEE-39901012239');
    assert.equal((await ask(simulator, 'eid-q', person)).status, 'revoked');
  });

  it('may belong to an issuing CA', async () => {
    const issuing = await issuerOf(simulator, 'eid-q');
    await changeSettings(simulator, { revoked: ['eid-q'] });
    assert.equal((await ask(simulator, 'root', issuing)).status, 'revoked');
    assert.deepEqual((await list(simulator, 'root')).serialNumbers, [issuing.serialNumber]);
    assert.equal((await ask(simulator, 'root', await issuerOf(simulator, 'eid-nq'))).status, 'good');
  });

  it('always belongs to the account for revoked certificates', async () => {
    await changeSettings(simulator, { revoked: [] });
    const person = await certificate(simulator, REVOKED);
    assert.equal((await ask(simulator, 'eid-q', person)).status, 'revoked');
    assert.deepEqual((await list(simulator, 'eid-q')).serialNumbers, [person.serialNumber]);
  });
});

describe('OCSP responders and CRLs', () => {
  it('can be stale', async () => {
    const simulator = await startTestSimulator();
    const person = await certificate(simulator, OK);
    await changeSettings(simulator, { ocsp: 'stale', crl: 'stale' });
    const { basic, signed } = await ask(simulator, 'eid-q', person);
    const { list: tbs, signed: listSigned } = await list(simulator, 'eid-q');
    const yesterday = Date.now() - 86_400_000;
    assert.ok((basic.tbsResponseData.responses[0]?.nextUpdate?.getTime() ?? Infinity) < yesterday);
    assert.ok((tbs.nextUpdate?.getTime().getTime() ?? Infinity) < yesterday);
    assert.ok(signed && listSigned);
  });

  it('can be signed with the wrong key', async () => {
    const simulator = await startTestSimulator();
    const person = await certificate(simulator, OK);
    await changeSettings(simulator, { ocsp: 'wrong-key', crl: 'wrong-key' });
    const { status, signed } = await ask(simulator, 'eid-q', person);
    assert.deepEqual([status, signed], ['good', false]);
    assert.equal((await list(simulator, 'eid-q')).signed, false);
  });

  it('can be slow', async () => {
    const simulator = await startTestSimulator({ slowMs: 150 });
    const person = await certificate(simulator, OK);
    await changeSettings(simulator, { ocsp: 'slow', crl: 'slow' });
    const begun = performance.now();
    assert.equal((await ask(simulator, 'eid-q', person)).status, 'good');
    assert.equal((await list(simulator, 'eid-q')).signed, true);
    assert.ok(performance.now() - begun >= 290);
  });

  it('can stay silent until the client disconnects or the simulator closes', async () => {
    const simulator = await startTestSimulator();
    const person = await certificate(simulator, OK);
    const issuer = await issuerOf(simulator, 'eid-q');
    await changeSettings(simulator, { ocsp: 'silent', crl: 'silent' });
    const crl = new URL('/ca/eid-q.crl', simulator.phoneUrl);
    await assert.rejects(fetch(crl, { signal: AbortSignal.timeout(100) }), { name: 'TimeoutError' });
    const waiting = [post(simulator, 'eid-q', ocspRequest(certId(person, issuer, 'sha1'))), fetch(crl)].map(
      (answer) => assert.rejects(answer, TypeError),
    );
    await simulator.close();
    await Promise.all(waiting);
  });
});

describe('the revocation settings', async () => {
  const simulator = await startTestSimulator();

  it('change only where a value is given', async () => {
    assert.deepEqual(await changeSettings(simulator, { ocsp: 'slow', revoked: [OK, OK] }), {
      ocsp: 'slow',
      crl: 'answers',
      revoked: [OK],
    });
    assert.deepEqual(await changeSettings(simulator, { crl: 'stale' }), {
      ocsp: 'slow',
      crl: 'stale',
      revoked: [OK],
    });
    const response = await fetch(new URL('/revocation', simulator.phoneUrl), {
      headers: { accept: 'application/json' },
    });
    assert.deepEqual(await response.json(), { ocsp: 'slow', crl: 'stale', revoked: [OK] });
  });

  it('refuse invalid values', async () => {
    for (const changes of [
      { ocsp: 'asleep' },
      { revoked: ['40504040001'] },
      { revoked: ['root'] },
      { revoked: OK },
      { everything: true },
      [],
    ]) {
      assert.equal((await postSettings(simulator, changes)).status, 400, JSON.stringify(changes));
    }
  });

  it('can be changed on a page, which shows the current ones', async () => {
    const page = new URL('/revocation', simulator.phoneUrl);
    const submit = (form: Record<string, string>, headers = {}) =>
      fetch(page, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual', headers });
    const changed = await submit({ ocsp: 'wrong-key', crl: 'answers', revoked: `${OK}\r\n${BASIC}\r\n` });
    assert.equal(changed.status, 303);
    const html = await (await fetch(page, { headers: { accept: 'text/html' } })).text();
    assert.match(html, /value="wrong-key" selected/);
    assert.match(html, new RegExp(`>\\s*${OK}\\s${BASIC}</textarea`));

    const foreign = await submit(
      { ocsp: 'answers', crl: 'answers', revoked: '' },
      { origin: 'https://elsewhere.example' },
    );
    assert.equal(foreign.status, 403);
    assert.equal((await submit({ ocsp: 'answers' })).status, 422);
  });

  it('stay unchanged after an input error, and the page shows the typed text and the wrong line', async () => {
    await changeSettings(simulator, { ocsp: 'answers', crl: 'answers', revoked: [BASIC] });
    const before = await changeSettings(simulator, {});
    for (const [revoked, error] of [
      [`${OK}\r\ngarbage`, 'Line 2, “garbage”, is no account.'],
      [`\r\n\r\n ${'x'.repeat(90)}`, `Line 3, “${'x'.repeat(40)}…”, is no account.`],
      [`${OK}\n`.repeat(1_001), 'There are more than 1000 lines.'],
    ] as const) {
      const refused = await fetch(new URL('/revocation', simulator.phoneUrl), {
        method: 'POST',
        body: new URLSearchParams({ ocsp: 'slow', crl: 'silent', revoked }),
      });
      assert.equal(refused.status, 422);
      const html = await refused.text();
      assert.ok(html.includes(`role="alert">Nothing was changed. ${error}<`), error);
      assert.ok(html.includes(`>\n${revoked}</textarea`), error);
      assert.match(html, /value="slow" selected/);
      assert.match(html, /value="silent" selected/);
    }
    assert.deepEqual(await changeSettings(simulator, {}), before);
  });
});
