import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  CRLReasons,
  DistributionPointName,
  GeneralName,
  id_ce_cRLNumber,
  id_ce_issuingDistributionPoint,
  InvalidityDate,
  IssuingDistributionPoint,
} from '@peculiar/asn1-x509';
import { parseCertificate } from '../../../../src/pki/certificate.ts';
import { isListed, type VerifiedCrl, verifyCrl } from '../../../../src/pki/revocation/crl/crl.ts';
import type { RevocationSourceErrorCode } from '../../../../src/pki/revocation/errors.ts';
import {
  ecKeyPair,
  extension,
  signatureAlgorithms,
} from '../../../support/certificates/certificate-encoding.ts';
import {
  createTestPki,
  issueAuthentication,
  issueCa,
  type TestPki,
} from '../../../support/certificates/certificates.ts';
import { derValue } from '../../../support/certificates/der.ts';
import * as defects from '../../../support/revocation/crl-defects.ts';
import {
  crlTemplate,
  type CrlOptions,
  encodeCrl,
  entry,
  serialNumberOf,
  withEntries,
} from '../../../support/revocation/crls.ts';

const pki = createTestPki();
const rsaPki = createTestPki({ caKeys: 'rsa' });
const minutes = (count: number) => new Date(pki.now.getTime() + count * 60_000);

function verify(of: TestPki, options: CrlOptions = {}, at = of.now): VerifiedCrl {
  const der = encodeCrl(crlTemplate(of, of.issuing, options));
  return verifyCrl(der, parseCertificate(of.issuing.certificate), at);
}

for (const [kind, testPki] of [
  ['ECDSA', pki],
  ['RSA', rsaPki],
] as const) {
  describe(`a genuine list of an ${kind} CA`, () => {
    const [person, other] = [issueAuthentication(testPki), issueAuthentication(testPki)];
    const [certificate, another] = [
      parseCertificate(person.certificate),
      parseCertificate(other.certificate),
    ];

    it('lists the revoked certificate, and no other', () => {
      const crl = verify(testPki, { revoked: [other.certificate] });
      assert.equal(isListed(crl, another), true);
      assert.equal(isListed(crl, certificate), false);
    });

    it('is searched from the first entry to the last', () => {
      const many = Array.from({ length: 200 }, () => issueAuthentication(testPki).certificate);
      const first = verify(testPki, { revoked: [person.certificate, ...many] });
      const last = verify(testPki, { revoked: [...many, person.certificate] });
      for (const crl of [first, last]) {
        assert.equal(isListed(crl, certificate), true);
        assert.equal(isListed(crl, another), false);
      }
    });

    it('can be empty', () => {
      assert.equal(isListed(verify(testPki, { revoked: [] }), certificate), false);
    });

    it('revokes a certificate for any reason, also one on hold', () => {
      for (const reason of [CRLReasons.unspecified, CRLReasons.certificateHold, CRLReasons.removeFromCRL]) {
        assert.equal(
          isListed(verify(testPki, { revoked: [person.certificate], reason }), certificate),
          true,
          CRLReasons[reason],
        );
      }
    });

    it('does not revoke a certificate that was on hold and is not in the next list', () => {
      const hold = { revoked: [person.certificate], reason: CRLReasons.certificateHold };
      assert.equal(isListed(verify(testPki, hold), certificate), true);
      assert.equal(isListed(verify(testPki, { revoked: [other.certificate] }), certificate), false);
    });
  });

  describe(`a defective list of an ${kind} CA`, () => {
    const refusals: [make: (of: TestPki) => Buffer, code: RevocationSourceErrorCode][] = [
      [defects.ofAnotherCa, 'crl_other_issuer'],
      [defects.ofAnotherKey, 'crl_other_issuer'],
      [defects.ofTheRoot, 'crl_other_issuer'],
      [defects.wrongKey, 'crl_signature_invalid'],
      [defects.weakSignatureAlgorithm, 'crl_signature_invalid'],
      [defects.tamperedEntry, 'crl_signature_invalid'],
      [defects.stale, 'crl_stale'],
      [defects.thisUpdateInTheFuture, 'crl_in_the_future'],
      [defects.withoutNextUpdate, 'crl_malformed'],
      [defects.delta, 'crl_delta'],
      [defects.uncriticalDelta, 'crl_delta'],
      [defects.indirect, 'crl_indirect'],
      [defects.onlySomeReasons, 'crl_out_of_scope'],
      [defects.onlyAttributeCertificates, 'crl_out_of_scope'],
      [defects.emptyScope, 'crl_out_of_scope'],
      [defects.distributionPointWithoutUri, 'crl_out_of_scope'],
      [defects.entryOfAnotherIssuer, 'crl_critical_extension'],
      [defects.unknownCriticalExtension, 'crl_critical_extension'],
      [defects.unknownCriticalEntryExtension, 'crl_critical_extension'],
      [defects.duplicatedExtension, 'crl_malformed'],
      [defects.version1, 'crl_malformed'],
      [defects.version3, 'crl_malformed'],
      [defects.differentOuterAlgorithm, 'crl_malformed'],
      [defects.malformedEntry, 'crl_malformed'],
      [defects.entryWithInvalidExtensions, 'crl_malformed'],
      [defects.entriesOfIntegers, 'crl_malformed'],
      [defects.malformedScope, 'crl_malformed'],
      [defects.scopeWithAnotherValue, 'crl_malformed'],
      [defects.truncated, 'crl_malformed'],
      [defects.trailingBytes, 'crl_malformed'],
      [defects.nonMinimalLength, 'crl_malformed'],
      [defects.oversize, 'crl_malformed'],
      [defects.notDer, 'crl_malformed'],
      [defects.empty, 'crl_malformed'],
    ];
    const issuer = parseCertificate(testPki.issuing.certificate);
    for (const [make, code] of refusals) {
      it(`is refused: ${make.name} → ${code}`, () => {
        assert.throws(() => verifyCrl(make(testPki), issuer, testPki.now), {
          name: 'RevocationSourceError',
          code,
        });
      });
    }

    it('is tested with every defect of the catalogue', () => {
      const tried = new Set<unknown>(refusals.map(([make]) => make));
      assert.deepEqual(
        Object.entries(defects).filter(([, make]) => !tried.has(make)),
        [],
      );
    });
  });
}

