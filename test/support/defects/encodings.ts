import { X509Certificate } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import { Certificate } from '@peculiar/asn1-x509';
import { extension, signatureAlgorithms } from '../certificates/certificate-encoding.ts';
import { certificatePolicies } from '../certificates/certificate-profile.ts';
import { authenticationTemplate, issueAuthentication, issued } from '../certificates/certificates.ts';
import type { IssuedCertificate, TestPki } from '../certificates/certificates.ts';
import { type DerNode, nodesOf, readTree, writeTree } from '../mutations/der-tree.ts';
import { signedAgain } from '../mutations/signed-again.ts';
import { rewritten, withAnotherExtension, withExtension } from './hierarchy.ts';

const SEQUENCE = 0x30;
const SET = 0x31;
/** 1.3.6.1.4.1.62306.5.7.0 */
const AUTHENTICATION = Buffer.from('060b2b0601040183e662050700', 'hex');
/** 1.3.6.1.5.5.7.9.1 */
const DATE_OF_BIRTH = Buffer.from('06082b06010505070901', 'hex');

/** 1999-01-01. */
const TIME = tlv(0x18, Buffer.from('19990101120000Z', 'ascii'));

/** Bytes that are not a certificate, or an ambiguous one that parsers read differently; the code is certificate_malformed. */
export const encodingDefects: Readonly<Record<string, (pki: TestPki) => IssuedCertificate>> = {
  // outside the signed part
  'its last byte is missing': (pki) => bytes(pki, (der) => der.subarray(0, -1)),
  'bytes follow it': (pki) => bytes(pki, (der) => Buffer.concat([der, Buffer.of(0x05, 0x00)])),
  'a second certificate follows it': (pki) =>
    bytes(pki, (der) => Buffer.concat([der, pki.issuing.certificate])),
  'its outermost length has a leading zero': (pki) =>
    bytes(pki, (der) => Buffer.concat([Buffer.of(0x30, 0x83, 0x00), der.subarray(2)])),
  'its outermost length is indefinite': (pki) =>
    bytes(pki, (der) => Buffer.concat([Buffer.of(0x30, 0x80), der.subarray(4), Buffer.of(0, 0)])),
  'it is PEM': (pki) => bytes(pki, (der) => Buffer.from(new X509Certificate(der).toString())),
  'it is a PKCS #7 envelope': (pki) => bytes(pki, () => Buffer.from('300b06092a864886f70d010702', 'hex')),
  'it is one zero byte': (pki) => bytes(pki, () => Buffer.of(0)),
  'it is nested 500 levels deep': (pki) => bytes(pki, () => nested(500)),
  'it is larger than the limit': oversized,
  'it is version 1': (pki) => bytes(pki, (der) => ofVersion(der, 0)),
  'it is version 2': (pki) => bytes(pki, (der) => ofVersion(der, 1)),
  'the outer signature algorithm differs from the inner one': (pki) =>
    issued(pki, {
      ...authenticationTemplate(pki),
      outerAlgorithm: signatureAlgorithms.ecdsaWithSha256,
    }),
  'its signature has unused bits': (pki) => bytes(pki, withUnusedBits),
  'its signature algorithm has parameters twice': (pki) => bytes(pki, withParametersTwice),
  // inside the signed part
  'its public key has an unknown algorithm': (pki) => bytes(pki, withUnknownKeyAlgorithm),
  'its surname is not UTF-8': surnameNotUtf8,
  'it has the same extension twice': (pki) =>
    withAnotherExtension(pki, certificatePolicies(['1.3.6.1.4.1.10015.17.1'])),
  'its key usage is a number': (pki) => inExtension(pki, '2.5.29.15', '020180'),
  'bytes follow the value in an extension': (pki) => inExtension(pki, '2.5.29.19', '30000500'),
  'its extended key usage is empty': (pki) => inExtension(pki, '2.5.29.37', '3000'),
  'its policies are empty': (pki) => inExtension(pki, '2.5.29.32', '3000'),
  'its extended key usage is a text with the right OID': (pki) =>
    inExtension(pki, '2.5.29.37', tlv(SEQUENCE, text('1.3.6.1.4.1.62306.5.7.0'))),
  'its extended key usage is a SET': (pki) => inExtension(pki, '2.5.29.37', tlv(SET, AUTHENTICATION)),
  'its policies are texts with the right OIDs': (pki) =>
    inExtension(
      pki,
      '2.5.29.32',
      tlv(SEQUENCE, tlv(SEQUENCE, text('1.3.6.1.4.1.10015.17.2')), tlv(SEQUENCE, text('0.4.0.2042.1.2'))),
    ),
  'its policy has a second identifier': (pki) =>
    inExtension(pki, '2.5.29.32', tlv(SEQUENCE, tlv(SEQUENCE, AUTHENTICATION, AUTHENTICATION))),
  'an attribute of its subject has a second value': secondValue,
  'its subject alternative name has two names in one directoryName': (pki) =>
    inExtension(pki, '2.5.29.17', '3006a40430003000'),
  'its path length is negative': (pki) => inExtension(pki, '2.5.29.19', '30060101ff0201ff'),
  'its path length is too large': (pki) => inExtension(pki, '2.5.29.19', '300b0101ff02067fffffffffff'),
  'its cA value is not a valid BOOLEAN': (pki) => inExtension(pki, '2.5.29.19', '3003010101'),
  'its basic constraints have two path lengths': (pki) =>
    inExtension(pki, '2.5.29.19', '30090101ff020100020100'),
  'it has a path length and is not a CA’s': (pki) => inExtension(pki, '2.5.29.19', '3003020100'),
  'its key usage has no bit': (pki) => inExtension(pki, '2.5.29.15', '030100'),
  'it has the same policy twice': (pki) =>
    inExtension(
      pki,
      '2.5.29.32',
      tlv(SEQUENCE, tlv(SEQUENCE, AUTHENTICATION), tlv(SEQUENCE, AUTHENTICATION)),
    ),
  'its authority key identifier has another value': (pki) => inExtension(pki, '2.5.29.35', '30058001010500'),
  'its subject alternative name has a SEQUENCE': (pki) => inExtension(pki, '2.5.29.17', '30023000'),
  'its subject alternative name is an x400Address': (pki) => inExtension(pki, '2.5.29.17', '3002a300'),
  'its subject alternative name is an ediPartyName': (pki) =>
    inExtension(pki, '2.5.29.17', '3007a505a1030c0178'),
  'its subject alternative name is an otherName of no type': (pki) =>
    inExtension(pki, '2.5.29.17', '3006a004a0020500'),
  'its subject alternative name is an otherName with two values': (pki) =>
    inExtension(pki, '2.5.29.17', '300ba00906012aa00405000500'),
  'its subject alternative name is not ASCII': (pki) => inExtension(pki, '2.5.29.17', '30038201e4'),
  'its subject alternative name is not an identifier': (pki) => inExtension(pki, '2.5.29.17', '3003880180'),
  'its authority key identifier names an issuer with a directoryName that is not a name': (pki) =>
    inExtension(pki, '2.5.29.35', '3009a104a4020400820101'),
  'its authority key identifier has a serial number that is not a number': (pki) =>
    inExtension(pki, '2.5.29.35', '30028200'),
  'the address of its OCSP responder is not ASCII': (pki) =>
    inExtension(pki, '1.3.6.1.5.5.7.1.1', '300f300d06082b060105050730018601e4'),
  'the address of its OCSP responder has another value': (pki) =>
    inExtension(pki, '1.3.6.1.5.5.7.1.1', '3011300f06082b060105050730018601780500'),
  'the address of its OCSP responder is a text': (pki) =>
    inExtension(pki, '1.3.6.1.5.5.7.1.1', '300f300d06082b060105050730010c0178'),
  'the address of its revocation list is missing': (pki) => inExtension(pki, '2.5.29.31', '30023000'),
  'its revocation list has two names': (pki) =>
    inExtension(pki, '2.5.29.31', '300e300ca00aa003860178a003860178'),
  'the address of its revocation list is a text': (pki) =>
    inExtension(pki, '2.5.29.31', '30093007a005a0030c0178'),
  'the name of its revocation list is of no kind': (pki) =>
    inExtension(pki, '2.5.29.31', '30093007a005a503860178'),
  'the reasons of its revocation list are not bits': (pki) =>
    inExtension(pki, '2.5.29.31', '300b3009a005a0038601788100'),
  'its revocation list is of an issuer that is not a name': (pki) =>
    inExtension(pki, '2.5.29.31', '30063004a2020500'),
  'its revocation list has a name without a value': (pki) =>
    inExtension(pki, '2.5.29.31', '300d300ba009a10730050603550403'),
  'an attribute of its subject is a UniversalString beyond Unicode': (pki) =>
    retagged(pki, 0x1c, Buffer.from('00110000', 'hex')),
  'an attribute of its subject is a VisibleString': (pki) => retagged(pki, 0x1a),
  'an attribute of its subject is an OCTET STRING': (pki) => retagged(pki, 0x04),
  'its date of birth has another value': (pki) =>
    inExtension(pki, '2.5.29.9', tlv(SEQUENCE, tlv(SEQUENCE, DATE_OF_BIRTH, tlv(SET, TIME), tlv(SET, TIME)))),
  'its date of birth is not a time': (pki) =>
    inExtension(pki, '2.5.29.9', '3012301006082b0601050507090131040c023939'),
  'its date of birth does not exist': (pki) => withDateOfBirth(pki, '19990230120000Z'),
  'it has two dates of birth': (pki) => withDateOfBirth(pki, '19990101120000Z', '20000101120000Z'),
};

