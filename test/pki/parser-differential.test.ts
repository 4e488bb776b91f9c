/**
 * What is read from certificates and OCSP responses, genuine and changed, is what @peculiar/asn1-x509 and asn1-ocsp read; and what
 * they cannot parse is refused. A tenth of the changes in `npm test`, all with `MUTATION_SHARE=1`.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CertID, OCSPRequest, ResponseData } from '@peculiar/asn1-ocsp';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AuthorityKeyIdentifier,
  Extension,
  Name,
  SubjectDirectoryAttributes,
  SubjectKeyIdentifier,
  Time,
} from '@peculiar/asn1-x509';
import fc from 'fast-check';
import { parseCertificate } from '../../src/pki/certificate.ts';
import { readLayout } from '../../src/pki/certificate-layout.ts';
import { type DerElement, readDer, readSequence } from '../../src/pki/der/der.ts';
import { EXTENSION, readExtensionList } from '../../src/pki/extensions.ts';
import { type OcspLayout, readOcspLayout } from '../../src/pki/revocation/ocsp-layout.ts';
import { encodeOcspRequest, nonceValue } from '../../src/pki/revocation/ocsp-request.ts';
import { createTestPki, issueAuthentication } from '../support/certificates/certificates.ts';
import { byteMutation, mutateBytes } from '../support/mutations/byte-mutations.ts';
import { type DerMutation, derMutation, mutateDer } from '../support/mutations/der-mutations.ts';
import { seedOfRun, shareOf } from '../support/mutations/run.ts';
import { certId, encodeOcsp, ocspTemplate, testOcspRequest } from '../support/revocation/ocsp-responses.ts';

const RUNS = 20_000;
/** Attributes of names that people and CAs have. */
const ATTRIBUTES = ['2.5.4.3', '2.5.4.4', '2.5.4.5', '2.5.4.6', '2.5.4.10', '2.5.4.42', '2.5.4.97'];
/** Those of X.509 and OCSP: universal, and of their choices and optional parts. */
const TAGS = [
  ...[0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0c, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1c, 0x1e, 0x30, 0x31],
  ...[0x80, 0x81, 0x82, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4],
];
const DATE_OF_BIRTH = '1.3.6.1.5.5.7.9.1';

const pki = createTestPki();
const person = issueAuthentication(pki).certificate;
const authority = pki.issuing.certificate;
const request = testOcspRequest(pki);
const responses = (['good', 'revoked', 'unknown'] as const).flatMap((status) => [
  encodeOcsp(ocspTemplate(request, { status })),
  encodeOcsp(
    ocspTemplate(request, { status, hash: 'sha256', nonce: null, nextUpdate: null, namedBy: 'key' }),
  ),
]);

const change = fc.oneof(
  { weight: 3, arbitrary: fc.array(derMutation, { minLength: 1, maxLength: 2 }) },
  { weight: 1, arbitrary: byteMutation },
);

describe('the fields of a certificate', () => {
  it('are those of the general parser', () => {
    assertSame([person, authority], ofCertificate, (fields, der) => {
      assert.deepEqual(fields, parsedCertificate(der));
    });
  });
});

describe('the data of an OCSP response', () => {
  it('are those of the general parser', () => {
    assertSame(responses, readOcspLayout, assertSameData);
  });
});

describe('a value with another tag', () => {
  it('is read as by the general parser in a certificate, or refused', () => {
    for (const der of [person, authority]) {
      const certificate = readSequence(der);
      const values = [...readExtensionList(readLayout(certificate).extensions).values()];
      for (const part of [certificate, ...values.map(({ value }) => readDer(value))]) {
        assertSameWithTags(der, part, ofCertificate, (fields, mutant) => {
          assert.deepEqual(fields, parsedCertificate(mutant));
        });
      }
    }
  });

  it('is read as by the general parser in the data of an OCSP response, or refused', () => {
    for (const der of responses) {
      const data = readSequence(readOcspLayout(der).signature.signed);
      assertSameWithTags(der, data, readOcspLayout, assertSameData);
    }
  });
});

describe('an OCSP request', () => {
  it('is that of the general encoder', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (nonce) => {
        const question = { ...request.question, nonce };
        const { tbsRequest } = AsnConvert.parse(encodeOcspRequest(question), OCSPRequest);
        const [single] = tbsRequest.requestList;
        assert.deepEqual(
          Buffer.from(AsnConvert.serialize(single?.reqCert ?? new CertID())),
          Buffer.from(AsnConvert.serialize(certId({ ...request, question }, 'sha1'))),
        );
        const encoded = AsnConvert.serialize(new OCSPRequest({ tbsRequest }));
        assert.deepEqual(Buffer.from(encodeOcspRequest(question)), Buffer.from(encoded));
        const value = AsnConvert.serialize(new OctetString(Uint8Array.from(nonce)));
        assert.deepEqual(Buffer.from(nonceValue(nonce)), Buffer.from(value));
      }),
    );
  });
});

/** Gives each value in `part` of a genuine encoding each other tag, one at a time. */
function assertSameWithTags<T>(
  der: Buffer,
  part: DerElement,
  read: (der: Buffer) => T,
  compare: (value: T, der: Buffer) => void,
): void {
  for (const offset of offsetsIn(part)) {
    const at = offset - der.byteOffset;
    for (const tag of TAGS) {
      const mutant = Buffer.from(der);
      mutant[at] = tag;
      const value = readable(() => read(mutant));
      if (value !== undefined) compare(value, mutant);
    }
  }
}

/** Where the value and those in it begin, in the memory that they are views of. */
function offsetsIn({ bytes, children }: DerElement): number[] {
  return [bytes.byteOffset, ...children.flatMap(offsetsIn)];
}

