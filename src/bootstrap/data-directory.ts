import { constants, existsSync } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { systemReason } from '../system-reason.ts';
import { StartError } from './start-error.ts';

/**
 * Makes DATA_DIR where it is missing, for its owner only, before anything is stored there.
 *
 * Directories are made one by one: `mkdir` with `recursive` reports a read-only parent as a missing one.
 *
 * @throws {StartError} which says what the system refuses
 */
export async function makeDataDirectory(dataDir: string): Promise<void> {
  const directory = resolve(dataDir);
  let at = existingAbove(directory);
  try {
    for (const name of relative(at, directory).split(sep).filter(Boolean)) {
      at = join(at, name);
      await mkdir(at, { mode: 0o700 }).catch(unlessItExists);
    }
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new StartError(
      `DATA_DIR (${directory}) cannot be made or written (${systemReason(cause)}): let this process write to ${at}, or set DATA_DIR to a directory where it can.`,
      { cause },
    );
  }
}

function existingAbove(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : existingAbove(dirname(path));
}

/** Another process may have made it meanwhile. */
function unlessItExists(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
}