/** Changes a certificate after it was signed. */
function bytes(pki: TestPki, rewrite: (der: Buffer) => Buffer): IssuedCertificate {
  return rewritten(issueAuthentication(pki), rewrite);
}

/** Larger than any person's certificate. */
function oversized(pki: TestPki): IssuedCertificate {
  const filler = Buffer.concat([Buffer.of(0x04, 0x82, 0x40, 0x00), Buffer.alloc(0x4000)]);
  return withAnotherExtension(pki, extension('1.3.6.1.4.1.99999.2', filler));
}

function nested(depth: number): Buffer {
  let value = Buffer.of(0x05, 0x00);
  for (let level = 0; level < depth; level += 1) {
    value = Buffer.concat([Buffer.of(0x30, 0x82, value.length >> 8, value.length & 0xff), value]);
  }
  return value;
}

function ofVersion(der: Buffer, version: number): Buffer {
  der[der.indexOf(Buffer.from('a003020102', 'hex')) + 4] = version;
  return der;
}

function withUnusedBits(der: Buffer): Buffer {
  const { signatureValue } = AsnConvert.parse(der, Certificate);
  der[der.length - signatureValue.byteLength - 1] = 1;
  der[der.length - 1] = (der.at(-1) ?? 0) & 0xfe;
  return der;
}

