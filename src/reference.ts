/**
 * References: what a person reads out to support, like `K7Q4-M2XF`. The page shows it, and the log and the audit have the same.
 * Seven characters and a check character, of 31 that are not easily confused when they are read or spoken.
 */
import { createHash, randomBytes } from 'node:crypto';

/** Without 0, 1, I, O and U. A prime number of characters: then one wrong character, or two in the wrong order, is always noticed. */
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTVWXYZ';
const BASE = ALPHABET.length;
const LENGTH = 8;
const RANDOM_BYTES = 6;

/** A random reference: of a request. */
export function newReference(): string {
  return referenceFrom(randomBytes(RANDOM_BYTES));
}

/**
 * The reference of a login attempt: always the same for the same attempt, on every instance. Of a million attempts, one in 27,000
 * shares its reference with another one.
 */
export function referenceOf(attempt: string): string {
  return referenceFrom(
    createHash('sha256').update(`reference\n${attempt}`).digest().subarray(0, RANDOM_BYTES),
  );
}

/** Reads a typed reference: in either case, with any separators. `undefined` where a character is wrong. */
export function parseReference(typed: string): string | undefined {
  const characters = typed.toUpperCase().replaceAll(/[\s-]/g, '');
  const digits = Array.from(characters, (character) => ALPHABET.indexOf(character));
  if (digits.length !== LENGTH || digits.includes(-1) || weighted(digits) !== 0) return undefined;
  return written(characters);
}

/** @param bytes 48 bits, of which 34.7 remain */
function referenceFrom(bytes: Uint8Array): string {
  let value = Buffer.from(bytes).readUIntBE(0, RANDOM_BYTES);
  const digits: number[] = [];
  while (digits.length < LENGTH - 1) {
    digits.push(value % BASE);
    value = Math.floor(value / BASE);
  }
  // The weight of the check character is 8, whose inverse is 4, since 8 · 4 = 31 + 1: with it the sum is 0.
  const check = ((BASE - weighted(digits)) * 4) % BASE;
  return written([...digits, check].map((digit) => ALPHABET.charAt(digit)).join(''));
}

function weighted(digits: readonly number[]): number {
  return digits.reduce((sum, digit, index) => sum + digit * (index + 1), 0) % BASE;
}

function written(characters: string): string {
  return `${characters.slice(0, LENGTH / 2)}-${characters.slice(LENGTH / 2)}`;
}
