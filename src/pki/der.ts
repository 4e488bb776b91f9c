import { PkiError } from './errors.ts';

/** One value of a DER encoding, as views into the bytes that were read. */
export interface DerElement {
  /** Identifier octet; tag numbers above 30 do not occur in X.509. */
  readonly tag: number;
  /** The whole encoding: tag, length and content. */
  readonly bytes: Uint8Array;
  readonly content: Uint8Array;
  /** The values inside a constructed one; empty for a primitive one. */
  readonly children: readonly DerElement[];
}

/** Deeper than X.509 ever goes. */
const MAX_DEPTH = 32;

/**
 * Reads exactly one value in DER (X.690 10 and 11). A general ASN.1 parser also takes BER, where one value has many
 * encodings and two parsers may understand different things; after this there is one reading.
 *
 * @throws PkiError certificate_malformed
 */
export function readDer(bytes: Uint8Array): DerElement {
  const element = readElement(bytes, 0);
  if (element.bytes.length !== bytes.length) throw malformed('bytes after the value');
  return element;
}

/**
 * The values inside a constructed one, which must be of exactly these tags in this order.
 *
 * @throws PkiError certificate_malformed
 */
export function requireParts<const Tags extends readonly number[]>(
  element: DerElement,
  tags: Tags,
): { readonly [Index in keyof Tags]: DerElement } {
  const { children } = element;
  if (children.length !== tags.length || children.some(({ tag }, index) => tag !== tags[index])) {
    throw malformed('not laid out as a certificate');
  }
  return children as { readonly [Index in keyof Tags]: DerElement };
}

export function malformed(detail: string, cause?: unknown): PkiError {
  return new PkiError('certificate_malformed', detail, { cause });
}

function readElement(bytes: Uint8Array, depth: number): DerElement {
  if (depth > MAX_DEPTH) throw malformed('nested too deeply');
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined) throw malformed('a value without tag and length');
  const lengthOctets = first < 0x80 ? 0 : first & 0x7f;
  const start = 2 + lengthOctets;
  const end = start + readLength(bytes.subarray(1, start), lengthOctets);
  if (end > bytes.length) throw malformed('a value longer than what holds it');
  const content = bytes.subarray(start, end);
  const constructed = isConstructed(tag);
  if (!constructed) requirePrimitive(tag, content);
  return {
    tag,
    bytes: bytes.subarray(0, end),
    content,
    children: constructed ? readChildren(content, depth + 1) : [],
  };
}

function readChildren(content: Uint8Array, depth: number): DerElement[] {
  const children: DerElement[] = [];
  for (let at = 0; at < content.length;) {
    const child = readElement(content.subarray(at), depth);
    children.push(child);
    at += child.bytes.length;
  }
  return children;
}

/** Definite, and in as few octets as possible. */
function readLength(octets: Uint8Array, lengthOctets: number): number {
  if (lengthOctets === 0 && octets[0] === 0x80) throw malformed('indefinite length');
  if (lengthOctets > 3 || octets.length !== lengthOctets + 1) throw malformed('length out of bounds');
  if (lengthOctets === 0) return octets[0] ?? 0;
  const length = octets.subarray(1).reduce((sum, octet) => sum * 256 + octet, 0);
  const least = lengthOctets === 1 ? 0x80 : 256 ** (lengthOctets - 1);
  if (length < least) throw malformed('length not minimal');
  return length;
}

/** SEQUENCE and SET are constructed, context-specific tags say, every other type of X.509 is primitive in DER. */
function isConstructed(tag: number): boolean {
  if ((tag & 0x1f) === 0x1f) throw malformed('a tag of more than one octet');
  const constructed = (tag & 0x20) !== 0;
  const tagClass = tag >> 6;
  if (tagClass === 2) return constructed;
  if (tagClass !== 0 || constructed !== (tag === 0x30 || tag === 0x31)) {
    throw malformed(`tag 0x${tag.toString(16)} out of place`);
  }
  return constructed;
}

const primitives: Readonly<Record<number, (content: Uint8Array) => boolean>> = {
  /* BOOLEAN */ 0x01: (content) => content.length === 1 && (content[0] === 0 || content[0] === 0xff),
  /* INTEGER */ 0x02: isMinimalInteger,
  /* BIT STRING */ 0x03: isBitString,
  /* OCTET STRING */ 0x04: () => true,
  /* NULL */ 0x05: (content) => content.length === 0,
  /* OBJECT IDENTIFIER */ 0x06: isObjectIdentifier,
  /* ENUMERATED */ 0x0a: isMinimalInteger,
  /* UTF8String */ 0x0c: isUtf8,
  /* PrintableString */ 0x13: isAscii,
  /* TeletexString */ 0x14: () => true,
  /* IA5String */ 0x16: isAscii,
  /* UTCTime */ 0x17: (content) => isTime(/^(\d{2})(\d{10})Z$/, content),
  /* GeneralizedTime */ 0x18: (content) => isTime(/^(\d{4})(\d{10})Z$/, content),
  /* VisibleString */ 0x1a: isAscii,
  /* UniversalString */ 0x1c: (content) => content.length % 4 === 0,
  /* BMPString */ 0x1e: (content) => content.length % 2 === 0,
};

function requirePrimitive(tag: number, content: Uint8Array): void {
  const contextSpecific = tag >> 6 === 2;
  if (contextSpecific || primitives[tag]?.(content)) return;
  throw malformed(`a value of tag 0x${tag.toString(16)} is not well-formed`);
}

function isMinimalInteger([first, second]: Uint8Array): boolean {
  if (first === undefined) return false;
  if (second === undefined) return true;
  return !(first === 0 && second < 0x80) && !(first === 0xff && second >= 0x80);
}

function isBitString(content: Uint8Array): boolean {
  const unused = content[0];
  if (unused === undefined || unused > 7) return false;
  const last = content.length > 1 ? content.at(-1) : undefined;
  return last === undefined ? unused === 0 : (last & ((1 << unused) - 1)) === 0;
}

function isObjectIdentifier(content: Uint8Array): boolean {
  const last = content.at(-1);
  if (last === undefined || last >= 0x80) return false;
  return content.every((octet, index) => octet !== 0x80 || (content[index - 1] ?? 0) >= 0x80);
}

function isUtf8(content: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(content);
    return true;
  } catch {
    return false;
  }
}

function isAscii(content: Uint8Array): boolean {
  return content.every((octet) => octet < 0x80);
}

/**
 * RFC 5280 4.1.2.5: in Zulu time, with seconds, without fractions; and a moment that the calendar has. For that question
 * UTCTime's two digits may as well be 20YY: 50 to 99 have their leap years alike in both centuries.
 */
function isTime(form: RegExp, content: Uint8Array): boolean {
  const [, year, rest] = form.exec(Buffer.from(content).toString('latin1')) ?? [];
  if (year === undefined || rest === undefined) return false;
  const iso = `${year.padStart(4, '20')}-${rest.replace(/(..)(..)(..)(..)(..)/, '$1-$2T$3:$4:$5')}.000Z`;
  const moment = new Date(iso);
  return !Number.isNaN(moment.getTime()) && moment.toISOString() === iso;
}
