import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseCertificate } from '../../src/pki/certificate.ts';
import { validatePath } from '../../src/pki/path-validation.ts';
import { buildTrustStore } from '../../src/pki/trust-store-building.ts';

import { ecKeyPair, signatureAlgorithms } from '../support/certificates/certificate-encoding.ts';
import { createTestPki, days, issueAuthentication, issueCa } from '../support/certificates/certificates.ts';
import { issuerNotACa } from '../support/defects/issuers.ts';

const pki = createTestPki();
const root = parseCertificate(pki.root.certificate);
const issuing = parseCertificate(pki.issuing.certificate);
const nonQualified = parseCertificate(pki.nonQualifiedIssuing.certificate);

describe('buildTrustStore', () => {
  it('makes issuing CAs anchors without their root', () => {
    const store = buildTrustStore([issuing, nonQualified]);
    assert.deepEqual(store, { anchors: [issuing, nonQualified], intermediates: [] });
  });

  it('makes issuing CAs intermediates under their root, and other issuing CAs anchors', () => {
    const other = parseCertificate(createTestPki().issuing.certificate);
    const store = buildTrustStore([issuing, root, other, nonQualified]);
    assert.deepEqual(store, { anchors: [root, other], intermediates: [issuing, nonQualified] });
  });

  it('ignores duplicates of a CA', () => {
    const again = parseCertificate(pki.issuing.certificate);
    assert.deepEqual(buildTrustStore([issuing, again]).anchors, [again]);
  });

  it('makes an issuing CA an anchor if path validation would refuse the root’s signature', () => {
    const weak = issueCa(pki.now, {
      commonName: 'Sild test weak',
      keys: ecKeyPair('P-384'),
      algorithm: pki.issuing.algorithm,
      issuer: { ...pki.root, algorithm: signatureAlgorithms.ecdsaWithSha1 },
    });
    const certificate = parseCertificate(weak.certificate);
    assert.deepEqual(buildTrustStore([root, certificate]), {
      anchors: [root, certificate],
      intermediates: [],
    });
  });

  it('does not accept another root with the same name as the issuer', () => {
    const anotherKey = parseCertificate(createTestPki().root.certificate);
    assert.deepEqual(buildTrustStore([issuing, anotherKey]).intermediates, []);
  });

  it('verifies a person’s certificate with and without the root', () => {
    const certificate = parseCertificate(issueAuthentication(pki).certificate);
    const chainOf = (authorities: (typeof root)[]) =>
      validatePath(certificate, buildTrustStore(authorities), pki.now).chain;
    assert.deepEqual(chainOf([issuing]), [issuing]);
    assert.deepEqual(chainOf([issuing, root]), [issuing, root]);
  });

  it('refuses an empty list, and a CA that cannot be part of a valid path', () => {
    assert.throws(() => buildTrustStore([]), { code: 'no_trust_anchors' });
    const [broken] = issuerNotACa(pki).trust.intermediates;
    assert.ok(broken);
    for (const others of [[], [root]]) {
      assert.throws(() => buildTrustStore([...others, parseCertificate(broken)]), {
        code: 'trust_anchor_unusable',
      });
    }
  });

  it('refuses certificates under an expired anchor', () => {
    const certificate = parseCertificate(
      issueAuthentication(pki, { notAfter: days(pki.now, 365 * 40) }).certificate,
    );
    const trust = buildTrustStore([issuing]);
    assert.equal(validatePath(certificate, trust, issuing.notAfter).certificate, certificate);
    assert.throws(() => validatePath(certificate, trust, days(issuing.notAfter, 1)), {
      code: 'certificate_expired',
    });
  });
});
