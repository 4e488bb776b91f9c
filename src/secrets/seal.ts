/**
 * Sealing is authenticated encryption: AES-256-GCM with a key derived from SECRET_KEY. The sealed text contains its format and
 * key ID (`v1.<key id>.<base64url>`). The context (a table and a row) is authenticated too, so that a sealed value that is
 * copied to another row cannot be opened.
 */
import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';

/** A sealed record cannot be opened with this SECRET_KEY. */
export class SealError extends Error {
  readonly code = 'seal_broken';

  constructor(detail: string, options?: { cause?: unknown }) {
    super(detail, options);
    this.name = 'SealError';
  }
}

export interface SealKey {
  /** 8 hexadecimal digits that identify the key without revealing it. */
  readonly id: string;
  /** 32 bytes. A `KeyObject` is used in a quarter of the time of bytes. */
  readonly key: KeyObject;
}

const VERSION = 'v1';
const IV_BYTES = 12;
const TAG_BYTES = 16;

export function seal({ id, key }: SealKey, text: string, context: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.from(context));
  const body = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return `${sealedBy(id)}${body.toString('base64url')}`;
}

/** @throws {SealError} */
export function open(keys: readonly SealKey[], sealed: string, context: string): string {
  const { id, key } = keyThatSealed(keys, sealed);
  return decrypt(key, Buffer.from(sealed.slice(sealedBy(id).length), 'base64url'), context);
}

/** @throws {SealError} if no key matches, or the text has another format */
export function keyThatSealed<Key extends SealKey>(keys: readonly Key[], sealed: string): Key {
  const [version, id, body, ...more] = sealed.split('.');
  if (version !== VERSION || id === undefined || body === undefined || more.length > 0) {
    throw new SealError('the sealed record has an unknown format');
  }
  const key = keys.find((candidate) => candidate.id === id);
  if (!key) {
    const ours = keys.map((candidate) => candidate.id).join(' or ');
    throw new SealError(`the record was sealed with another SECRET_KEY (key ${id}, not ${ours})`);
  }
  return key;
}

/** The prefix of all texts sealed with a key. */
export function sealedBy(keyId: string): string {
  return `${VERSION}.${keyId}.`;
}

function decrypt(key: KeyObject, sealed: Buffer, context: string): string {
  if (sealed.length < IV_BYTES + TAG_BYTES) throw new SealError('the sealed record is too short');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]).toString(
      'utf8',
    );
  } catch (cause) {
    throw new SealError('the sealed record was altered or belongs elsewhere', { cause });
  }
}
