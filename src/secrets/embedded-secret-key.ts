import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { looksRandom } from '../looks-random.ts';
import { systemReason } from '../system-reason.ts';

const KEY_BYTES = 48;
/** 48 bytes in Base64url, as Sild writes them, or in Base64, as openssl does. */
const KEY_FORM = /^[\w+/-]{64}$/;

export type SecretKeys = readonly [string, ...string[]];

/** The SECRET_KEY for the embedded database cannot be created or read. The message is for the operator. */
export class SecretKeyError extends Error {
  readonly code: 'data_dir_unwritable' | 'secret_key_unreadable' | 'secret_key_broken' | 'secret_key_lost';

  constructor(code: SecretKeyError['code'], message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'SecretKeyError';
    this.code = code;
  }
}

/**
 * Returns the SECRET_KEY in the data directory: one value on each line, as in SECRET_KEY_FILE. Creates it if there is neither
 * key nor database. Only the owner can access directory and key. Processes that start concurrently get the same key.
 *
 * @throws {SecretKeyError}
 */
export async function embeddedSecretKey(dataDir: string): Promise<SecretKeys> {
  const directory = resolve(dataDir);
  const path = join(directory, 'secret-key');
  // Checked before the key: a concurrent process creates the key first, and then the database.
  const database = existsSync(join(directory, 'db'));
  const kept = await read(path);
  if (kept === undefined && database) {
    throw new SecretKeyError('secret_key_lost', `${lostSecretKey(directory)}.`);
  }
  return kept ?? (await make(directory, path));
}

/** What to do about an embedded database without its key: Sild ran with SECRET_KEY set before, or the file is lost. */
export function lostSecretKey(directory: string): string {
  return `${directory} has a database and no key that opens it: set the SECRET_KEY with which Sild ran there before, or bring back the file secret-key`;
}

/** Returns the existing key, or `undefined`. Creates nothing. @throws {SecretKeyError} */
export function keptSecretKey(dataDir: string): Promise<SecretKeys | undefined> {
  return read(join(resolve(dataDir), 'secret-key'));
}

async function read(path: string): Promise<SecretKeys | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const code = codeOf(cause);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new SecretKeyError(
      'secret_key_unreadable',
      `${path} cannot be read (${systemReason(cause)}): let this process read it.`,
      { cause },
    );
  }
  const [first = '', ...others] = text.split('\n').flatMap((line) => line.trim() || []);
  if (![first, ...others].every((key) => KEY_FORM.test(key) && looksRandom(key))) {
    throw new SecretKeyError(
      'secret_key_broken',
      `${path} does not contain keys as Sild writes them, one on each line: bring back the file. Remove it only if there is no database in that directory: nothing else opens one.`,
    );
  }
  return [first, ...others];
}

/** Writes the key under a temporary name, then links it to the final name, so that no process reads an incomplete key. */
async function make(directory: string, path: string): Promise<SecretKeys> {
  const unfinished = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const file = await open(unfinished, 'wx', 0o600);
    try {
      await file.writeFile(`${randomBytes(KEY_BYTES).toString('base64url')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(unfinished, path).catch((cause: unknown) => {
      if (codeOf(cause) !== 'EEXIST') throw cause;
    });
    await rm(unfinished);
  } catch (cause) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw new SecretKeyError(
      'data_dir_unwritable',
      `DATA_DIR (${directory}) cannot be made or written (${systemReason(cause)}).`,
      { cause },
    );
  }
  const keys = await read(path);
  if (keys === undefined) {
    throw new SecretKeyError('secret_key_unreadable', `${path} was removed while it was being made.`);
  }
  return keys;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
