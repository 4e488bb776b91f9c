import type { Mutant } from './mutants.ts';

/** The same mutants for the same seed and sources: at most one on a line, and as many of each kind as there are. */
export function chosen(mutants: readonly Mutant[], count: number, seed: number): Mutant[] {
  const random = numbers(seed);
  const kinds = Map.groupBy(shuffled(mutants, random), ({ kind }) => kind);
  const lines = new Set<string>();
  const taken: Mutant[] = [];
  while (taken.length < count && kinds.size > 0) {
    for (const [kind, left] of kinds) {
      const mutant = left.pop();
      if (!mutant) kinds.delete(kind);
      else if (taken.length < count && !lines.has(`${mutant.file}:${mutant.line}`)) {
        lines.add(`${mutant.file}:${mutant.line}`);
        taken.push(mutant);
      }
    }
  }
  return taken;
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((left, right) => left.at - right.at)
    .map(({ item }) => item);
}

/** mulberry32: the same numbers from 0 to 1 for the same seed. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}
