/**
 * Mutation testing: makes small changes in the sources, one at a time in a copy of the project, and runs the tests that should
 * notice. A mutant that survives shows a missing test, or code that is not needed; some have no effect (scripts/mutation/README.md).
 *
 *   npm run mutate -- --seed 7 --count 150 --paths src/login src/secrets
 *   npm run mutate -- --groups 2 …      only the tests that mirror the file and those of its directory: quick
 *   npm run mutate -- --tests 'test/receipt/*.test.ts' --paths src/smart-id/evidence    only these tests
 *   npm run mutate -- --only src/login/login.ts:120:7:condition-negated
 *   npm run mutate -- --list
 */
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { applied, type Mutant, mutantsOf } from './mutation/mutants.ts';
import { createTree, type MutatedTree, type Outcome } from './mutation/mutated-tree.ts';
import { type TestGroups, testsOf } from './mutation/mapped-tests.ts';
import { chosen } from './mutation/choice.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    count: { type: 'string', default: '150' },
    paths: { type: 'string', multiple: true },
    only: { type: 'string', multiple: true },
    list: { type: 'boolean', default: false },
    groups: { type: 'string', default: '4' },
    tests: { type: 'string', multiple: true },
    workers: { type: 'string', default: '2' },
  },
});

const PATHS = ['src/login', 'src/oidc', 'src/web/login', 'src/store', 'src/secrets'];
const paths = values.paths ? [...values.paths, ...positionals] : PATHS;
const seed = Number(values.seed);
const root = process.cwd();

const tests = values.tests?.flatMap((pattern) => globSync(pattern)).sort();

const all = paths
  .flatMap((path) => (path.endsWith('.ts') ? [path] : globSync(`${path}/**/*.ts`)))
  .sort()
  .flatMap((file) => mutantsOf(file, readFileSync(file, 'utf8')));
const mutants = values.only
  ? all.filter(({ id }) => values.only?.includes(id))
  : chosen(all, Number(values.count), seed);

if (values.list) for (const { id } of mutants) console.log(id);
else await run();

function testGroups(file: string, tree: string): TestGroups {
  return tests ? [tests] : testsOf(file, tree).slice(0, Number(values.groups));
}

async function run(): Promise<void> {
  console.log(`seed ${seed}: ${mutants.length} of ${all.length} mutants`);
  const directory = mkdtempSync(join(tmpdir(), 'sild-mutation-'));
  const queue = [...mutants];
  const trees: MutatedTree[] = [];
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      for (const tree of trees) tree.stop();
      rmSync(directory, { recursive: true, force: true });
      process.exit(1);
    });
  }
  const tested: { mutant: Mutant; outcome: Outcome }[] = [];
  try {
    await Promise.all(
      Array.from({ length: Number(values.workers) }, async (_, index) => {
        const tree = createTree(root, join(directory, String(index)), testGroups);
        trees.push(tree);
        for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
          const begun = performance.now();
          const outcome = await tree.test(mutant);
          tested.push({ mutant, outcome });
          print(mutant, outcome, performance.now() - begun);
        }
      }),
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  const survived = tested.filter(({ outcome }) => outcome.kind === 'survived');
  console.log(
    `${tested.length} mutants, ${tested.length - survived.length} killed, ${survived.length} survived`,
  );
  for (const { mutant } of survived) console.log(`--only '${mutant.id}'`);
}

function print(mutant: Mutant, outcome: Outcome, ms: number): void {
  const by = outcome.kind === 'killed' ? ` (${outcome.by})` : '';
  console.log(`${outcome.kind.toUpperCase().padEnd(9)} ${mutant.id} ${(ms / 1000).toFixed(0)} s${by}`);
  if (outcome.kind !== 'survived') return;
  const text = readFileSync(mutant.file, 'utf8');
  const lines = (of: string) => of.split('\n').slice(mutant.line - 1, mutant.line + 3);
  const [before, after] = [lines(text), lines(applied(text, mutant))];
  before
    .filter((line) => !after.includes(line))
    .forEach((line) => {
      console.log(`  - ${line}`);
    });
  after
    .filter((line) => !before.includes(line))
    .forEach((line) => {
      console.log(`  + ${line}`);
    });
}
