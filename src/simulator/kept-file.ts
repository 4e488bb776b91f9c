import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';

/**
 * The value kept in a file of `dataDir`, or a new one, kept from now on. With `dataDir` undefined it lives in memory.
 * Written as a whole or not at all, readable by its owner only.
 *
 * @throws when the file is there but cannot be read or understood: making a new value would silently orphan what was
 *   issued with the old one
 */
export async function keptValue<T>(
  dataDir: string | undefined,
  name: string,
  schema: z.ZodType<T>,
  make: () => Promise<T>,
): Promise<T> {
  if (dataDir === undefined) return await make();
  const path = join(dataDir, name);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text !== undefined) return understand(path, text, schema);

  const value = await make();
  await keepValue(dataDir, name, value);
  return value;
}

/** Keeps a value in a file of `dataDir` from now on, in place of the one before; with `dataDir` undefined, nowhere. */
export async function keepValue(dataDir: string | undefined, name: string, value: unknown): Promise<void> {
  if (dataDir === undefined) return;
  const path = join(dataDir, name);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const unfinished = `${path}.${randomUUID()}`;
  await writeFile(unfinished, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
  await rename(unfinished, path);
}

function understand<T>(path: string, text: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${path} is damaged; delete it to let the simulator make a new one`, { cause });
  }
}
