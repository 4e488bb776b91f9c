import { isUtf8 } from 'node:buffer';
import { PkiError } from './errors.ts';

/** A value of a DER encoding, as views of the input bytes. */
export interface DerElement {
  /** The identifier octet. Tag numbers above 30 do not occur in X.509. */
  readonly tag: number;
  /** The complete encoding: tag, length and content. */
  readonly bytes: Uint8Array;
  readonly content: Uint8Array;
  /** The values in a constructed value; empty for a primitive value. Created on first access. */
  readonly children: readonly DerElement[];
}

/** More than any structure of X.509 has. */
const MAX_DEPTH = 32;
const CONSTRUCTED = 0x20;
const SEQUENCE = 0x30;
const SET = 0x31;

/**
 * Reads exactly one value in DER (X.690 10 and 11). General ASN.1 parsers also accept BER, where a value has many encodings,
 * so that two parsers can interpret the same bytes differently. Bytes that pass this check have one interpretation.
 *
 * The check covers all nested values, and creates no objects for them: a revocation list can have a million.
 *
 * @throws PkiError certificate_malformed
 */
export function readDer(bytes: Uint8Array): DerElement {
  if (requireValue(bytes, 0, bytes.length, 0) !== bytes.length) throw malformed('bytes after the value');
  return elementAt(bytes, 0);
}

/** Reads exactly one SEQUENCE, the type of all signed structures. @throws PkiError certificate_malformed */
export function readSequence(bytes: Uint8Array): DerElement {
  const element = readDer(bytes);
  if (element.tag !== SEQUENCE) throw malformed('not a SEQUENCE');
  return element;
}

/**
 * Returns the values in a constructed value, which must have exactly these tags in this order.
 *
 * @throws PkiError certificate_malformed
 */
export function requireParts<const Tags extends readonly number[]>(
  element: DerElement,
  tags: Tags,
): { readonly [Index in keyof Tags]: DerElement } {
  const { children } = element;
  if (children.length !== tags.length || children.some(({ tag }, index) => tag !== tags[index])) {
    throw malformed('not laid out as it should be');
  }
  return children as { readonly [Index in keyof Tags]: DerElement };
}

/**
 * The values in a constructed value must have some of these tags, in this order and each once at most.
 *
 * @throws PkiError certificate_malformed
 */
export function requireOrdered({ children }: DerElement, tags: readonly number[]): void {
  let next = 0;
  for (const { tag } of children) {
    const at = tags.indexOf(tag, next);
    if (at < 0) throw malformed('not laid out as it should be');
    next = at + 1;
  }
}

/**
 * Returns the values in a constructed value, which must all have this tag.
 *
 * @throws PkiError certificate_malformed
 */
export function requireAll({ children }: DerElement, tag: number): readonly DerElement[] {
  if (children.some((child) => child.tag !== tag)) throw malformed('not all of one kind');
  return children;
}

/**
 * The content of a value whose tag is implicit must be valid for the primitive type with this tag.
 *
 * @throws PkiError certificate_malformed
 */
export function requireContent({ tag, content }: DerElement, type: number): void {
  if (!isPrimitive(type, content, 0, content.length)) throw notWellFormed(tag);
}

export function malformed(detail: string, cause?: unknown): PkiError {
  return new PkiError('certificate_malformed', detail, { cause });
}

/** The offset of the content of the value at an offset, in bytes that `readDer` has checked. */
export function contentStart(bytes: Uint8Array, at: number): number {
  const first = octet(bytes, at + 1);
  return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
}

/** The offset after the value at an offset, in bytes that `readDer` has checked. */
export function valueEnd(bytes: Uint8Array, at: number): number {
  const start = contentStart(bytes, at);
  return start + lengthOf(bytes, at, start);
}

function elementAt(bytes: Uint8Array, at: number): DerElement {
  const tag = octet(bytes, at);
  const end = valueEnd(bytes, at);
  const content = bytes.subarray(contentStart(bytes, at), end);
  let children: DerElement[] | undefined;
  return {
    tag,
    bytes: bytes.subarray(at, end),
    content,
    get children() {
      children ??= (tag & CONSTRUCTED) === 0 ? [] : childrenIn(content);
      return children;
    },
  };
}

function childrenIn(content: Uint8Array): DerElement[] {
  const children: DerElement[] = [];
  for (let at = 0; at < content.length; at = valueEnd(content, at)) children.push(elementAt(content, at));
  return children;
}

/** Checks the value at an offset, with all nested values. Returns the offset after it, at most `limit`. */
function requireValue(bytes: Uint8Array, at: number, limit: number, depth: number): number {
  if (depth > MAX_DEPTH) throw malformed('nested too deeply');
  if (at + 2 > limit) throw malformed('a value without tag and length');
  const tag = octet(bytes, at);
  const start = contentStart(bytes, at);
  const end = start + requireLength(bytes, at, start, limit);
  if (end > limit) throw malformed('a value longer than what holds it');
  if (isConstructed(tag)) {
    for (let inside = start; inside < end;) inside = requireValue(bytes, inside, end, depth + 1);
  } else if (!isPrimitive(tag, bytes, start, end)) {
    throw notWellFormed(tag);
  }
  return end;
}

function notWellFormed(tag: number): PkiError {
  return malformed(`a value of tag 0x${tag.toString(16)} is not well-formed`);
}

/** The length must be definite and minimally encoded. */
function requireLength(bytes: Uint8Array, at: number, start: number, limit: number): number {
  const lengthOctets = start - at - 2;
  if (lengthOctets === 0 && octet(bytes, at + 1) === 0x80) throw malformed('indefinite length');
  if (lengthOctets > 3 || start > limit) throw malformed('length out of bounds');
  const length = lengthOf(bytes, at, start);
  if (lengthOctets === 0) return length;
  const least = lengthOctets === 1 ? 0x80 : 256 ** (lengthOctets - 1);
  if (length < least) throw malformed('length not minimal');
  return length;
}

