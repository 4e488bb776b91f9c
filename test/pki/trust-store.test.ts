import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseCertificate } from '../../src/pki/certificate.ts';
import { createTrustStore } from '../../src/pki/trust-store.ts';
import { createTestPki, issueAuthentication } from '../support/certificates/certificates.ts';
import {
  issuerNotACa,
  issuerWithoutKeyCertSign,
  issuerWithUnknownCriticalExtension,
} from '../support/defects/issuers.ts';

const pki = createTestPki();
const root = parseCertificate(pki.root.certificate);
const issuing = parseCertificate(pki.issuing.certificate);

/** The defective CA certificate that issued a certificate. */
function issuerOf(defective: { trust: { intermediates: readonly Buffer[] } }) {
  return defective.trust.intermediates.map(parseCertificate);
}

describe('createTrustStore', () => {
  it('accepts roots and issuing CAs as trust anchors', () => {
    const store = createTrustStore({ anchors: [root, issuing] });
    assert.deepEqual(store.anchors, [root, issuing]);
    assert.deepEqual(store.intermediates, []);
  });

  it('refuses an empty list of trust anchors', () => {
    assert.throws(() => createTrustStore({ anchors: [], intermediates: [issuing] }), {
      code: 'no_trust_anchors',
    });
  });

  it('refuses a trust anchor that cannot be part of a valid path', () => {
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

  it('copies its contents', () => {
    const anchors = [root];
    const store = createTrustStore({ anchors });
    anchors.push(issuing);
    assert.deepEqual(store.anchors, [root]);
  });
});
