import { AsnConvert } from '@peculiar/asn1-schema';
import { Name, type AttributeValue } from '@peculiar/asn1-x509';

/** A distinguished name: attribute values by OID, and the exact DER by which names are compared. */
export interface DistinguishedName {
  readonly der: Uint8Array;
  /** Every value of an attribute type, e.g. `2.5.4.5` (serialNumber), in the certificate's order. */
  values(oid: string): readonly string[];
}

export function readDistinguishedName(der: Uint8Array): DistinguishedName {
  const attributes = readAttributes(AsnConvert.parse(der, Name));
  return { der, values: (oid) => attributes.filter(({ type }) => type === oid).map(({ value }) => value) };
}

/** The name's attributes. A value that is no text is an empty one, rather than shown as bytes or overlooked. */
export function readAttributes(name: Name): readonly { type: string; value: string }[] {
  return [...name]
    .flatMap((relativeName) => [...relativeName])
    .map(({ type, value }) => ({ type, value: textOf(value) }));
}

function textOf(value: AttributeValue): string {
  return (
    value.utf8String ??
    value.printableString ??
    value.ia5String ??
    value.bmpString ??
    value.teletexString ??
    value.universalString ??
    ''
  );
}