function assertSameData({ data: { responderId, ...data }, signature }: OcspLayout): void {
  assert.equal(responderId.children.length, 1);
  assert.deepEqual(plain(data), parsedData(signature.signed));
}

/** Compares what is read from values with many changes; what is refused is not compared. */
function assertSame<T>(
  genuine: readonly Buffer[],
  read: (der: Buffer) => T,
  compare: (value: T, der: Buffer) => void,
): void {
  for (const der of genuine) compare(read(der), der);
  let compared = 0;
  fc.assert(
    fc.property(fc.constantFrom(...genuine), change, (der, changes) => {
      const mutant = mutated(der, changes);
      const value = readable(() => read(mutant));
      if (value === undefined) return;
      compared += 1;
      compare(value, mutant);
    }),
    { numRuns: shareOf(RUNS), seed: seedOfRun() },
  );
  assert.ok(compared > 20, `only ${compared} of the mutants can be read`);
}

function mutated(der: Buffer, changes: typeof change extends fc.Arbitrary<infer T> ? T : never): Buffer {
  if ('bytes' in changes) return mutateBytes(der, changes, authority);
  return changes.reduce((mutant: Buffer, one: DerMutation) => mutateDer(mutant, one, authority), der);
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function ofCertificate(der: Buffer) {
  const certificate = parseCertificate(der);
  const { subject, issuer, notBefore, notAfter, signature, subjectKeyIdentifier, authorityKeyIdentifier } =
    certificate;
  const values = (name: typeof subject) => ATTRIBUTES.map((type) => name.values(type));
  return {
    subject: values(subject),
    issuer: values(issuer),
    notBefore: asParsed(notBefore),
    notAfter: asParsed(notAfter),
    algorithm: signature.algorithm,
    subjectKeyIdentifier,
    authorityKeyIdentifier,
    dateOfBirth: certificate.dateOfBirth,
    extensions: [...readExtensionList(readLayout(readSequence(der)).extensions).values()].map(plain),
  };
}

function parsedCertificate(der: Buffer): ReturnType<typeof ofCertificate> {
  const parts = readLayout(readSequence(der));
  const extensions = parts.extensions.children.map(({ bytes }) => AsnConvert.parse(bytes, Extension));
  const valueOf = (oid: string) => extensions.find(({ extnID }) => extnID === oid)?.extnValue.buffer;
  const own = valueOf(EXTENSION.subjectKeyIdentifier);
  const issuing = valueOf(EXTENSION.authorityKeyIdentifier);
  const attributes = valueOf(EXTENSION.subjectDirectoryAttributes);
  const births =
    attributes &&
    AsnConvert.parse(attributes, SubjectDirectoryAttributes).find(({ type }) => type === DATE_OF_BIRTH);
  const [birth] = births?.values ?? [];
  return {
    subject: namesIn(parts.subject),
    issuer: namesIn(parts.issuer),
    notBefore: AsnConvert.parse(parts.notBefore.bytes, Time).getTime(),
    notAfter: AsnConvert.parse(parts.notAfter.bytes, Time).getTime(),
    algorithm: AsnConvert.parse(parts.algorithm.bytes, AlgorithmIdentifier).algorithm,
    subjectKeyIdentifier: own && hexadecimal(AsnConvert.parse(own, SubjectKeyIdentifier).buffer),
    authorityKeyIdentifier:
      issuing && hexadecimal(AsnConvert.parse(issuing, AuthorityKeyIdentifier).keyIdentifier?.buffer),
    dateOfBirth: birth && Buffer.from(birth).subarray(2).toString('ascii'),
    extensions: extensions.map(parsedExtension),
  };
}

function namesIn({ bytes }: DerElement): string[][] {
  const attributes = [...AsnConvert.parse(bytes, Name)].flatMap((relativeName) => [...relativeName]);
  return ATTRIBUTES.map((wanted) =>
    attributes
      .filter(({ type }) => type === wanted)
      .map(({ value }) => (value.anyValue === undefined ? value.toString() : '')),
  );
}

function parsedData(data: Uint8Array) {
  const { producedAt, responses, responseExtensions } = AsnConvert.parse(data, ResponseData);
  return {
    producedAt,
    responses: responses.map(({ certID, certStatus, thisUpdate, nextUpdate, singleExtensions }) => ({
      certId: {
        hashAlgorithm: certID.hashAlgorithm.algorithm,
        issuerNameHash: hexadecimal(certID.issuerNameHash.buffer),
        issuerKeyHash: hexadecimal(certID.issuerKeyHash.buffer),
        serialNumber: hexadecimal(certID.serialNumber),
      },
      status: certStatus.revoked !== undefined ? 'revoked' : certStatus.good === null ? 'good' : 'unknown',
      thisUpdate,
      nextUpdate,
      extensions: (singleExtensions ?? []).map(parsedExtension),
    })),
    extensions: (responseExtensions ?? []).map(parsedExtension),
  };
}

function parsedExtension({ extnID: type, critical, extnValue }: Extension) {
  return { type, critical, value: hexadecimal(extnValue.buffer) };
}

function hexadecimal(octets: ArrayBuffer): string;
function hexadecimal(octets: ArrayBuffer | undefined): string | undefined;
function hexadecimal(octets: ArrayBuffer | undefined): string | undefined {
  return octets && Buffer.from(octets).toString('hex').toUpperCase();
}

/** The general parser takes the years 0 to 99 of a GeneralizedTime for 1900 to 1999. */
function asParsed(time: Date): Date {
  const year = time.getUTCFullYear();
  return year < 100 ? new Date(new Date(time).setUTCFullYear(year + 1900)) : time;
}

/** With octets as text, so that the difference between two is readable. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex').toUpperCase();
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof Date) return asParsed(value);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}
