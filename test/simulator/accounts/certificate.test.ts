import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import { authenticate, certificateOf, requestBody, startTestSimulator } from '../relying-party.ts';

/** DER of complete extensions, written by hand from RFC 5280 and SK's certificate profile. */
const EXTENSION = {
  notCa: '300906035 51d13 0402 3000',
  digitalSignature: '300e 0603551d0f 0101ff 0404 03020780',
  smartIdAuthentication: '3016 0603551d25 040f 300d 060b 2b0601040183e662050700',
};
const POLICY = {
  qualified: ['06092b06010401ce1f1102', '060604008f7a0102'],
  nonQualified: ['06092b06010401ce1f1101', '060604008f7a0101'],
};
const DATE_OF_BIRTH = '06082b06010505070901';

function has(certificate: X509Certificate, hex: string): boolean {
  return certificate.raw.toString('hex').includes(hex.replaceAll(' ', ''));
}

function birthDateOf(certificate: X509Certificate): string | undefined {
  const hex = certificate.raw.toString('hex');
  const at = hex.indexOf(DATE_OF_BIRTH);
  if (at < 0) return undefined;
  // SET (11 11), GeneralizedTime of 15 characters (18 0f).
  const value = hex.slice(at + DATE_OF_BIRTH.length);
  assert.ok(value.startsWith('3111180f'));
  return Buffer.from(value.slice(8, 38), 'hex').toString();
}

function addressesIn(certificate: X509Certificate): string[] {
  return certificate.raw.toString('latin1').match(/http:\/\/localhost:\d+\/(?:ca|ocsp)\/[a-z.-]+/g) ?? [];
}

describe('the certificate of an account', async () => {
  const simulator = await startTestSimulator();
  const certificate = async (identifier: string, certificateLevel = 'QUALIFIED') =>
    certificateOf(await authenticate(simulator, identifier, requestBody({ certificateLevel })));

  it('has the subject of SK’s profile', async () => {
    const { subject } = await certificate('PNOEE-40504040001');
    assert.deepEqual(subject.split('\n'), [
      'C=EE',
      // X509Certificate escapes commas in values.
      'CN=TEST\\,OK',
      'SN=TEST',
      'GN=OK',
      'serialNumber=PNOEE-40504040001',
    ]);
    assert.match((await certificate('PNOLV-329999-99709')).subject, /^C=LV$/m);
    assert.match((await certificate('PNOLV-329999-99709')).subject, /^serialNumber=PNOLV-329999-99709$/m);
  });

  it('has no digits in the names if SK’s account has none', async () => {
    const names = (await certificate('PNOLV-030303-10004')).subject.match(/^(?:CN|SN|GN)=.*$/gm);
    assert.equal(names?.length, 3);
    assert.doesNotMatch(names.join(), /\d/);
  });

  it('allows digital signatures and Smart-ID authentication, and is not a CA certificate', async () => {
    const one = await certificate('PNOEE-40504040001');
    assert.equal(one.ca, false);
    for (const [name, hex] of Object.entries(EXTENSION)) assert.ok(has(one, hex), name);
    assert.deepEqual(one.keyUsage, ['1.3.6.1.4.1.62306.5.7.0']);
  });

  it('has the document number in a directoryName', async () => {
    assert.match(
      (await certificate('PNOEE-40504040001')).subjectAltName ?? '',
      /^DirName:.*PNOEE-40504040001-DEMO-Q/,
    );
    assert.match(
      (await certificate('PNOLT-40504049999', 'ADVANCED')).subjectAltName ?? '',
      /^DirName:.*PNOLT-40504049999-MOCK-NQ/,
    );
  });

  it('has exactly the two policies of its level', async () => {
    const qualified = await certificate('PNOEE-40504040001');
    const basic = await certificate('PNOLT-40504049999', 'ADVANCED');
    for (const oid of POLICY.qualified) assert.ok(has(qualified, oid) && !has(basic, oid), oid);
    for (const oid of POLICY.nonQualified) assert.ok(has(basic, oid) && !has(qualified, oid), oid);
  });

  it('has the account’s birth date at noon UTC, or none', async () => {
    assert.equal(birthDateOf(await certificate('PNOEE-40504040001')), '19990101120000Z');
    assert.equal(birthDateOf(await certificate('PNOLV-311299-19993')), '19991231120000Z');
    assert.equal(birthDateOf(await certificate('PNOLV-329999-99901')), '19990909120000Z');
    assert.equal(birthDateOf(await certificate('PNOLV-329999-99709')), undefined);
    assert.equal(birthDateOf(await certificate('PNOEE-50001029996')), undefined);
  });

  it('is valid for about three years from now, and the same at each login', async () => {
    const one = await certificate('PNOEE-40504040001');
    const days = (one.validToDate.getTime() - one.validFromDate.getTime()) / 86_400_000;
    assert.ok(one.validFromDate < new Date() && days > 1_094 && days < 1_097);
    assert.equal((await certificate('PNOEE-40504040001')).fingerprint256, one.fingerprint256);
  });

  it('is reissued after it has expired', async () => {
    let ahead = 0;
    const later = await startTestSimulator({ now: () => new Date(Date.now() + ahead) });
    const before = certificateOf(await authenticate(later, 'PNOEE-40504040001'));
    ahead = 4 * 365 * 86_400_000;
    const after = certificateOf(await authenticate(later, 'PNOEE-40504040001'));
    assert.notEqual(after.serialNumber, before.serialNumber);
    assert.ok(after.validToDate > new Date(Date.now() + ahead));
  });

  it('has an RSA key of 2048 bits', async () => {
    const { publicKey } = await certificate('PNOEE-40504040001');
    assert.equal(publicKey.asymmetricKeyType, 'rsa');
    assert.equal(publicKey.asymmetricKeyDetails?.modulusLength, 2048);
  });

  it('contains the addresses of its issuer’s certificate, CRL and OCSP responder', async () => {
    const one = await certificate('PNOEE-40504040001');
    const at = (path: string) => new URL(path, simulator.phoneUrl).href;
    assert.deepEqual(addressesIn(one), [at('ocsp/eid-q'), at('ca/eid-q.der.crt'), at('ca/eid-q.crl')]);
    const response = await fetch(at('ca/eid-q.der.crt'));
    assert.equal(response.headers.get('content-type'), 'application/pkix-cert');
    assert.ok(one.checkIssued(new X509Certificate(Buffer.from(await response.arrayBuffer()))));
  });
});

