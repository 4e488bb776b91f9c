/** What values in DER mean. Each takes a value that `readDer` has checked, and does not check its tag. */
import { type DerElement, malformed } from './der.ts';

const UTF8_STRING = 0x0c;
const PRINTABLE_STRING = 0x13;
const TELETEX_STRING = 0x14;
const IA5_STRING = 0x16;
const UTC_TIME = 0x17;
const UNIVERSAL_STRING = 0x1c;
const BMP_STRING = 0x1e;

/** Below it, another octet of seven bits still makes an exact number. */
const SHORT_ARC = 2 ** 45;

/** The longest of X.509 has some twenty. A number takes the square of its length to read. */
const MOST_IDENTIFIER_OCTETS = 128;

/** An OBJECT IDENTIFIER with dots: `2.5.4.3`. (X.690 8.19) @throws PkiError certificate_malformed */
export function identifierOf({ content }: DerElement): string {
  if (content.length > MOST_IDENTIFIER_OCTETS) throw malformed('an identifier that is too long');
  const arcs: (number | bigint)[] = [];
  let arc: number | bigint = 0;
  for (const octet of content) {
    const bits = octet & 0x7f;
    arc = typeof arc === 'bigint' || arc >= SHORT_ARC ? BigInt(arc) * 128n + BigInt(bits) : arc * 128 + bits;
    if (octet >= 0x80) continue;
    if (arcs.length > 0) arcs.push(arc);
    else if (arc < 80) arcs.push(...(arc < 40 ? [0, arc] : [1, Number(arc) - 40]));
    else arcs.push(2, typeof arc === 'bigint' ? arc - 80n : arc - 80);
    arc = 0;
  }
  return arcs.join('.');
}

/** A UTCTime or GeneralizedTime. The years of a UTCTime are 1950 to 2049. (RFC 5280 4.1.2.5) */
export function timeOf({ tag, content }: DerElement): Date {
  const text = latin1(content);
  const year = tag === UTC_TIME ? `${text < '5' ? 20 : 19}${text.slice(0, 2)}` : text.slice(0, 4);
  const [month, day, hour, minute, second] = text.slice(tag === UTC_TIME ? 2 : 4).match(/\d\d/g) ?? [];
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** The text of a string type of X.509; empty for a value of another type. (RFC 5280 4.1.2.4) */
export function textOf({ tag, content }: DerElement): string {
  switch (tag) {
    case UTF8_STRING:
      return bufferOf(content).toString('utf8');
    case PRINTABLE_STRING:
    case TELETEX_STRING:
    case IA5_STRING:
      return latin1(content);
    case BMP_STRING:
      return Buffer.from(content).swap16().toString('utf16le');
    case UNIVERSAL_STRING:
      return charactersOf(bufferOf(content));
    default:
      return '';
  }
}

/** A BOOLEAN. */
export function isTrue({ content }: DerElement): boolean {
  return content[0] !== 0;
}

/** Octets as upper-case hexadecimal. */
export function hexadecimalOf({ content }: DerElement): string {
  return bufferOf(content).toString('hex').toUpperCase();
}

function charactersOf(octets: Buffer): string {
  let text = '';
  for (let at = 0; at < octets.length; at += 4) text += String.fromCodePoint(octets.readUInt32BE(at));
  return text;
}

function latin1(content: Uint8Array): string {
  return bufferOf(content).toString('latin1');
}

/** A view, not a copy. */
function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
