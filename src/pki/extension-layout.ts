import { type DerElement, malformed, requireAll, requireOrdered, requireParts } from './der.ts';

const BOOLEAN = 0x01;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OBJECT_IDENTIFIER = 0x06;
const SEQUENCE = 0x30;
const SET = 0x31;

/** The choices of GeneralName, from otherName [0] to registeredID [8]. */
const GENERAL_NAMES: readonly number[] = [0xa0, 0x81, 0x82, 0xa3, 0xa4, 0xa5, 0x86, 0x87, 0x88];

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
  for (const { tag } of value.children) requireGeneralName(tag);
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
    const name = description.children[1]?.tag ?? 0;
    requireGeneralName(name);
    requireParts(description, [OBJECT_IDENTIFIER, name]);
  }
}

/** RFC 5280 4.2.1.13: with a distributionPoint or a cRLIssuer. */
export function requireDistributionPoints(value: DerElement): void {
  requireTag(value, SEQUENCE);
  for (const point of requireAll(value, SEQUENCE)) {
    requireOrdered(point, [0xa0, 0x81, 0xa2]);
    const [name, issuer] = [0xa0, 0xa2].map((tag) => point.children.find((part) => part.tag === tag));
    if (!name && !issuer) throw malformed('a list without a name');
    if (name) requireDistributionPointName(name);
  }
}

/** A choice, in a tag of its own: fullName [0], or nameRelativeToCRLIssuer [1]. */
function requireDistributionPointName(value: DerElement): void {
  const [name] = value.children;
  if (value.children.length !== 1 || !name) throw malformed('not one name of a list');
  if (name.tag === 0xa0) for (const { tag } of name.children) requireGeneralName(tag);
  else if (name.tag !== 0xa1) throw malformed('not the name of a list');
}

function requireGeneralName(tag: number): void {
  if (!GENERAL_NAMES.includes(tag)) throw malformed('not a general name');
}

function requireTag({ tag }: DerElement, expected: number): void {
  if (tag !== expected) throw malformed('an extension of another type');
}
