/**
 * Kinds of mutants that were once accepted, made at every position of an encoding. They are replayed before random ones.
 *
 * Each kind names its fault: a parser that reads different encodings as the same value. Add the mutation that a failure
 * prints here, as a kind, together with the fix.
 */
import type { DerMutation } from './der-mutations.ts';

/** More values than any object in these tests has; indexes wrap around. */
const VALUES = 120;

const UTF8_STRING = 0x0c;
const OBJECT_IDENTIFIER = 0x06;
const VISIBLE_STRING = 0x1a;
const SEQUENCE = 0x30;
const SET = 0x31;

export const ONCE_ACCEPTED: readonly DerMutation[] = Array.from({ length: VALUES }, (_, node) => [
  // A second value of an attribute, or of any type with a fixed number of values, was overlooked.
  { der: 'repeat', node } as const,
  // A text was read as an object identifier, a SET as a SEQUENCE, and vice versa; a name was of any type.
  ...[UTF8_STRING, VISIBLE_STRING, OBJECT_IDENTIFIER, SEQUENCE, SET].map(
    (tag) => ({ der: 'tag', node, tag }) as const,
  ),
  // A status "good" was read as good with any content, and parameters of an algorithm were ignored.
  {
    der: 'content',
    node,
    change: { bytes: 'insert', at: 0, put: new Uint8Array([0x05, 0x00]) },
  } as const,
]).flat();
