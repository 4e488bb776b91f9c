import { type DerElement, malformed, requireAll } from './der/der.ts';
import { identifierOf, textOf } from './der/values.ts';

/** Attribute types of names. (RFC 5280, appendix A.1) */
export const COMMON_NAME = '2.5.4.3';
export const SURNAME = '2.5.4.4';
export const SERIAL_NUMBER = '2.5.4.5';
export const GIVEN_NAME = '2.5.4.42';

const OBJECT_IDENTIFIER = 0x06;
const SEQUENCE = 0x30;
const SET = 0x31;

/**
 * The types of attribute values: UTF8String, PrintableString, TeletexString, IA5String, UniversalString, BMPString (RFC 5280
 * 4.1.2.4), and the BIT STRING of x500UniqueIdentifier.
 */
const VALUES: readonly number[] = [0x0c, 0x13, 0x14, 0x16, 0x1c, 0x1e, 0x03];

/** A distinguished name: attribute values by OID, and the DER bytes by which names are compared. */
export interface DistinguishedName {
  readonly der: Uint8Array;
  /** All values of an attribute type, e.g. `2.5.4.5` (serialNumber), in the certificate's order. */
  values(oid: string): readonly string[];
}

/**
 * Reads a Name (RFC 5280 4.1.2.4). A value of a type other than text becomes an empty text: it is neither shown as bytes nor left
 * out.
 *
 * @throws PkiError certificate_malformed
 */
export function readDistinguishedName(name: DerElement): DistinguishedName {
  const attributes = readAttributes(name);
  return {
    der: name.bytes,
    values: (oid) => attributes.filter(({ type }) => type === oid).map(({ value }) => value),
  };
}

function readAttributes(element: DerElement): readonly { type: string; value: string }[] {
  requireName(element);
  return element.children
    .flatMap((relativeName) => relativeName.children)
    .map((attribute) => {
      const [type, value] = requireAttribute(attribute);
      return { type: identifierOf(type), value: textOf(value) };
    });
}

/**
 * Requires the layout of a Name (RFC 5280 4.1.2.4).
 *
 * @throws PkiError certificate_malformed
 */
export function requireName(element: DerElement): void {
  for (const relativeName of requireAll(element, SET)) requireRelativeName(relativeName);
}

/**
 * Requires the layout of a RelativeDistinguishedName: each attribute must have one type and one value, and no
 * further values, which other parsers may read instead.
 *
 * @throws PkiError certificate_malformed
 */
export function requireRelativeName(element: DerElement): void {
  for (const attribute of requireAll(element, SEQUENCE)) requireAttribute(attribute);
}

/** The type and the value of an attribute. */
function requireAttribute({ children }: DerElement): readonly [DerElement, DerElement] {
  const [type, value, ...more] = children;
  if (type?.tag !== OBJECT_IDENTIFIER || !value || more.length > 0)
    throw malformed('an attribute is not a type and a value');
  if (!VALUES.includes(value.tag)) throw malformed('the value of an attribute is not text');
  return [type, value];
}
