import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import { chainExpiry } from '../../src/pki/chain-expiry.ts';
import { createTestPki, days } from '../support/certificates/certificates.ts';
import { issueServerCertificate } from '../support/servers/tls-server.ts';

describe('A PEM chain', () => {
  it('expires with the first certificate of it that does', () => {
    const pki = createTestPki({ now: new Date('2026-11-29T00:00:00Z') });
    const pem = (notAfter: Date) =>
      String(new X509Certificate(issueServerCertificate(pki, { notAfter }).certificate));
    const [early, late] = [days(pki.now, 1), days(pki.now, 99)];
    assert.deepEqual(chainExpiry(pem(late) + pem(early)), early);
    assert.deepEqual(chainExpiry(`a comment\n${pem(early)}\n${pem(late)}`), early);
  });

  it('has no expiry without a certificate', () => {
    assert.ok(Number.isNaN(chainExpiry('a comment').getTime()));
  });
});
