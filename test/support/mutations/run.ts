import type { TestContext } from 'node:test';
import fc from 'fast-check';

/** Nothing that comes off the wire may keep a process busy for longer, in milliseconds. */
const LONGEST_MS = 1_000;

export interface Mutations<Mutation, Mutant> {
  readonly mutations: fc.Arbitrary<Mutation>;
  /** Mutations that once got through: replayed first. Default: none. */
  readonly corpus?: readonly Mutation[];
  /** How many random mutants a full run makes. */
  readonly runs: number;
  /** Undefined where it leaves the meaning as it was: then it is none, and does not count. */
  readonly mutate: (mutation: Mutation) => Mutant | undefined;
  /** The code under which it is refused, or `accepted`. Whatever it throws is a crash. */
  readonly verdict: (mutant: Mutant) => Promise<string> | string;
  /** What a failure shows, so that it can be looked at whatever keys the next process makes. */
  readonly show: (mutant: Mutant) => unknown;
}

/**
 * Asserts that each mutant is refused, within a second; prints the seed, the numbers and the codes.
 *
 * A tenth of a full run by default; `MUTATION_SHARE=1` makes a full one. `MUTATION_SEED=…` repeats a run; together with
 * `MUTATION_PATH=…`, as a failure prints it, one mutant. Mutations name places and not values, since keys and signatures
 * are new in every process.
 */
export async function assertRefused<Mutation, Mutant>(
  test: TestContext,
  { corpus = [], mutations, runs, mutate, verdict, show }: Mutations<Mutation, Mutant>,
): Promise<void> {
  const { MUTATION_SEED, MUTATION_PATH } = process.env;
  const seed = Number(MUTATION_SEED ?? Math.floor(Math.random() * 2 ** 31));
  const codes = new Map<string, number>();
  let slowest = 0;
  const begun = performance.now();
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
  const seconds = (performance.now() - begun) / 1000;
  test.diagnostic(
    `${refused} refused in ${seconds.toFixed(1)} s, ${Math.round(refused / seconds)} a second, ` +
      `the slowest in ${slowest.toFixed(1)} ms`,
  );
  for (const [code, count] of [...codes].sort(([, one], [, other]) => other - one)) {
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

/** How many runs of a full number this process makes, at least one. */
export function shareOf(runs: number): number {
  return Math.max(1, Math.round(runs * Number(process.env.MUTATION_SHARE ?? 0.1)));
}
