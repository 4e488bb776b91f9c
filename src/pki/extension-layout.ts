import {
  type DerElement,
  malformed,
  requireAll,
  requireContent,
  requireOrdered,
  requireParts,
} from './der/der.ts';
import { requireName, requireRelativeName } from './distinguished-name.ts';

const BOOLEAN = 0x01;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OBJECT_IDENTIFIER = 0x06;
const SEQUENCE = 0x30;
const SET = 0x31;
const IA5_STRING = 0x16;

/**
 * Checks the layout of an extension's value. The general parser ignores values that a type does not have, and accepts some of
 * another type: where other parsers refuse, or read something else.
 *
 * @throws PkiError certificate_malformed
 */
export type RequireLayout = (value: DerElement) => void;

/** RFC 5280 4.2.1.9. */
export function requireBasicConstraints(value: DerElement): void {
  requireTag(value, SEQUENCE);
  requireOrdered(value, [BOOLEAN, INTEGER]);
}

/** RFC 5280 4.2.1.3. */
export function requireKeyUsage(value: DerElement): void {
  requireTag(value, BIT_STRING);
}

/** RFC 5280 4.2.1.2. */
export function requireKeyIdentifier(value: DerElement): void {
  requireTag(value, OCTET_STRING);
}

/** RFC 5280 4.2.1.1. */
export function requireAuthorityKeyIdentifier(value: DerElement): void {
  requireTag(value, SEQUENCE);
  requireOrdered(value, [0x80, 0xa1, 0x82]);
  const [issuer, serialNumber] = [0xa1, 0x82].map((tag) => value.children.find((part) => part.tag === tag));
  issuer?.children.forEach(requireGeneralName);
  if (serialNumber) requireContent(serialNumber, INTEGER);
}

/** RFC 5280 4.2.1.12. */
export function requireIdentifiers(value: DerElement): void {
  requireTag(value, SEQUENCE);
  requireAll(value, OBJECT_IDENTIFIER);
}

/** RFC 5280 4.2.1.4. */
export function requirePolicies(value: DerElement): void {
  requireTag(value, SEQUENCE);
  for (const policy of requireAll(value, SEQUENCE)) {
    requireParts(policy, policy.children[1] ? [OBJECT_IDENTIFIER, SEQUENCE] : [OBJECT_IDENTIFIER]);
  }
}

/** RFC 5280 4.2.1.6. */
export function requireGeneralNames(value: DerElement): void {
  requireTag(value, SEQUENCE);
  value.children.forEach(requireGeneralName);
}

/** RFC 5280 4.2.1.8. */
export function requireAttributes(value: DerElement): void {
  requireTag(value, SEQUENCE);
  for (const attribute of requireAll(value, SEQUENCE)) requireParts(attribute, [OBJECT_IDENTIFIER, SET]);
}

/** RFC 5280 4.2.2.1. */
export function requireAccessDescriptions(value: DerElement): void {
  requireTag(value, SEQUENCE);
  for (const description of requireAll(value, SEQUENCE)) {
    const [, name] = description.children;
    requireParts(description, [OBJECT_IDENTIFIER, name?.tag ?? 0]);
    if (name) requireGeneralName(name);
  }
}

/** RFC 5280 4.2.1.13: with a distributionPoint or a cRLIssuer. */
export function requireDistributionPoints(value: DerElement): void {
  requireTag(value, SEQUENCE);
  for (const point of requireAll(value, SEQUENCE)) {
    requireOrdered(point, [0xa0, 0x81, 0xa2]);
    const [name, reasons, issuer] = [0xa0, 0x81, 0xa2].map((tag) =>
      point.children.find((part) => part.tag === tag),
    );
    if (!name && !issuer) throw malformed('a list without a name');
    if (name) requireDistributionPointName(name);
    if (reasons) requireContent(reasons, BIT_STRING);
    issuer?.children.forEach(requireGeneralName);
  }
}

/** A choice, in a tag of its own: fullName [0], or nameRelativeToCRLIssuer [1]. */
function requireDistributionPointName(value: DerElement): void {
  const [name] = value.children;
  if (value.children.length !== 1 || !name) throw malformed('not one name of a list');
  if (name.tag === 0xa0) name.children.forEach(requireGeneralName);
  else if (name.tag === 0xa1) requireRelativeName(name);
  else throw malformed('not the name of a list');
}

/** One of the choices of GeneralName, without x400Address [3] and ediPartyName [5], which no certificate has. */
function requireGeneralName(name: DerElement): void {
  switch (name.tag) {
    case 0xa0 /* otherName */:
      requireOtherName(name);
      return;
    case 0x81 /* rfc822Name */:
    case 0x82 /* dNSName */:
    case 0x86 /* uniformResourceIdentifier */:
      requireContent(name, IA5_STRING);
      return;
    case 0xa4 /* directoryName, a choice in a tag of its own */:
      requireName(requireParts(name, [SEQUENCE])[0]);
      return;
    case 0x87 /* iPAddress */:
      return;
    case 0x88 /* registeredID */:
      requireContent(name, OBJECT_IDENTIFIER);
      return;
    default:
      throw malformed('not a general name');
  }
}

function requireOtherName(name: DerElement): void {
  const [, value] = requireParts(name, [OBJECT_IDENTIFIER, 0xa0]);
  if (value.children.length !== 1) throw malformed('not a general name');
}

function requireTag({ tag }: DerElement, expected: number): void {
  if (tag !== expected) throw malformed('an extension of another type');
}