/** Replaces both the inner and the outer algorithm. */
function withParametersTwice(der: Buffer): Buffer {
  const tree = readTree(der);
  if (!tree) throw new TypeError('not DER');
  for (const algorithm of [tree.children?.[1], tree.children?.[0]?.children?.[2]]) {
    const [, parameters = { tag: 0x05, prefix: Buffer.of(), content: Buffer.of(), children: undefined }] =
      algorithm?.children ?? [];
    algorithm?.children?.splice(1, 1, parameters, parameters);
  }
  return writeTree(tree);
}

/** The OID of RSA keys with another last arc. */
function withUnknownKeyAlgorithm(der: Buffer): Buffer {
  const rsaEncryption = Buffer.from('06092a864886f70d010101', 'hex');
  der[der.lastIndexOf(rsaEncryption) + rsaEncryption.length - 1] = 0x7f;
  return der;
}

function surnameNotUtf8(pki: TestPki): IssuedCertificate {
  return rewritten(issueAuthentication(pki, { surname: 'SURNAME' }), (der) => {
    der[der.lastIndexOf('SURNAME')] = 0xff;
    return der;
  });
}

/** The person's serialNumber and another person's in the same attribute. */
function secondValue(pki: TestPki): IssuedCertificate {
  return withSerialNumber(pki, ({ children }) => {
    const [, value] = children ?? [];
    if (value) children?.push({ ...value, content: Buffer.from('PNOEE-50001029996') });
  });
}

/** The person's serialNumber in another type. */
function retagged(pki: TestPki, tag: number, content?: Buffer): IssuedCertificate {
  return withSerialNumber(pki, ({ children }) => {
    const [, value] = children ?? [];
    if (value) Object.assign(value, { tag, content: content ?? value.content });
  });
}

/** Changes the serialNumber of the subject and signs again. */
function withSerialNumber(pki: TestPki, change: (attribute: DerNode) => void): IssuedCertificate {
  const genuine = issueAuthentication(pki);
  const certificate = signedAgain(genuine.certificate, pki.issuing, (signed) => {
    const tree = readTree(signed);
    const attribute = tree && nodesOf(tree).findLast(isSerialNumber)?.node;
    if (!attribute) throw new TypeError('there is no serialNumber');
    change(attribute);
    return writeTree(tree);
  });
  return { ...genuine, certificate };
}

function isSerialNumber({ node: { children } }: { readonly node: DerNode }): boolean {
  return children?.[0]?.content.toString('hex') === '550405';
}

/** subjectDirectoryAttributes with one dateOfBirth attribute of these values. */
function withDateOfBirth(pki: TestPki, ...times: readonly string[]): IssuedCertificate {
  const values = times.map((time) => tlv(0x18, Buffer.from(time, 'ascii')));
  return inExtension(pki, '2.5.29.9', tlv(SEQUENCE, tlv(SEQUENCE, DATE_OF_BIRTH, tlv(SET, ...values))));
}

function inExtension(pki: TestPki, oid: string, value: string | Buffer): IssuedCertificate {
  return withExtension(pki, extension(oid, typeof value === 'string' ? Buffer.from(value, 'hex') : value));
}

/** A UTF8String. */
function text(value: string): Buffer {
  return tlv(0x0c, Buffer.from(value));
}

/** A short value with its tag. */
function tlv(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag, content.length), content]);
}