describe('the issuer of a list', () => {
  it('must be a CA with the key usage cRLSign', () => {
    const issuing = issueCa(pki.now, {
      commonName: 'Sild test EID-Q',
      keys: ecKeyPair('P-384'),
      algorithm: signatureAlgorithms.ecdsaWithSha384,
      issuer: pki.root,
      keyUsage: 0b100000,
    });
    assert.deepEqual([...(parseCertificate(issuing.certificate).keyUsage ?? [])], ['keyCertSign']);
    assert.throws(
      () => verifyCrl(encodeCrl(crlTemplate(pki, issuing)), parseCertificate(issuing.certificate), pki.now),
      { code: 'crl_issuer_may_not_sign' },
    );
  });
});

describe('the time of a list', () => {
  it('can differ by five minutes', () => {
    const nextUpdate = minutes(60);
    verify(pki, { nextUpdate }, minutes(-5));
    verify(pki, { nextUpdate }, minutes(65));
  });

  it('cannot differ by ten minutes', () => {
    const nextUpdate = minutes(60);
    assert.throws(() => verify(pki, { nextUpdate }, minutes(-10)), { code: 'crl_in_the_future' });
    assert.throws(() => verify(pki, { nextUpdate }, minutes(70)), { code: 'crl_stale' });
  });

  it('cannot be an invalid date', () => {
    assert.throws(() => verify(pki, {}, new Date(NaN)), { code: 'crl_in_the_future' });
  });

  it('can be after 2050', () => {
    const nextUpdate = new Date('2061-05-06T07:08:09Z');
    assert.deepEqual(verify(pki, { nextUpdate }).nextUpdate, nextUpdate);
  });
});

