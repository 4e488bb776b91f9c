import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KeyUsageFlags } from '@peculiar/asn1-x509';
import { parseCertificate } from '../../src/pki/certificate.ts';
import { validatePath, type VerifiedPath } from '../../src/pki/path-validation.ts';
import { createTrustStore } from '../../src/pki/trust-store.ts';
import { ecKeyPair, signatureAlgorithms } from '../support/certificates/certificate-encoding.ts';
import {
  authenticationTemplate,
  createTestPki,
  days,
  issueAuthentication,
  issueCa,
  issued,
  type IssuedCertificate,
} from '../support/certificates/certificates.ts';
import { tamperedBytes } from '../support/defects/certificate-signatures.ts';
import { pathDefects } from '../support/defects/paths.ts';

const pki = createTestPki();
const rsaPki = createTestPki({ caKeys: 'rsa' });

function validate({ certificate, trust }: IssuedCertificate, at = pki.now): VerifiedPath {
  const store = createTrustStore({
    anchors: trust.anchors.map(parseCertificate),
    intermediates: trust.intermediates.map(parseCertificate),
  });
  return validatePath(parseCertificate(certificate), store, at);
}

function withTrust(
  certificate: IssuedCertificate,
  trust: Partial<IssuedCertificate['trust']>,
): IssuedCertificate {
  return { ...certificate, trust: { anchors: [], intermediates: [], ...trust } };
}

function names({ chain }: VerifiedPath): string[] {
  return chain.flatMap(({ subject }) => subject.values('2.5.4.3'));
}