describe('the simulator’s certificate authority', async () => {
  const simulator = await startTestSimulator();
  const issuing = simulator.trustAnchors.map((der) => new X509Certificate(der));

  it('has issuing CAs for qualified and for other accounts, on P-384', () => {
    const names = issuing.map(({ subject }) => /^CN=(.*)$/m.exec(subject)?.[1]);
    assert.deepEqual(names, ['SIMULATED Sild Smart-ID EID-Q 2024E', 'SIMULATED Sild Smart-ID EID-NQ 2021E']);
    for (const { ca, publicKey } of issuing) {
      assert.equal(ca, true);
      assert.equal(publicKey.asymmetricKeyDetails?.namedCurve, 'secp384r1');
    }
  });

  it('has a self-signed root', async () => {
    const response = await fetch(new URL('/ca/root.der.crt', simulator.phoneUrl));
    const root = new X509Certificate(Buffer.from(await response.arrayBuffer()));
    assert.ok(root.ca && root.checkIssued(root) && root.verify(root.publicKey));
    for (const one of issuing) assert.ok(one.checkIssued(root) && one.verify(root.publicKey));
  });

  it('has the root’s OCSP and CRL addresses in the certificates of the issuing CAs', () => {
    const at = (path: string) => new URL(path, simulator.phoneUrl).href;
    for (const one of issuing) {
      assert.deepEqual(addressesIn(one), [at('ocsp/root'), at('ca/root.der.crt'), at('ca/root.crl')]);
    }
  });

  it('differs between simulators', async () => {
    const other = await startTestSimulator();
    assert.notDeepEqual(other.trustAnchors, simulator.trustAnchors);
  });
});
