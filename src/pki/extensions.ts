import { AsnConvert } from '@peculiar/asn1-schema';
import {
  type AccessDescription,
  AuthorityInfoAccessSyntax,
  BasicConstraints,
  CertificatePolicies,
  CRLDistributionPoints,
  ExtendedKeyUsage,
  KeyUsage,
} from '@peculiar/asn1-x509';
import { LRUCache } from 'lru-cache';
import { malformed, readDer, requireAll, requireParts, type DerElement } from './der/der.ts';
import { hexadecimalOf, identifierOf, isTrue } from './der/values.ts';
import { COMMON_NAME, readDistinguishedName } from './distinguished-name.ts';
import * as layout from './extension-layout.ts';
import { readKeyUsage } from './key-usage.ts';

const DATE_OF_BIRTH = '1.3.6.1.5.5.7.9.1';
const OCSP = '1.3.6.1.5.5.7.48.1';
const OCSP_NO_CHECK = '1.3.6.1.5.5.7.48.1.5';
const CA_ISSUERS = '1.3.6.1.5.5.7.48.2';
const BOOLEAN = 0x01;
const OCTET_STRING = 0x04;
const OBJECT_IDENTIFIER = 0x06;
const GENERALIZED_TIME = 0x18;
const SEQUENCE = 0x30;
const SET = 0x31;
const DIRECTORY_NAME = 0xa4;
/** In authorityKeyIdentifier. */
const KEY_IDENTIFIER = 0x80;

/** An extension of a certificate, a revocation list or an OCSP response. (RFC 5280 4.1) */
export interface Extension {
  /** Its OID. */
  readonly type: string;
  readonly critical: boolean;
  /** The content of the OCTET STRING: a value in DER, which is not checked yet. */
  readonly value: Uint8Array;
}

/** The processed extensions. Any other critical extension is unknown. (RFC 5280 4.2) */
export const EXTENSION = {
  subjectDirectoryAttributes: '2.5.29.9',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAlternativeName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  authorityInformationAccess: '1.3.6.1.5.5.7.1.1',
} as const;

/**
 * nameConstraints, policyConstraints: not processed, and RFC 5280 6.1 applies them to a path whether they are critical or not.
 * Hence they count as critical.
 */
const CONSTRAINTS: ReadonlySet<string> = new Set(['2.5.29.30', '2.5.29.36']);

/** How many parsed values are kept; a CA has some ten. */
const MAX_KEPT = 500;
/** Longer values are parsed each time, in bytes. */
const MAX_KEPT_BYTES = 1024;

/**
 * Parses values that are the same in each certificate of a CA, and keeps them: parsing them costs more than all the rest of a
 * certificate. What is kept depends on the bytes alone, and must not be changed.
 *
 * @param parse is pure; if it throws, nothing is kept
 * @param isOfCa whether a value is one of a CA, and not of a person. Default: each is
 */
export function keepParsed<T extends object>(
  parse: (bytes: Uint8Array) => T,
  isOfCa: (value: T) => boolean = () => true,
): (bytes: Uint8Array) => T {
  const kept = new LRUCache<string, T>({ max: MAX_KEPT });
  return (bytes) => {
    if (bytes.length > MAX_KEPT_BYTES) return parse(bytes);
    const key = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
    const earlier = kept.get(key);
    if (earlier) return earlier;
    // Of a copy, so that what is kept does not hold the certificate of a person.
    const value = parse(Uint8Array.from(bytes));
    if (isOfCa(value)) kept.set(key, value);
    return value;
  };
}

/** The values that are the same in each certificate of a CA, by the type of their extension. */
const parseOfCa = {
  [EXTENSION.keyUsage]: keepParsed((bytes) => AsnConvert.parse(bytes, KeyUsage)),
  [EXTENSION.basicConstraints]: keepParsed((bytes) => AsnConvert.parse(bytes, BasicConstraints)),
  [EXTENSION.crlDistributionPoints]: keepParsed((bytes) => AsnConvert.parse(bytes, CRLDistributionPoints)),
  [EXTENSION.certificatePolicies]: keepParsed((bytes) => AsnConvert.parse(bytes, CertificatePolicies)),
  [EXTENSION.extendedKeyUsage]: keepParsed((bytes) => AsnConvert.parse(bytes, ExtendedKeyUsage)),
  [EXTENSION.authorityInformationAccess]: keepParsed((bytes) =>
    AsnConvert.parse(bytes, AuthorityInfoAccessSyntax),
  ),
};

