import 'reflect-metadata';
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import { certificateFactsOf, certificateFactsSchema } from '../../src/identity/certificate-facts.ts';
import { aVerifiedAuthentication } from '../support/answers/authentications.ts';

describe('the facts about a certificate', () => {
  it('are those that OpenSSL reads', async () => {
    const { certificate } = await aVerifiedAuthentication();
    const facts = certificateFactsOf(certificate);
    const read = new X509Certificate(certificate.der);
    assert.equal(facts.serialNumber, read.serialNumber);
    assert.match(read.issuer, new RegExp(`CN=${facts.issuer}$`, 'm'));
    assert.equal(facts.validFrom * 1000, Date.parse(read.validFrom));
    assert.equal(facts.validUntil * 1000, Date.parse(read.validTo));
    assert.deepEqual(certificateFactsSchema.parse(JSON.parse(JSON.stringify(facts))), facts);
  });

  it('have no sign byte in the serial number', async () => {
    const { certificate } = await aVerifiedAuthentication();
    const serialOf = (...bytes: number[]) =>
      certificateFactsOf({ ...certificate, serialNumber: Uint8Array.from(bytes) }).serialNumber;
    assert.deepEqual([serialOf(0, 0xf1), serialOf(0x01, 0), serialOf(0)], ['F1', '0100', '00']);
  });
});
