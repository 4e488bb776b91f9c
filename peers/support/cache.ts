/**
 * Where peers are kept between runs, outside of the checkout: `sild-peers` in `XDG_CACHE_HOME`, or in `~/.cache`.
 *
 * An entry is named by a hash of everything it is made of, and appears by a rename once it is complete.
 */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

const { XDG_CACHE_HOME } = process.env;
const CACHE = join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'sild-peers');

/**
 * The directory of an entry, which `make` fills if it does not exist yet.
 *
 * @param madeOf what a change of must lead to another entry: versions, manifests, commands
 * @throws what `make` throws; then there is no entry
 */
export async function cached(
  name: string,
  madeOf: readonly string[],
  make: (directory: string) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(madeOf)).digest('hex').slice(0, 16);
  const directory = join(CACHE, `${name}-${hash}`);
  if (existsSync(directory)) return directory;
  const unfinished = join(CACHE, `.${name}-${randomUUID()}`);
  await mkdir(unfinished, { recursive: true });
  try {
    await make(unfinished);
    await rename(unfinished, directory);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return directory;
}