/** Reads a certificate's Extensions. @throws PkiError certificate_malformed, also for a duplicate extension */
export function readExtensions(element: DerElement) {
  const extensions = readExtensionList(element);
  const valueOf = (oid: string): DerElement | undefined => {
    const found = extensions.get(oid);
    return found && readDer(found.value);
  };
  const laidOut = (oid: string, requireLayout: layout.RequireLayout): DerElement | undefined => {
    const value = valueOf(oid);
    if (value) requireLayout(value);
    return value;
  };
  const readOfCa = <Oid extends keyof typeof parseOfCa>(oid: Oid, requireLayout: layout.RequireLayout) => {
    const value = laidOut(oid, requireLayout);
    const parse = parseOfCa[oid] as (bytes: Uint8Array) => ReturnType<(typeof parseOfCa)[Oid]>;
    return value && parse(value.bytes);
  };
  const keyIdentifier = laidOut(EXTENSION.subjectKeyIdentifier, layout.requireKeyIdentifier);
  const information = nonEmpty(
    readOfCa(EXTENSION.authorityInformationAccess, layout.requireAccessDescriptions),
  );
  return {
    basicConstraints: basicConstraints(readOfCa(EXTENSION.basicConstraints, layout.requireBasicConstraints)),
    keyUsage: keyUsage(readOfCa(EXTENSION.keyUsage, layout.requireKeyUsage)),
    extendedKeyUsage: nonEmpty(readOfCa(EXTENSION.extendedKeyUsage, layout.requireIdentifiers)),
    policies: policies(readOfCa(EXTENSION.certificatePolicies, layout.requirePolicies)),
    alternativeCommonNames: commonNames(valueOf(EXTENSION.subjectAlternativeName)),
    dateOfBirth: dateOfBirth(laidOut(EXTENSION.subjectDirectoryAttributes, layout.requireAttributes)),
    subjectKeyIdentifier: keyIdentifier && hexadecimalOf(keyIdentifier),
    authorityKeyIdentifier: authorityKeyIdentifier(extensions),
    ocspUrls: locations(information, OCSP),
    caIssuersUrls: locations(information, CA_ISSUERS),
    crlUrls: crlUrls(readOfCa(EXTENSION.crlDistributionPoints, layout.requireDistributionPoints)),
    ocspNoCheck: extensions.has(OCSP_NO_CHECK),
    criticalExtensions: [...extensions.values()]
      .filter(({ critical, type }) => critical || CONSTRAINTS.has(type))
      .map(({ type }) => type),
  };
}

/**
 * The key identifier in the extension authorityKeyIdentifier of a certificate or a revocation list. (RFC 5280 4.2.1.1, 5.2.1)
 *
 * @throws PkiError certificate_malformed
 */
export function authorityKeyIdentifier(extensions: ReadonlyMap<string, Extension>): string | undefined {
  const found = extensions.get(EXTENSION.authorityKeyIdentifier);
  if (!found) return undefined;
  const value = readDer(found.value);
  layout.requireAuthorityKeyIdentifier(value);
  const keyIdentifier = value.children.find(({ tag }) => tag === KEY_IDENTIFIER);
  return keyIdentifier && hexadecimalOf(keyIdentifier);
}

/** Extensions by OID. Duplicates are refused, because they are ambiguous. (RFC 5280 4.2: "MUST NOT include more than one") */
export function readExtensionList(element: DerElement): ReadonlyMap<string, Extension> {
  const extensions = new Map<string, Extension>();
  for (const each of requireAll(element, SEQUENCE)) {
    const extension = readExtension(each);
    if (extensions.has(extension.type)) throw malformed(`extension ${extension.type} is there twice`);
    extensions.set(extension.type, extension);
  }
  return extensions;
}

