import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chosen } from '../../scripts/mutation/choice.ts';
import { testsOf } from '../../scripts/mutation/mapped-tests.ts';
import { applied, mutantsOf } from '../../scripts/mutation/mutants.ts';

const SOURCE = `
import { log } from './log.ts';
export async function save(rows: Row[], limit = 5): Promise<void> {
  if (rows.length > limit && !rows[0]) throw new Error('too many');
  await db.update('row').where('id', '=', rows[0]?.id ?? 'none').execute();
  log.warn({ event: 'saved', rows }, 'rows are saved');
}
`;

describe('the mutants of a source', () => {
  const mutants = mutantsOf('src/save.ts', SOURCE);
  const changed = mutants.map((mutant) => applied(SOURCE, mutant));

  it('change one thing each', () => {
    for (const text of [
      'if (!(rows.length > limit && !rows[0])) throw',
      'rows.length >= limit &&',
      'limit || !rows',
      'limit = (5 + 1)',
      'rows[0]) ;',
      "\n  db.update('row')",
      "update('row').execute()",
      'rows[0]?.id)',
      '<void> { if (1 < 2) return; ',
    ]) {
      assert.equal(changed.filter((source) => source.includes(text)).length, 1, text);
    }
    assert.ok(changed.every((source) => source !== SOURCE));
    assert.equal(new Set(changed).size, changed.length);
  });

  it('leave imports, types and texts for the log as they are', () => {
    for (const text of ["'./log.ts'", 'Promise<void>', 'Row[]', "'rows are saved'", "'too many'"]) {
      assert.ok(changed.filter((source) => !source.includes(text)).length <= 1, text);
    }
  });

  it('are the same for the same seed, one on a line', () => {
    const some = chosen(mutants, 3, 7);
    assert.deepEqual(chosen(mutants, 3, 7), some);
    assert.equal(new Set(some.map(({ line }) => line)).size, 3);
    assert.ok(chosen(mutants, 100, 7).length < mutants.length);
  });
});

describe('the tests of a mutated file', () => {
  it('are those that mirror it, those near it, those of its module, and the attacks', () => {
    const [mirrored, near, module, attacks] = testsOf('src/login/login.ts', process.cwd());
    assert.deepEqual(mirrored, ['test/login/login.test.ts']);
    assert.ok(near?.includes('test/login/attempt.test.ts'));
    assert.ok(module?.includes('test/login/limits/start-limits.test.ts'));
    assert.ok(attacks?.every((file) => file.startsWith('test/attacks/')));
  });

  it('are found for a file that is in no module', () => {
    assert.deepEqual(testsOf('src/reference.ts', process.cwd())[0], ['test/reference.test.ts']);
  });
});