describe('the scope of a list', () => {
  const person = issueAuthentication(pki);
  const certificate = parseCertificate(person.certificate);
  const scoped = (scope: Partial<IssuingDistributionPoint>): VerifiedCrl =>
    verify(pki, {
      revoked: [person.certificate],
      extraExtensions: [extension(id_ce_issuingDistributionPoint, new IssuingDistributionPoint(scope), true)],
    });
  const at = (...urls: string[]) => {
    const fullName = urls.map((url) => new GeneralName({ uniformResourceIdentifier: url }));
    return { distributionPoint: new DistributionPointName({ fullName }) };
  };

  it('can be the certificates of end entities, or an address in the certificate', () => {
    const named = at('http://elsewhere.sild.test/x.crl', 'http://pki.sild.test/eid-q.crl');
    for (const scope of [{ onlyContainsUserCerts: true }, named]) {
      assert.equal(isListed(scoped(scope), certificate), true);
    }
  });

  it('cannot be the certificates of CAs, or an address that is not in the certificate', () => {
    for (const scope of [{ onlyContainsCACerts: true }, at('http://elsewhere.sild.test/x.crl')]) {
      assert.throws(() => isListed(scoped(scope), certificate), { code: 'crl_out_of_scope' });
    }
  });

  it('that is limited to CAs does not include end entities', () => {
    const list = verifyCrl(
      encodeCrl(
        crlTemplate(pki, pki.root, {
          revoked: [pki.issuing.certificate],
          extraExtensions: [
            extension(
              id_ce_issuingDistributionPoint,
              new IssuingDistributionPoint({ onlyContainsCACerts: true }),
              true,
            ),
          ],
        }),
      ),
      parseCertificate(pki.root.certificate),
      pki.now,
    );
    assert.equal(isListed(list, parseCertificate(pki.issuing.certificate)), true);
    assert.equal(isListed(list, parseCertificate(pki.nonQualifiedIssuing.certificate)), false);
    assert.throws(() => isListed(list, certificate), { code: 'crl_out_of_scope' });
  });
});

describe('an unknown extension of a list', () => {
  it('is ignored if it is not critical, in the list and in its entries', () => {
    const person = issueAuthentication(pki);
    const template = crlTemplate(pki, pki.issuing);
    const serial = serialNumberOf(person.certificate);
    const der = encodeCrl({
      ...template,
      extensions: [...template.extensions, extension('1.3.6.1.4.1.99999.1', Uint8Array.of(0x05, 0x00))],
      entries: [
        entry(Uint8Array.of(5).buffer, pki.now),
        entry(serial, pki.now, CRLReasons.superseded, [extension('2.5.29.24', new InvalidityDate(pki.now))]),
      ],
    });
    const crl = verifyCrl(der, parseCertificate(pki.issuing.certificate), pki.now);
    assert.equal(isListed(crl, parseCertificate(person.certificate)), true);
  });

  it('is refused if it is critical, as a critical CRL number is', () => {
    const template = crlTemplate(pki, pki.issuing);
    const extensions = [extension(id_ce_cRLNumber, Uint8Array.of(0x02, 0x01, 0x07), true)];
    assert.throws(
      () =>
        verifyCrl(encodeCrl({ ...template, extensions }), parseCertificate(pki.issuing.certificate), pki.now),
      { code: 'crl_critical_extension' },
    );
  });
});

describe('a list of 200,000 entries', () => {
  it('is parsed and searched within a second of processor time', () => {
    const person = issueAuthentication(pki);
    const issuer = parseCertificate(pki.issuing.certificate);
    const date = derValue(0x17, Buffer.from('260101120000Z'));
    const reason = Buffer.from('300c300a0603551d1504030a0101', 'hex');
    const entries = Array.from({ length: 200_000 }, (_, index) => {
      const serial = Buffer.alloc(16, 0x41);
      serial.writeUInt32BE(index, 12);
      return derValue(0x30, Buffer.concat([derValue(0x02, serial), date, reason]));
    });
    const der = withEntries(crlTemplate(pki, pki.issuing), Buffer.concat(entries));
    assert.ok(der.length > 9 * 1024 * 1024);
    const before = process.threadCpuUsage();
    const crl = verifyCrl(der, issuer, pki.now);
    assert.equal(isListed(crl, parseCertificate(person.certificate)), false);
    const { user, system } = process.threadCpuUsage(before);
    assert.ok(user + system < 1_000_000, `${user + system} µs`);
    const last = { ...parseCertificate(person.certificate), serialNumber: Buffer.alloc(16, 0x41) };
    last.serialNumber.writeUInt32BE(199_999, 12);
    assert.equal(isListed(crl, last), true);
  });
});

describe('a genuine list with one altered byte', () => {
  it('is refused, for every byte', () => {
    const genuine = encodeCrl(crlTemplate(pki, pki.issuing));
    const issuer = parseCertificate(pki.issuing.certificate);
    for (const [at, byte] of genuine.entries()) {
      const altered = Buffer.from(genuine);
      altered[at] = byte ^ 0x01;
      assert.throws(
        () => verifyCrl(altered, issuer, pki.now),
        { name: 'RevocationSourceError' },
        `byte ${at}`,
      );
    }
  });
});