/** @throws PkiError certificate_malformed */
export function readExtension({ children }: DerElement): Extension {
  const [type, second, third, ...more] = children;
  const [critical, value] = third ? [second, third] : [undefined, second];
  const isLaidOut =
    type?.tag === OBJECT_IDENTIFIER && (!critical || critical.tag === BOOLEAN) && value?.tag === OCTET_STRING;
  if (!isLaidOut || more.length > 0) throw malformed('an extension is not a type, a criticality and a value');
  return {
    type: identifierOf(type),
    critical: critical !== undefined && isTrue(critical),
    value: value.content,
  };
}

function basicConstraints(extension: BasicConstraints | undefined) {
  if (!extension) return undefined;
  // The parser returns a number that is too large as a string, contrary to its type.
  const pathLength: unknown = extension.pathLenConstraint;
  if (pathLength === undefined) return { ca: extension.cA, pathLength };
  if (typeof pathLength !== 'number' || pathLength < 0) throw malformed('path length out of bounds');
  if (!extension.cA) throw malformed('a path length, and not a CA');
  return { ca: extension.cA, pathLength };
}

function keyUsage(extension: KeyUsage | undefined) {
  const usages = extension && readKeyUsage(new Uint8Array(extension.value));
  // RFC 5280 4.2.1.3: "at least one of the bits MUST be set to 1"
  if (usages?.size === 0) throw malformed('a key usage without content');
  return usages;
}

/** The CNs of the directoryNames; names of other kinds are ignored. */
function commonNames(names: DerElement | undefined): string[] {
  if (!names) return [];
  layout.requireGeneralNames(names);
  return nonEmpty(names.children)
    .filter(({ tag }) => tag === DIRECTORY_NAME)
    .map((name) => readDistinguishedName(requireParts(name, [SEQUENCE])[0]))
    .flatMap((name) => name.values(COMMON_NAME));
}

/** RFC 5280 4.2.1.4: "A certificate policy OID MUST NOT appear more than once". */
function policies(extension: CertificatePolicies | undefined): string[] {
  const oids = nonEmpty(extension).map(({ policyIdentifier }) => policyIdentifier);
  if (new Set(oids).size !== oids.length) throw malformed('a policy is there twice');
  return oids;
}

/** The attribute must have exactly one value. (RFC 3739 3.3.1) */
function dateOfBirth(extension: DerElement | undefined): string | undefined {
  const attributes = nonEmpty(extension?.children)
    .map((attribute) => requireParts(attribute, [OBJECT_IDENTIFIER, SET]))
    .filter(([type]) => identifierOf(type) === DATE_OF_BIRTH);
  if (attributes.length === 0) return undefined;
  const [value, ...more] = attributes.flatMap(([, { children }]) => children);
  if (!value || more.length > 0) throw malformed('not exactly one dateOfBirth');
  if (value.tag !== GENERALIZED_TIME) throw malformed('dateOfBirth is not a GeneralizedTime');
  return Buffer.from(value.content).toString('ascii');
}

function locations(information: readonly AccessDescription[], method: string): string[] {
  return information
    .filter(({ accessMethod }) => accessMethod === method)
    .flatMap(({ accessLocation }) => accessLocation.uniformResourceIdentifier ?? []);
}

/** Omits lists that cover only some reasons, and indirect lists, which another issuer signs. (RFC 5280 4.2.1.13) */
function crlUrls(extension: CRLDistributionPoints | undefined): string[] {
  return nonEmpty(extension)
    .filter(({ reasons, cRLIssuer }) => reasons === undefined && cRLIssuer === undefined)
    .flatMap(({ distributionPoint }) => distributionPoint?.fullName ?? [])
    .flatMap(({ uniformResourceIdentifier }) => uniformResourceIdentifier ?? []);
}

/** Each of these lists is SIZE (1..MAX) if its extension is present. */
function nonEmpty<T>(extension: readonly T[] | undefined): readonly T[] {
  if (extension?.length === 0) throw malformed('an extension without content');
  // Copied, because the parser’s lists are subclasses of Array, and `map` and `filter` would return the subclass.
  return [...(extension ?? [])];
}
