import { globSync } from 'node:fs';
import { dirname } from 'node:path';

/** Test files that are run one group after the other, until one fails. */
export type TestGroups = readonly (readonly string[])[];

/**
 * The tests of a source file: those that mirror it, those of its directory and of the nearest one above that has any, those of
 * its module, and the attacks.
 *
 * @param file for example `src/login/limits/start-limits.ts`
 * @param root where `src/` and `test/` are
 */
export function testsOf(file: string, root: string): TestGroups {
  const mirrored = file.replace(/^src\//, 'test/').replace(/\.ts$/, '');
  const [, module = ''] = file.split('/');
  const seen = new Set<string>();
  return [
    find(`${mirrored}.test.ts`, `${mirrored}/**/*.test.ts`),
    [...find(`${dirname(mirrored)}/*.test.ts`), ...nearest(dirname(dirname(mirrored)))],
    find(`test/${module}/**/*.test.ts`),
    find('test/attacks/**/*.test.ts'),
  ].map((files) =>
    files.filter((one) => {
      const isNew = !seen.has(one);
      seen.add(one);
      return isNew;
    }),
  );

  function find(...patterns: readonly string[]): string[] {
    return patterns.flatMap((pattern) => globSync(pattern, { cwd: root })).sort();
  }

  function nearest(directory: string): string[] {
    const files = find(`${directory}/*.test.ts`);
    return files.length > 0 || !directory.includes('/') ? files : nearest(dirname(directory));
  }
}
