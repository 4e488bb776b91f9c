/** The rules of eslint.config.js that Sild states itself: where they hold, and what they refuse. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { ESLint, Linter } from 'eslint';
import { parser } from 'typescript-eslint';

const RULES = ['no-restricted-syntax', 'no-restricted-properties', 'no-console'];
const root = join(import.meta.dirname, '..', '..');
const sources = globSync('src/**/*.ts', { cwd: root }).sort();
const textOf = (path: string) => readFileSync(join(root, path), 'utf8');

describe('the lint rules', () => {
  const linter = new Linter({ configType: 'flat' });
  const rulesOf = new Map<string, string>();
  const known = new Map<string, readonly string[]>();
  before(async () => {
    const eslint = new ESLint({ cwd: root });
    const paths = [...sources, ...globSync('{test,e2e,scripts,bench,peers}/**/*.ts', { cwd: root })];
    for (const path of paths) {
      const { rules = {} } = (await eslint.calculateConfigForFile(join(root, path))) as Linter.Config;
      rulesOf.set(
        path,
        JSON.stringify(Object.fromEntries(RULES.map((name) => [name, rules[name] ?? 'off']))),
      );
    }
  });

  /** What the rules say of a text in the place of a file. */
  function problemsIn(path: string, text: string): readonly string[] {
    const applied = rulesOf.get(path);
    assert.ok(applied, path);
    // Most files have the same rules.
    const key = applied + text;
    const rules = JSON.parse(applied) as Linter.RulesRecord;
    const config = { files: ['**'], languageOptions: { parser }, rules };
    const problems = known.get(key) ?? linter.verify(text, config, 'file.ts').map(({ message }) => message);
    known.set(key, problems);
    return problems;
  }
  const excused = (text: string) => sources.filter((path) => problemsIn(path, text).length === 0);
  const outside = (...folders: string[]) =>
    sources.filter((path) => folders.some((folder) => path.startsWith(folder)));

  it('refuse to compare secrets byte by byte, everywhere but in pki and the simulator', () => {
    const nothingSecret = outside('src/pki/', 'src/simulator/');
    for (const comparison of [
      'Buffer.from(one).equals(other)',
      'Buffer.compare(one, other) === 0',
      'secret === given',
      'given !== client.clientSecret',
      'signatureOf(text) == given',
      'codes.includes(one) || mac !== given',
    ]) {
      assert.deepEqual(excused(`if (${comparison}) go();`), nothingSecret, comparison);
    }
    for (const harmless of ['secret === undefined', 'token !== null', "token === ''", 'kind === other.kind'])
      assert.deepEqual(problemsIn('src/ops/access.ts', `if (${harmless}) go();`), [], harmless);
  });

  it('refuse each comparison in constant time that becomes a plain one', () => {
    let comparisons = 0;
    for (const path of sources) {
      for (const call of textOf(path).matchAll(
        /(?<!function )equalInConstantTime\((\S+|.+?\(.*?\)), (.+?)\)(?=[) ,;]|$)/gm,
      )) {
        const [, one = '', other = ''] = call;
        const plain = `if (${one} === ${other}) go();`;
        assert.notDeepEqual(problemsIn(path, plain), [], `${path}: ${plain}`);
        comparisons += 1;
      }
    }
    assert.ok(comparisons > 8);
    const plain = textOf('src/constant-time.ts').replace(
      'timingSafeEqual(left, right)',
      'left.equals(right)',
    );
    assert.equal(problemsIn('src/constant-time.ts', plain).length, 1);
  });

  it('let src/config alone read the environment, which the programs pass to it', () => {
    const reading = ['src/cli.ts', 'src/config/env-file.ts', 'src/main.ts'];
    assert.deepEqual(excused('go(process.env.HOME);'), reading);
    assert.deepEqual(excused('const { env } = process;'), reading);
  });

  it('let no source write to the console', () => {
    assert.deepEqual(excused('console.log(1);'), []);
  });

  it('refuse an await at the top of what the tests import', () => {
    const programs = [...rulesOf.keys()].filter((path) => {
      const isTest = path.startsWith('test/') || path.startsWith('e2e/');
      return isTest && problemsIn(path, 'const page = await read();').length === 0;
    });
    assert.deepEqual(programs.sort(), [
      'e2e/support/short-lived.ts',
      'test/bootstrap/limited-server.ts',
      'test/model/long-run.ts',
      'test/store/drivers/killed-process.ts',
    ]);
    const test = 'test/scripts/lint-rules.test.ts';
    for (const early of [
      'await read();',
      'export const [port = 0] = await free();',
      'const { length } = (await read()).trim();',
      'for await (const row of rows) go(row);',
      'if (await isThere()) go();',
    ]) {
      assert.equal(problemsIn(test, early).length, 1, early);
    }
    assert.deepEqual(problemsIn(test, 'before(async () => { await read(); });'), []);
    assert.deepEqual(
      problemsIn(test, 'async function go() { for await (const row of rows) use(await row); }'),
      [],
    );
  });

  it('name files that there are', () => {
    const config = textOf('eslint.config.js');
    const named = [...config.matchAll(/'((?:src|test|e2e|scripts|bench|peers)\/[^']+|\{test,e2e\}[^']*)'/g)];
    assert.ok(named.length > 12);
    for (const [, pattern = ''] of named) assert.ok(globSync(pattern, { cwd: root }).length > 0, pattern);
  });
});
