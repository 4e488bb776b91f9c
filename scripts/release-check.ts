/**
 * Checks that a release is consistent: the version of package.json and package-lock.json, the newest section of
 * CHANGELOG.md, and the commit's tag if it has one.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { releaseProblems } from './release/problems.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

const problems = releaseProblems({
  manifest: JSON.parse(read('package.json')) as { version: string },
  lockfile: JSON.parse(read('package-lock.json')) as { version: string },
  changelog: read('CHANGELOG.md'),
  tags: execFileSync('git', ['tag', '--points-at', 'HEAD'], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter((tag) => /^v\d/.test(tag)),
});
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log('Version, changelog and tag agree.');
