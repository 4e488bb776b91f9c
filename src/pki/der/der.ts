import { PkiError } from '../errors.ts';
import { isPrimitive, octet } from './primitives.ts';

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
  return new Element(bytes, 0);
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
export function requireOrdered({ children }: Pick<DerElement, 'children'>, tags: readonly number[]): void {
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

/** Views are made when they are asked for: most values are only passed over. */
class Element implements DerElement {
  readonly tag: number;
  readonly #source: Uint8Array;
  readonly #start: number;
  readonly #end: number;
  #children: DerElement[] | undefined;

  constructor(source: Uint8Array, start: number) {
    this.tag = octet(source, start);
    this.#source = source;
    this.#start = start;
    this.#end = valueEnd(source, start);
  }

  get bytes(): Uint8Array {
    return this.#source.subarray(this.#start, this.#end);
  }

  get content(): Uint8Array {
    return this.#source.subarray(contentStart(this.#source, this.#start), this.#end);
  }

  get children(): readonly DerElement[] {
    return (this.#children ??= (this.tag & CONSTRUCTED) === 0 ? [] : this.#read());
  }

  #read(): DerElement[] {
    const children: DerElement[] = [];
    let at = contentStart(this.#source, this.#start);
    for (; at < this.#end; at = valueEnd(this.#source, at)) children.push(new Element(this.#source, at));
    return children;
  }
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
