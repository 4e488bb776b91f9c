import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { parseCertificate } from '../../src/pki/certificate.ts';
import { validatePath } from '../../src/pki/path-validation.ts';
import { createTrustStore, loadTrustDirectory } from '../../src/pki/trust-store.ts';
import { createTestPki, issueAuthentication } from '../support/certificates.ts';
import {
  issuerNotACa,
  issuerWithoutKeyCertSign,
  issuerWithUnknownCriticalExtension,
} from '../support/defects/issuers.ts';

const pki = createTestPki();
const root = parseCertificate(pki.root.certificate);
const issuing = parseCertificate(pki.issuing.certificate);

/** A CA certificate with a defect, as the issuing CA of a defective certificate is. */
function issuerOf(defective: { trust: { intermediates: readonly Buffer[] } }) {
  return defective.trust.intermediates.map(parseCertificate);
}

describe('createTrustStore', () => {
  it('takes roots and issuing CAs as trust anchors', () => {
    const store = createTrustStore({ anchors: [root, issuing] });
    assert.deepEqual(store.anchors, [root, issuing]);
    assert.deepEqual(store.intermediates, []);
  });

  it('refuses to be without a trust anchor', () => {
    assert.throws(() => createTrustStore({ anchors: [], intermediates: [issuing] }), {
      code: 'no_trust_anchors',
    });
  });

  it('refuses a trust anchor that could end no path', () => {
    const person = parseCertificate(issueAuthentication(pki).certificate);
    for (const anchors of [
      [root, person],
      issuerOf(issuerNotACa(pki)),
      issuerOf(issuerWithoutKeyCertSign(pki)),
      issuerOf(issuerWithUnknownCriticalExtension(pki)),
    ]) {
      assert.throws(() => createTrustStore({ anchors }), { code: 'trust_anchor_unusable' });
    }
  });

  it('keeps what it was made of', () => {
    const anchors = [root];
    const store = createTrustStore({ anchors });
    anchors.push(issuing);
    assert.deepEqual(store.anchors, [root]);
  });
});

describe('loadTrustDirectory', () => {
  const pem = ({ certificate }: { certificate: Buffer }): string =>
    new X509Certificate(certificate).toString();
  let parent: string;
  let directory: string;

  before(async () => {
    parent = await mkdtemp(join(tmpdir(), 'sild-trust-'));
  });
  beforeEach(async () => {
    directory = await mkdtemp(join(parent, 'directory-'));
  });
  after(async () => {
    await rm(parent, { recursive: true });
  });

  it('reads PEM and DER whatever the file is called, in the order of the names', async () => {
    const { nonQualifiedIssuing } = pki;
    await writeFile(join(directory, 'b.cer'), pem(pki.root));
    await writeFile(join(directory, 'a.pem'), `${pem(pki.issuing)}${pem(nonQualifiedIssuing)}`);
    await writeFile(join(directory, 'c.crt'), pki.issuing.certificate);
    await writeFile(join(directory, 'd.DER'), pki.root.certificate);
    await writeFile(join(directory, 'README.md'), 'where these came from');
    const loaded = await loadTrustDirectory(directory);
    assert.deepEqual(
      loaded.map(({ der }) => Buffer.from(der)),
      [
        pki.issuing.certificate,
        nonQualifiedIssuing.certificate,
        pki.root.certificate,
        pki.issuing.certificate,
        pki.root.certificate,
      ],
    );
  });

  it('makes a trust store under which a certificate is verified', async () => {
    await writeFile(join(directory, 'eid-q.pem'), pem(pki.issuing));
    const trust = createTrustStore({ anchors: await loadTrustDirectory(directory) });
    const certificate = parseCertificate(issueAuthentication(pki).certificate);
    assert.equal(validatePath(certificate, trust, pki.now).certificate, certificate);
  });

  it('finds nothing in an empty directory', async () => {
    assert.deepEqual(await loadTrustDirectory(directory), []);
  });

  it('refuses a directory that is not there', async () => {
    await assert.rejects(loadTrustDirectory(join(directory, 'missing')), { code: 'no_trust_anchors' });
  });

  it('names the file that does not hold a certificate', async () => {
    await writeFile(join(directory, 'a.pem'), pem(pki.root));
    await writeFile(join(directory, 'broken.crt'), pki.root.certificate.subarray(1));
    await assert.rejects(loadTrustDirectory(directory), {
      code: 'certificate_malformed',
      message: /broken\.crt/,
    });
  });
});
