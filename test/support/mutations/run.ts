import type { TestContext } from 'node:test';
import fc from 'fast-check';

/** The seed without `MUTATION_SEED`, so that the same source always gets the same mutations. */
const SEED = 1;

/** The maximum processing time of any response, in milliseconds. */
const LONGEST_MS = 1_000;

export interface Mutations<Mutation, Mutant> {
  readonly mutations: fc.Arbitrary<Mutation>;
  /** Mutations that were once accepted: replayed first. Default: none. */
  readonly corpus?: readonly Mutation[];
  /** The number of random mutants in a full run. */
  readonly runs: number;
  /** Returns undefined if the mutation does not change the meaning; then it does not count. */
  readonly mutate: (mutation: Mutation) => Mutant | undefined;
  /** Returns the code of the refusal, or `accepted`. Any exception is a crash. */
  readonly verdict: (mutant: Mutant) => Promise<string> | string;
  /** The details of a failure, for analysis without this process's keys. */
  readonly show: (mutant: Mutant) => unknown;
}

/**
 * Asserts that each mutant is refused, within a second; prints the seed, the numbers and the codes.
 *
 * A tenth of a full run by default; `MUTATION_SHARE=1` makes a full one. `MUTATION_SEED=random` tries others, and
 * `MUTATION_SEED=…` repeats such a run; together with the printed `MUTATION_PATH=…`, one mutant. Mutations contain positions,
 * not values, since every process has new keys and signatures.
 */
export async function assertRefused<Mutation, Mutant>(
  test: TestContext,
  { corpus = [], mutations, runs, mutate, verdict, show }: Mutations<Mutation, Mutant>,
): Promise<void> {
  const { MUTATION_PATH } = process.env;
  const seed = seedOfRun();
  const codes = new Map<string, number>();
  let slowest = 0;
  const startedAt = performance.now();
  test.diagnostic(`MUTATION_SEED=${seed}`);
  await fc.assert(
    fc.asyncProperty(mutations, async (mutation) => {
      const mutant = mutate(mutation);
      fc.pre(mutant !== undefined);
      const started = performance.now();
      const code = await verdictOn(mutant);
      const took = performance.now() - started;
      if (code === 'accepted') throw new Error(`accepted: ${JSON.stringify(show(mutant))}`);
      if (took > LONGEST_MS) throw new Error(`took ${took} ms: ${JSON.stringify(show(mutant))}`);
      slowest = Math.max(slowest, took);
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }),
    {
      seed,
      numRuns: corpus.length + shareOf(runs),
      examples: corpus.map((mutation) => [mutation]),
      ...(MUTATION_PATH === undefined ? {} : { path: MUTATION_PATH }),
    },
  );
  const refused = [...codes.values()].reduce((sum, count) => sum + count, 0);
  const seconds = (performance.now() - startedAt) / 1000;
  test.diagnostic(
    `${refused} refused in ${seconds.toFixed(1)} s, ${Math.round(refused / seconds)} a second, ` +
      `the slowest in ${slowest.toFixed(1)} ms`,
  );
  for (const [code, count] of [...codes].sort(([, left], [, right]) => right - left)) {
    test.diagnostic(`${code}: ${count}`);
  }

  async function verdictOn(mutant: Mutant): Promise<string> {
    try {
      return await verdict(mutant);
    } catch (cause) {
      throw new Error(`crashed: ${JSON.stringify(show(mutant))}`, { cause });
    }
  }
}

/** `MUTATION_SEED`, a number or `random`. Default: always the same. */
export function seedOfRun(): number {
  const { MUTATION_SEED = SEED } = process.env;
  return MUTATION_SEED === 'random' ? Math.floor(Math.random() * 2 ** 31) : Number(MUTATION_SEED);
}

/** The number of runs in this process, at least one. */
export function shareOf(runs: number): number {
  return Math.max(1, Math.round(runs * Number(process.env.MUTATION_SHARE ?? 0.1)));
}
