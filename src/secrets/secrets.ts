/**
 * What is derived from SECRET_KEY, each for one purpose: the key that seals records at rest, the keys that sign cookies,
 * the keys of the pseudonyms in the log, of the chain of the audit, of the people and addresses that rows name, of
 * pairwise subjects.
 *
 * Sealing is AES-256-GCM. The sealed text names its format and key (`v1.<key id>.<base64url>`), and is bound to a context
 * (a table and a row), so that a sealed value copied onto another row does not open.
 */
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

export interface Secrets {
  /** Seals a text for one place. @param context where the text belongs, e.g. `signing_key:abc` */
  seal(text: string, context: string): string;
  /** Opens what `seal` made. @throws {SealError} when it was altered, belongs elsewhere, or the key is another */
  open(sealed: string, context: string): string;
  /** Keys for signed cookies, the first signs, all verify. */
  readonly cookieKeys: readonly string[];
  /** A stable stand-in for a person or an address in the log: 16 hexadecimal digits. */
  pseudonym(value: string): string;
  /** What a row names a person by: nobody without the key can tell whom, nor join it with a pseudonym in the log. */
  personHash(identifier: string): string;
  /** What a row names an address by, as `personHash` does a person. */
  addressHash(address: string): string;
  /** What the audit is linked with, and the key of its pseudonyms, which are those of the log. */
  readonly auditKeys: { readonly keyId: string; readonly chain: Uint8Array; readonly pseudonym: Uint8Array };
  /** The subject that clients of one sector know a person by; nobody can join it with another sector's. (OpenID Connect Core 8.1) */
  pairwiseSubject(sector: string, subject: string): string;
}

/** A sealed record cannot be opened with this SECRET_KEY. */
export class SealError extends Error {
  readonly code = 'seal_broken';

  constructor(detail: string, options?: { cause?: unknown }) {
    super(detail, options);
    this.name = 'SealError';
  }
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

export function createSecrets(secretKey: string): Secrets {
  const sealKey = derive(secretKey, 'seal');
  const pseudonymKey = derive(secretKey, 'pseudonym');
  const pairwiseKey = derive(secretKey, 'pairwise subject');
  const personKey = derive(secretKey, 'person of a row');
  const addressKey = derive(secretKey, 'address of a row');
  const keyId = createHash('sha256').update(derive(secretKey, 'key id')).digest('hex').slice(0, 8);
  return {
    seal: (text, context) => `v1.${keyId}.${encrypt(sealKey, text, context).toString('base64url')}`,
    open(sealed, context) {
      const [version, id, body] = sealed.split('.');
      if (version !== 'v1' || body === undefined)
        throw new SealError('the sealed record has an unknown format');
      if (id !== keyId)
        throw new SealError(`the record was sealed with another SECRET_KEY (key ${id ?? '?'}, not ${keyId})`);
      return decrypt(sealKey, Buffer.from(body, 'base64url'), context);
    },
    cookieKeys: [derive(secretKey, 'cookies').toString('base64url')],
    pseudonym: (value) => pseudonymOf(pseudonymKey, value),
    auditKeys: { keyId, chain: derive(secretKey, 'audit chain'), pseudonym: pseudonymKey },
    personHash: (identifier) => createHmac('sha256', personKey).update(identifier).digest('base64url'),
    addressHash: (address) => createHmac('sha256', addressKey).update(address).digest('base64url'),
    // A sector is a host and has no line break, so that no two pairs are the same text.
    pairwiseSubject: (sector, subject) =>
      createHmac('sha256', pairwiseKey).update(`${sector}\n${subject}`).digest('base64url'),
  };
}

/** @param key the one of `auditKeys` */
export function pseudonymOf(key: Uint8Array, value: string): string {
  return createHmac('sha256', key).update(value).digest('hex').slice(0, 16);
}

function derive(secretKey: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secretKey, 'sild', purpose, 32));
}

function encrypt(key: Buffer, text: string, context: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.from(context));
  return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, sealed: Buffer, context: string): string {
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