function lengthOf(bytes: Uint8Array, at: number, start: number): number {
  if (start === at + 2) return octet(bytes, at + 1);
  let length = 0;
  for (let index = at + 2; index < start; index++) length = length * 256 + octet(bytes, index);
  return length;
}

/** In DER, SEQUENCE and SET are constructed, context-specific tags can be, and all other types of X.509 are primitive. */
function isConstructed(tag: number): boolean {
  if ((tag & 0x1f) === 0x1f) throw malformed('a tag of more than one octet');
  const constructed = (tag & CONSTRUCTED) !== 0;
  const tagClass = tag >> 6;
  if (tagClass === 2) return constructed;
  if (tagClass !== 0 || constructed !== (tag === SEQUENCE || tag === SET)) {
    throw malformed(`tag 0x${tag.toString(16)} out of place`);
  }
  return constructed;
}

/** Whether the content of a primitive value, from `start` to `end`, is valid for its type. */
function isPrimitive(tag: number, bytes: Uint8Array, start: number, end: number): boolean {
  if (tag >> 6 === 2) return true;
  const length = end - start;
  switch (tag) {
    case 0x01 /* BOOLEAN */:
      return length === 1 && (octet(bytes, start) === 0 || octet(bytes, start) === 0xff);
    case 0x02 /* INTEGER */:
    case 0x0a /* ENUMERATED */:
      return isMinimalInteger(bytes, start, length);
    case 0x03 /* BIT STRING */:
      return isBitString(bytes, start, end);
    case 0x04 /* OCTET STRING */:
    case 0x14 /* TeletexString */:
      return true;
    case 0x05 /* NULL */:
      return length === 0;
    case 0x06 /* OBJECT IDENTIFIER */:
      return isObjectIdentifier(bytes, start, end);
    case 0x0c /* UTF8String */:
      return isAscii(bytes, start, end) || isUtf8(bytes.subarray(start, end));
    case 0x13 /* PrintableString */:
    case 0x16 /* IA5String */:
    case 0x1a /* VisibleString */:
      return isAscii(bytes, start, end);
    case 0x17 /* UTCTime */:
      return length === 13 && isTime(bytes, start, 2);
    case 0x18 /* GeneralizedTime */:
      return length === 15 && isTime(bytes, start, 4);
    case 0x1c /* UniversalString */:
      return hasCharacters(bytes, start, end, 4);
    case 0x1e /* BMPString */:
      return hasCharacters(bytes, start, end, 2);
    default:
      return false;
  }
}

function isMinimalInteger(bytes: Uint8Array, start: number, length: number): boolean {
  if (length < 2) return length === 1;
  const [first, second] = [octet(bytes, start), octet(bytes, start + 1)];
  return !(first === 0 && second < 0x80) && !(first === 0xff && second >= 0x80);
}

function isBitString(bytes: Uint8Array, start: number, end: number): boolean {
  if (start === end) return false;
  const unused = octet(bytes, start);
  if (end - start === 1) return unused === 0;
  return unused <= 7 && (octet(bytes, end - 1) & ((1 << unused) - 1)) === 0;
}

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let index = start; index < end; index++) if (octet(bytes, index) >= 0x80) return false;
  return true;
}

/** Whether all values of `width` octets are Unicode scalar values: no halves of pairs, nothing beyond U+10FFFF. */
function hasCharacters(bytes: Uint8Array, start: number, end: number, width: 2 | 4): boolean {
  if ((end - start) % width !== 0) return false;
  for (let at = start; at < end; at += width) {
    let character = 0;
    for (let index = at; index < at + width; index++) character = character * 256 + octet(bytes, index);
    if (character > 0x10ffff || (character >= 0xd800 && character <= 0xdfff)) return false;
  }
  return true;
}

/** Each arc must be minimally encoded, and the last one complete. */
function isObjectIdentifier(bytes: Uint8Array, start: number, end: number): boolean {
  let arcBegins = true;
  for (let index = start; index < end; index++) {
    if (arcBegins && octet(bytes, index) === 0x80) return false;
    arcBegins = octet(bytes, index) < 0x80;
  }
  return start < end && arcBegins;
}

/**
 * RFC 5280 4.1.2.5: in Zulu time, with seconds, without fractions; and an existing calendar date. UTCTime's two-digit year
 * is read as 20YY here: the years 50 to 99 have the same leap years in both centuries.
 */
function isTime(bytes: Uint8Array, start: number, yearDigits: 2 | 4): boolean {
  const rest = start + yearDigits;
  const century = yearDigits === 4 ? twoDigits(bytes, start) : 20;
  const year = century * 100 + twoDigits(bytes, rest - 2);
  const month = twoDigits(bytes, rest);
  const day = twoDigits(bytes, rest + 2);
  return (
    // `twoDigits` returns NaN for other characters, and every comparison with NaN is false.
    year >= 0 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysOf(month, year) &&
    twoDigits(bytes, rest + 4) <= 23 &&
    twoDigits(bytes, rest + 6) <= 59 &&
    twoDigits(bytes, rest + 8) <= 59 &&
    octet(bytes, rest + 10) === 0x5a
  );
}

function daysOf(month: number, year: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function twoDigits(bytes: Uint8Array, at: number): number {
  const [tens, ones] = [octet(bytes, at) - 0x30, octet(bytes, at + 1) - 0x30];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}

function octet(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}
