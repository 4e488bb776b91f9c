import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';

/** A stored file is not what the simulator wrote. */
export class StoredFileError extends Error {}

/**
 * Loads a value from a file in `dataDir`, or creates and stores it. Without `dataDir` it creates a value and does not
 * store it.
 *
 * @throws if the file exists but cannot be read or parsed: a new value would silently invalidate what was issued with the
 *   old one
 */
export async function loadOrCreate<T>(
  dataDir: string | undefined,
  name: string,
  schema: z.ZodType<T>,
  create: () => Promise<T>,
): Promise<T> {
  if (dataDir === undefined) return await create();
  const path = join(dataDir, name);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text !== undefined) return parse(path, text, schema);

  const value = await create();
  await store(dataDir, name, value);
  return value;
}

/** Stores a value in a file in `dataDir`, atomically and readable only by its owner. Without `dataDir` it does nothing. */
export async function store(dataDir: string | undefined, name: string, value: unknown): Promise<void> {
  if (dataDir === undefined) return;
  const path = join(dataDir, name);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomUUID()}`;
  await writeFile(temporary, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
  await rename(temporary, path);
}

function parse<T>(path: string, text: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new StoredFileError(`${path} is damaged; delete it to let the simulator make a new one`, { cause });
  }
}
