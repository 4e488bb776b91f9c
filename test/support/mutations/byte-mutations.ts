import fc from 'fast-check';

/** A change of bytes. Positions are taken modulo the length. */
export type ByteMutation =
  | { readonly bytes: 'flip'; readonly at: number; readonly bit: number }
  | { readonly bytes: 'set'; readonly at: number; readonly value: number }
  | { readonly bytes: 'delete'; readonly at: number; readonly count: number }
  | { readonly bytes: 'insert'; readonly at: number; readonly put: Uint8Array }
  | { readonly bytes: 'repeat'; readonly at: number; readonly count: number }
  | { readonly bytes: 'cut'; readonly at: number }
  /** Replaces the rest with the end of other bytes. */
  | { readonly bytes: 'cross'; readonly at: number };

export const byteMutation: fc.Arbitrary<ByteMutation> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ bytes: fc.constant('flip'), at: fc.nat(), bit: fc.nat(7) }) },
  { weight: 2, arbitrary: fc.record({ bytes: fc.constant('set'), at: fc.nat(), value: fc.nat(255) }) },
  fc.record({ bytes: fc.constant('delete'), at: fc.nat(), count: fc.integer({ min: 1, max: 40 }) }),
  fc.record({
    bytes: fc.constant('insert'),
    at: fc.nat(),
    put: fc.uint8Array({ minLength: 1, maxLength: 40 }),
  }),
  fc.record({ bytes: fc.constant('repeat'), at: fc.nat(), count: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ bytes: fc.constant('cut'), at: fc.nat() }),
  fc.record({ bytes: fc.constant('cross'), at: fc.nat() }),
);

/** @param other bytes of the same kind, for a crossover */
export function mutateBytes(bytes: Buffer, mutation: ByteMutation, other: Buffer): Buffer {
  const at = mutation.at % Math.max(bytes.length, 1);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (mutation.bytes) {
    case 'flip':
      return Buffer.concat([before, Buffer.of((after[0] ?? 0) ^ (1 << mutation.bit)), after.subarray(1)]);
    case 'set':
      return Buffer.concat([before, Buffer.of(mutation.value), after.subarray(1)]);
    case 'delete':
      return Buffer.concat([before, after.subarray(mutation.count)]);
    case 'insert':
      return Buffer.concat([before, mutation.put, after]);
    case 'repeat':
      return Buffer.concat([before, after.subarray(0, mutation.count), after]);
    case 'cut':
      return before;
    case 'cross':
      return Buffer.concat([before, other.subarray(at)]);
  }
}
