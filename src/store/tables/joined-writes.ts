import type { RawBuilder } from 'kysely';
import type { JoinedWrites } from '../../login/attempt-store.ts';

/** The parts of a `with` that write, each only where a condition is true. */
type PartsIf = (condition: RawBuilder<unknown>) => readonly RawBuilder<unknown>[];

const parts = new WeakMap<JoinedWrites, PartsIf>();

export function joinedWrites(partsIf: PartsIf): JoinedWrites {
  const joined = Object.freeze({}) as JoinedWrites;
  parts.set(joined, partsIf);
  return joined;
}

/** @throws for writes that this store did not make */
export function partsOf(
  joined: JoinedWrites,
  condition: RawBuilder<unknown>,
): readonly RawBuilder<unknown>[] {
  const partsIf = parts.get(joined);
  if (!partsIf) throw new Error('the writes are of another store');
  return partsIf(condition);
}