for (const [kind, testPki] of [
  ['ECDSA', pki],
  ['RSA', rsaPki],
] as const) {
  describe(`a genuine certificate under ${kind} CAs`, () => {
    it('has a path through its issuing CA to the root', () => {
      const path = validate(issueAuthentication(testPki));
      assert.deepEqual(names(path), ['Sild test EID-Q', 'Sild test ROOT']);
      assert.deepEqual(path.certificate.subject.values('2.5.4.5'), ['PNOEE-40504040001']);
    });

    it('has a path to its issuing CA if that is the trust anchor', () => {
      const genuine = withTrust(issueAuthentication(testPki), { anchors: [testPki.issuing.certificate] });
      assert.deepEqual(names(validate(genuine)), ['Sild test EID-Q']);
    });

    it('is accepted in either generation and at either level', () => {
      validate(issueAuthentication(testPki, { generation: 'older' }));
      validate(issueAuthentication(testPki, { dateOfBirth: null }));
      const path = validate(issueAuthentication(testPki, { level: 'ADVANCED' }));
      assert.deepEqual(names(path), ['Sild test EID-NQ', 'Sild test ROOT']);
    });

    it('is accepted with any purpose, policy and subject, which path validation does not check', () => {
      for (const other of [
        { extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'] },
        { keyUsage: KeyUsageFlags.nonRepudiation, extendedKeyUsage: [] },
        { policies: ['1.3.6.1.4.1.99999.17.2'] },
        { identifier: 'NTREE-10747013' },
      ]) {
        validate(issueAuthentication(testPki, other));
      }
    });
  });

  describe(`a defective certificate under ${kind} CAs`, () => {
    for (const [name, [code, make]] of Object.entries(pathDefects)) {
      it(`is refused if ${name}: ${code}`, () => {
        assert.throws(() => validate(make(testPki)), { name: 'PkiError', code });
      });
    }
  });
}

describe('the time of validation', () => {
  const genuine = issueAuthentication(pki, { notBefore: pki.now, notAfter: days(pki.now, 1) });
  const { notBefore, notAfter } = parseCertificate(genuine.certificate);

  it('can be either limit of the validity period', () => {
    validate(genuine, notBefore);
    validate(genuine, notAfter);
  });

  it('cannot be a millisecond before or after the validity period', () => {
    const early = new Date(notBefore.getTime() - 1);
    const late = new Date(notAfter.getTime() + 1);
    assert.throws(() => validate(genuine, early), { code: 'certificate_not_yet_valid' });
    assert.throws(() => validate(genuine, late), { code: 'certificate_expired' });
  });

  it('cannot be an invalid date', () => {
    assert.throws(() => validate(genuine, new Date(NaN)), { code: 'certificate_not_yet_valid' });
  });

  it('must be within the trust anchor’s validity period too', () => {
    const { notAfter: anchorEnd } = parseCertificate(pki.root.certificate);
    const long = issueAuthentication(pki, { notAfter: days(anchorEnd, 365) });
    assert.throws(() => validate(long, days(anchorEnd, 1)), { code: 'certificate_expired' });
  });
});

describe('the search for a path', () => {
  it('does not trust an intermediate without a path to an anchor', () => {
    const stranger = createTestPki();
    const foreign = withTrust(issueAuthentication(stranger), {
      anchors: [pki.root.certificate],
      intermediates: [stranger.issuing.certificate],
    });
    assert.throws(() => validate(foreign), { code: 'no_path_to_trust_anchor' });
  });

  it('does not skip the issuing CA', () => {
    const withoutIssuing = withTrust(issueAuthentication(pki), { anchors: [pki.root.certificate] });
    assert.throws(() => validate(withoutIssuing), { code: 'no_path_to_trust_anchor' });
  });

  it('finds the issuer among several CAs with the same name, in any order', () => {
    const namesakes = [createTestPki(), createTestPki({ caKeys: 'rsa' }), pki].map(
      ({ issuing }) => issuing.certificate,
    );
    for (const anchors of [namesakes, namesakes.toReversed()]) {
      validate(withTrust(issueAuthentication(pki), { anchors }));
    }
  });

  it('reports the error of the path that passed the most checks', () => {
    const template = authenticationTemplate(pki, { notAfter: days(pki.now, -1) });
    const extensions = template.extensions.filter(({ extnID }) => extnID !== '2.5.29.35');
    const ambiguous = issued(pki, { ...template, extensions });
    const namesakes = [createTestPki(), pki, createTestPki()].map(({ issuing }) => issuing.certificate);
    assert.throws(() => validate(withTrust(ambiguous, { anchors: namesakes })), {
      code: 'certificate_expired',
    });
  });

  it('uses another certificate of an issuing CA if the first has expired', () => {
    const keys = { publicKey: pki.issuing.publicKey, privateKey: pki.issuing.privateKey };
    const algorithm = pki.issuing.algorithm;
    const before = issueCa(pki.now, {
      commonName: 'Sild test EID-Q',
      keys,
      algorithm,
      issuer: pki.root,
      pathLength: 0,
      notAfter: days(pki.now, -1),
    });
    validate(
      withTrust(issueAuthentication(pki), {
        anchors: [pki.root.certificate],
        intermediates: [before.certificate, pki.issuing.certificate],
      }),
    );
  });

  it('is limited to four CAs', () => {
    const algorithm = signatureAlgorithms.ecdsaWithSha384;
    const root = issueCa(pki.now, { commonName: 'level 0', keys: ecKeyPair('P-384'), algorithm });
    const cas = [root];
    for (let level = 1; level <= 4; level += 1) {
      const issuer = cas[level - 1] ?? root;
      cas.push(
        issueCa(pki.now, { commonName: `level ${level}`, keys: ecKeyPair('P-384'), algorithm, issuer }),
      );
    }
    const below = (level: number): IssuedCertificate =>
      withTrust(issueAuthentication({ ...pki, issuing: cas[level] ?? root }), {
        anchors: [root.certificate],
        intermediates: cas.slice(1).map((ca) => ca.certificate),
      });
    assert.equal(validate(below(3)).chain.length, 4);
    assert.throws(() => validate(below(4)), { code: 'no_path_to_trust_anchor' });
  });
});

describe('the signature algorithm', () => {
  it('can be any of the SHA-2 family with either type of key', () => {
    const { ecdsaWithSha256, ecdsaWithSha384, ecdsaWithSha512 } = signatureAlgorithms;
    for (const algorithm of [ecdsaWithSha256, ecdsaWithSha384, ecdsaWithSha512]) {
      validate(issued(pki, { ...authenticationTemplate(pki), algorithm }));
    }
    const { rsaWithSha256, rsaWithSha384, rsaWithSha512 } = signatureAlgorithms;
    for (const algorithm of [rsaWithSha256, rsaWithSha384, rsaWithSha512]) {
      validate(issued(rsaPki, { ...authenticationTemplate(rsaPki), algorithm }));
    }
  });
});

describe('a genuine certificate with one altered byte', () => {
  it('is refused, for every byte', () => {
    const { certificate: genuine, trust } = issueAuthentication(pki);
    const store = createTrustStore({ anchors: trust.intermediates.map(parseCertificate) });
    const check = (der: Uint8Array): VerifiedPath => validatePath(parseCertificate(der), store, pki.now);
    check(genuine);
    for (const [at, byte] of genuine.entries()) {
      const altered = Buffer.from(genuine);
      altered[at] = byte ^ 0x01;
      assert.throws(() => check(altered), { name: 'PkiError' }, `byte ${at}`);
    }
  });
});

describe('a tampered certificate', () => {
  it('is well-formed and contains the forged person', () => {
    const { subject } = parseCertificate(tamperedBytes(pki).certificate);
    assert.deepEqual(subject.values('2.5.4.5'), ['PNOEE-50001029996']);
  });
});
