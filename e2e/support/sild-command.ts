import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { root } from './project.ts';
import type { Stack } from './stack.ts';

/** Runs `npx sild` on the database of a stack, which may be running. */
export function sild(
  { environment }: Pick<Stack, 'environment'>,
  ...args: string[]
): Promise<{ readonly status: number; readonly output: string; readonly errors: string }> {
  const { PATH = '', HOME = '/' } = process.env;
  const options = { env: { PATH, HOME, ENV_FILE: '', ...environment }, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve) => {
    execFile(process.execPath, [join(root, 'src', 'cli.ts'), ...args], options, (error, output, errors) => {
      resolve({ status: typeof error?.code === 'number' ? error.code : error ? -1 : 0, output, errors });
    });
  });
}
