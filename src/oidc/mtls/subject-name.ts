/** Distinguished names as text. (RFC 4514) */

/** Attribute types by their names. (RFC 4514 3, RFC 4519) Others are written as an OID. */
const TYPES: Readonly<Record<string, string>> = {
  CN: '2.5.4.3',
  SERIALNUMBER: '2.5.4.5',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  STREET: '2.5.4.9',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  ORGANIZATIONIDENTIFIER: '2.5.4.97',
  UID: '0.9.2342.19200300.100.1.1',
  DC: '0.9.2342.19200300.100.1.25',
};

export interface NameAttribute {
  /** OID */
  readonly type: string;
  readonly value: string;
}

/**
 * Reads a name, the most specific attribute first, as it is written: `CN=client,O=Example,C=EE`.
 *
 * @returns undefined if the text is not a name, or has several attributes at one level (`+`)
 */
export function readSubjectName(text: string): readonly NameAttribute[] | undefined {
  const attributes = text.split(/(?<=(?:^|[^\\])(?:\\\\)*),/).map((part) => attributeIn(part.trim()));
  return attributes.every((attribute) => attribute !== undefined) ? attributes : undefined;
}

function attributeIn(part: string): NameAttribute | undefined {
  const [, name, oid, escaped] =
    /^(?:([A-Za-z][A-Za-z0-9-]*)|(\d+(?:\.\d+)+)) ?= ?((?:[^\\,+"<>;\0]|\\[ "#+,;<=>\\]|\\[0-9A-Fa-f]{2})+?),?$/.exec(
      part,
    ) ?? [];
  const type = oid ?? TYPES[name?.toUpperCase() ?? ''];
  if (type === undefined || escaped === undefined) return undefined;
  return { type, value: unescaped(escaped) };
}

/** Consecutive pairs of hexadecimal digits are octets of UTF-8. */
function unescaped(text: string): string {
  return text
    .replace(/(?:\\[0-9A-Fa-f]{2})+/g, (octets) => Buffer.from(octets.replaceAll('\\', ''), 'hex').toString())
    .replace(/\\(.)/g, '$1');
}
