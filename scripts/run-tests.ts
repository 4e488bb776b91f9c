/**
 * Runs all tests below a folder, up to so many files in a process: loading Sild's modules costs more than most files' tests do.
 *
 *     node --import ./test/support/preload.ts scripts/run-tests.ts FOLDER FILES_PER_PROCESS [options of node --test]
 *
 * Each file becomes a suite with the file's name, so that its hooks are for its own tests only. That needs a file without a
 * top-level `await` (a lint rule refuses it): what follows an `await` is outside of the suite. FOLDER/support/per-process.ts, if
 * there is one, is imported outside of the suites: its hooks are for all files of the process.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { tmpdir } from 'node:os';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '..');
const [folder = '', limit = '', ...options] = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), 'sild-groups-'));

const perProcess = globSync(join(root, folder, 'support', 'per-process.ts'));
const groups = groupsOf(globSync(join(root, folder, '**/*.test.ts')).sort(), Number(limit));
if (groups.length === 0) throw new Error(`no tests below ${folder}`);
const entries = groups.map(writeEntry);
const reporters = ['spec', './scripts/ended-processes.ts'].flatMap((reporter) => [
  `--test-reporter=${reporter}`,
  '--test-reporter-destination=stdout',
]);
const child = spawn(process.execPath, [...process.execArgv, '--test', ...reporters, ...options, ...entries], {
  stdio: 'inherit',
  cwd: root,
});
const [code] = (await once(child, 'exit')) as [number | null];
rmSync(directory, { recursive: true });
process.exitCode = code ?? 1;

/** Files of one folder below `folder` share processes. The largest groups come first: nothing long is left for the end. */
function groupsOf(files: readonly string[], size: number): string[][] {
  const folders = Object.values(
    Object.groupBy(files, (file) => relative(folder, relative(root, file)).split('/')[0] ?? ''),
  );
  return folders
    .flatMap((of = []) => {
      const parts = Math.ceil(of.length / size);
      // Every so manieth file: slow ones often stand side by side.
      return Array.from({ length: parts }, (_, part) => of.filter((_file, at) => at % parts === part));
    })
    .sort((one, other) => other.length - one.length);
}

/** The process fails unless every suite has run to its end. */
function writeEntry(files: readonly string[], at: number): string {
  const entry = join(directory, `${String(at).padStart(3, '0')}.test.mjs`);
  const named = files.map((file) => [relative(root, file), pathToFileURL(file).href]);
  writeFileSync(
    entry,
    `import { after, describe } from 'node:test';
${perProcess.map((file) => `import ${JSON.stringify(pathToFileURL(file).href)};\n`).join('')}const missing = new Map(${JSON.stringify(named)});
for (const [name, url] of missing) {
  describe(name, async () => {
    after(() => missing.delete(name));
    await import(url);
  });
}
process.once('exit', () => {
  if (missing.size === 0) return;
  console.error('not run to their end:', [...missing.keys()].join(' '));
  process.exitCode = 1;
});
`,
  );
  return entry;
}
