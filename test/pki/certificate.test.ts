import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import { KeyUsageFlags } from '@peculiar/asn1-x509';
import fc from 'fast-check';
import { parseCertificate, parsePem } from '../../src/pki/certificate.ts';
import { PkiError } from '../../src/pki/errors.ts';
import { createTestPki, issueAuthentication } from '../support/certificates/certificates.ts';
import { encodingDefects } from '../support/defects/encodings.ts';

const pki = createTestPki({ now: new Date('2026-03-01T12:00:00Z') });
const MALFORMED = { name: 'PkiError', code: 'certificate_malformed' };

describe('parseCertificate', () => {
  it('reads all contents of a Smart-ID certificate', () => {
    const { certificate, privateKey } = issueAuthentication(pki);
    const parsed = parseCertificate(certificate);
    const { subject, issuer, publicKey, publicKeyBits, signature, serialNumber, ...rest } = parsed;
    const reference = new X509Certificate(certificate);
    assert.deepEqual(rest, {
      der: Uint8Array.from(certificate),
      fingerprint: createHash('sha256').update(certificate).digest('hex').toUpperCase(),
      notBefore: new Date('2026-01-30T12:00:00Z'),
      notAfter: new Date('2029-02-28T12:00:00Z'),
      basicConstraints: { ca: false, pathLength: undefined },
      keyUsage: new Set(['digitalSignature']),
      extendedKeyUsage: ['1.3.6.1.4.1.62306.5.7.0'],
      policies: ['1.3.6.1.4.1.10015.17.2', '0.4.0.2042.1.2'],
      alternativeCommonNames: ['PNOEE-40504040001-MOCK-Q'],
      dateOfBirth: '19990101120000Z',
      subjectKeyIdentifier: rest.subjectKeyIdentifier,
      authorityKeyIdentifier: parseCertificate(pki.issuing.certificate).subjectKeyIdentifier,
      ocspUrls: ['http://ocsp.sild.test/eid-q'],
      caIssuersUrls: ['http://pki.sild.test/eid-q.der.crt'],
      crlUrls: ['http://pki.sild.test/eid-q.crl'],
      ocspNoCheck: false,
      criticalExtensions: ['2.5.29.15'],
    });
    assert.match(rest.subjectKeyIdentifier ?? '', /^[0-9A-F]{40}$/);
    assert.equal(Buffer.from(serialNumber).toString('hex').toUpperCase(), reference.serialNumber);
    assert.ok(publicKey.equals(reference.publicKey) && reference.checkPrivateKey(privateKey));
    // RFC 5280 4.2.1.2, method 1, with which the factory generates key identifiers.
    const keyHash = createHash('sha1').update(publicKeyBits).digest('hex').toUpperCase();
    assert.equal(keyHash, rest.subjectKeyIdentifier);
    assert.deepEqual(subject.values('2.5.4.6'), ['EE']);
    assert.deepEqual(issuer.der, parseCertificate(pki.issuing.certificate).subject.der);
    assert.equal(signature.algorithm, '1.2.840.10045.4.3.3');
  });

  it('reads names with Unicode letters', () => {
    const { certificate } = issueAuthentication(pki, { surname: 'O’CONNEŽ-ŠUSLIK', givenName: 'MARY ÄNN' });
    const { subject } = parseCertificate(certificate);
    assert.deepEqual(subject.values('2.5.4.4'), ['O’CONNEŽ-ŠUSLIK']);
    assert.deepEqual(subject.values('2.5.4.42'), ['MARY ÄNN']);
    assert.deepEqual(subject.values('2.5.4.11'), []);
  });

  it('reads the older generation, a certificate without birth date, and a signing certificate', () => {
    const older = parseCertificate(issueAuthentication(pki, { generation: 'older' }).certificate);
    assert.deepEqual(older.keyUsage, new Set(['digitalSignature', 'keyEncipherment', 'dataEncipherment']));
    assert.deepEqual(older.extendedKeyUsage, ['1.3.6.1.5.5.7.3.2']);
    const without = parseCertificate(issueAuthentication(pki, { dateOfBirth: null }).certificate);
    assert.equal(without.dateOfBirth, undefined);
    const signing = parseCertificate(
      issueAuthentication(pki, { keyUsage: KeyUsageFlags.nonRepudiation, extendedKeyUsage: [] }).certificate,
    );
    assert.deepEqual(signing.keyUsage, new Set(['nonRepudiation']));
    assert.deepEqual(signing.extendedKeyUsage, []);
  });

  it('reads a CA’s constraints', () => {
    const issuing = parseCertificate(pki.issuing.certificate);
    assert.deepEqual(issuing.basicConstraints, { ca: true, pathLength: 0 });
    assert.deepEqual(issuing.keyUsage, new Set(['keyCertSign', 'cRLSign']));
    const root = parseCertificate(pki.root.certificate);
    assert.deepEqual(root.basicConstraints, { ca: true, pathLength: undefined });
  });

  it('reads dates from 2050 on', () => {
    const notAfter = new Date('2061-05-06T07:08:09Z');
    const parsed = parseCertificate(issueAuthentication(pki, { notAfter }).certificate);
    assert.deepEqual(parsed.notAfter, notAfter);
  });

  it('copies the bytes', () => {
    const certificate = Buffer.from(issueAuthentication(pki).certificate);
    const parsed = parseCertificate(certificate);
    certificate.fill(0);
    assert.deepEqual(parsed.subject.values('2.5.4.5'), ['PNOEE-40504040001']);
    assert.equal(createHash('sha256').update(parsed.der).digest('hex').toUpperCase(), parsed.fingerprint);
  });

  for (const [name, make] of Object.entries(encodingDefects)) {
    it(`refuses a certificate where ${name}`, () => {
      const { certificate } = make(pki);
      assert.throws(() => parseCertificate(certificate), MALFORMED);
    });
  }

  it('returns a certificate or throws a PkiError for any bytes', () => {
    const { certificate } = issueAuthentication(pki);
    const spliced = fc
      .tuple(fc.nat(certificate.length), fc.nat(40), fc.uint8Array({ maxLength: 40 }))
      .map(([at, drop, put]) =>
        Buffer.concat([certificate.subarray(0, at), put, certificate.subarray(at + drop)]),
      );
    fc.assert(
      fc.property(fc.oneof(spliced, fc.uint8Array()), (bytes) => {
        try {
          parseCertificate(bytes);
        } catch (error) {
          assert.ok(error instanceof PkiError && error.code === 'certificate_malformed');
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('parsePem', () => {
  const pem = (der: Uint8Array): string => new X509Certificate(der).toString();

  it('reads all certificates in order, and ignores other text', () => {
    const { root, issuing } = pki;
    const text = `# the CAs\r\n${pem(root.certificate)}subject: x\n${pem(issuing.certificate).replaceAll('\n', '\r\n')}`;
    assert.deepEqual(
      parsePem(text).map(({ der }) => Buffer.from(der)),
      [root.certificate, issuing.certificate],
    );
  });

  it('refuses a text without certificates, an incomplete block and invalid Base64', () => {
    const whole = pem(pki.root.certificate);
    for (const text of [
      '',
      whole.replaceAll('CERTIFICATE', 'PRIVATE KEY'),
      `${whole}${whole.slice(0, -30)}`,
      whole.replace('\nMI', '\nM*I'),
      whole.replace('-----END', '=\n-----END'),
    ]) {
      assert.throws(() => parsePem(text), MALFORMED);
    }
  });
});
