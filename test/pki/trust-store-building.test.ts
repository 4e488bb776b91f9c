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
  it('makes issuing CAs anchors where their root is not there', () => {
    const store = buildTrustStore([issuing, nonQualified]);
    assert.deepEqual(store, { anchors: [issuing, nonQualified], intermediates: [] });
  });

  it('puts issuing CAs below their root where it is there, and others stay anchors', () => {
    const other = parseCertificate(createTestPki().issuing.certificate);
    const store = buildTrustStore([issuing, root, other, nonQualified]);
    assert.deepEqual(store, { anchors: [root, other], intermediates: [issuing, nonQualified] });
  });

  it('takes a CA once', () => {
    const again = parseCertificate(pki.issuing.certificate);
    assert.deepEqual(buildTrustStore([issuing, again]).anchors, [again]);
  });

  it('keeps an issuing CA an anchor where the root’s signature would be refused', () => {
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

  it('does not take another root of the same name for it', () => {
    const impostor = parseCertificate(createTestPki().root.certificate);
    assert.deepEqual(buildTrustStore([issuing, impostor]).intermediates, []);
  });

  it('verifies a person’s certificate either way, to another end', () => {
    const certificate = parseCertificate(issueAuthentication(pki).certificate);
    const chainOf = (authorities: (typeof root)[]) =>
      validatePath(certificate, buildTrustStore(authorities), pki.now).chain;
    assert.deepEqual(chainOf([issuing]), [issuing]);
    assert.deepEqual(chainOf([issuing, root]), [issuing, root]);
  });

  it('refuses to be without a CA, and a CA that could stand in no path', () => {
    assert.throws(() => buildTrustStore([]), { code: 'no_trust_anchors' });
    const [broken] = issuerNotACa(pki).trust.intermediates;
    assert.ok(broken);
    for (const others of [[], [root]]) {
      assert.throws(() => buildTrustStore([...others, parseCertificate(broken)]), {
        code: 'trust_anchor_unusable',
      });
    }
  });

  it('lets an anchor vouch for nobody once it has expired', () => {
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
