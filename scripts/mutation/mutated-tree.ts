import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applied, type Mutant } from './mutants.ts';
import type { TestGroups } from './mapped-tests.ts';

export type Outcome =
  | { readonly kind: 'killed'; readonly by: string }
  | { readonly kind: 'timed out' }
  | { readonly kind: 'survived' };

/** For each group of tests. A mutant that loops or hangs counts as killed after that. */
const LIMIT_MS = 300_000;
/** Not copied: what is large, or what tests must not change. */
const LEFT_OUT = new Set(['node_modules', '.git', 'data', 'coverage']);

/** A copy of the project in which one mutant at a time is applied. */
export interface MutatedTree {
  /** Runs the tests of the mutant's file until one fails. Without a mutant: every test must pass. */
  test(mutant: Mutant): Promise<Outcome>;
  /** Ends the tests that run. */
  stop(): void;
}

/** @param testsOf the tests of a source file, which should notice its mutants */
export function createTree(
  root: string,
  directory: string,
  testsOf: (file: string, tree: string) => TestGroups,
): MutatedTree {
  mkdirSync(directory, { recursive: true });
  for (const entry of readdirSync(root)) {
    if (!LEFT_OUT.has(entry)) cpSync(join(root, entry), join(directory, entry), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  let stop = (): void => undefined;
  return {
    stop: () => {
      stop();
    },
    async test(mutant) {
      const path = join(directory, mutant.file);
      const genuine = readFileSync(path, 'utf8');
      writeFileSync(path, applied(genuine, mutant));
      try {
        for (const files of testsOf(mutant.file, directory)) {
          if (files.length === 0) continue;
          const outcome = await runTests(files, directory, (started) => (stop = started));
          if (outcome.kind !== 'survived') return outcome;
        }
        return { kind: 'survived' };
      } finally {
        writeFileSync(path, genuine);
      }
    },
  };
}

/** Ends at the first failure. */
async function runTests(
  files: readonly string[],
  cwd: string,
  onStart: (stop: () => void) => void,
): Promise<Outcome> {
  const args = ['--test', '--test-concurrency=1', '--test-timeout=60000', '--test-reporter=tap', ...files];
  const env = { ...process.env, NODE_COMPILE_CACHE: join(cwd, '.compile-cache') };
  // A group of processes, because the runner starts one for each file.
  const child = spawn(process.execPath, args, {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const stop = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  };
  onStart(stop);
  return new Promise((resolve) => {
    let said = '';
    let outcome: Outcome | undefined;
    const timer = setTimeout(() => {
      outcome ??= { kind: 'timed out' };
      stop();
    }, LIMIT_MS);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-20_000);
      const [, by] = /^ *not ok \d+ - (.*)$/m.exec(said) ?? [];
      if (by === undefined || outcome) return;
      outcome = { kind: 'killed', by };
      stop();
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      // Children of a test that was killed: servers, databases.
      stop();
      resolve(outcome ?? (code === 0 ? { kind: 'survived' } : { kind: 'killed', by: 'the process failed' }));
    });
  });
}
