import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseCertificate } from '../../src/pki/certificate.ts';
import { validatePath } from '../../src/pki/path-validation.ts';
import { checkRevocation, type RevocationPolicy } from '../../src/pki/revocation.ts';
import { createTrustStore } from '../../src/pki/trust-store.ts';
import { createTestPki, issueAuthentication } from '../support/certificates.ts';

const pki = createTestPki();
const trust = createTrustStore({ anchors: [parseCertificate(pki.issuing.certificate)] });
const path = validatePath(parseCertificate(issueAuthentication(pki).certificate), trust, pki.now);

describe('checkRevocation', () => {
  it('asks about nothing where the policy is off', async () => {
    await checkRevocation(path, 'off');
  });

  it('never passes a path under a policy that does not exist', async () => {
    await assert.rejects(checkRevocation(path, 'offf' as RevocationPolicy), TypeError);
  });
});
