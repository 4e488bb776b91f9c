/** The content of primitive values in DER: which octets are valid for a type. (X.690 8, 10 and 11) */
import { isUtf8 } from 'node:buffer';

/** Whether the content of a primitive value, from `start` to `end`, is valid for its type. False for a type that X.509 does not have. */
export function isPrimitive(tag: number, bytes: Uint8Array, start: number, end: number): boolean {
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

/** Zero after the end. */
export function octet(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}
