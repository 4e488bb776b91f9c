/**
 * The keys derived from SECRET_KEY, each for one purpose: sealing records at rest, signing cookies, nonces of DPoP, pseudonyms in the log, the
 * chain of the audit, hashes of people and addresses in the database.
 *
 * SECRET_KEY has several values while it is being changed. The first value is used for everything new; values made with any
 * of them can still be opened, verified and found. A key that must not change with SECRET_KEY is random instead of derived,
 * and stored sealed in the database (`store/tables/pairwise-key.ts`).
 */
import { createHash, createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { keyThatSealed, open, seal, type SealKey } from './seal.ts';

export { SealError } from './seal.ts';

export interface Secrets {
  /** Encrypts a text for one context. @param context where the text is stored, e.g. `signing_key:abc` */
  seal(text: string, context: string): string;
  /** Decrypts a sealed text. @throws {SealError} if the text was altered, or context or key are different */
  open(sealed: string, context: string): string;
  /** The key IDs, as in sealed texts, in the order of the SECRET_KEY values. */
  readonly keyIds: readonly [string, ...string[]];
  /** Keys for signed cookies: the first signs, all verify. */
  readonly cookieKeys: readonly string[];
  /** The key of the nonces of DPoP, 32 bytes. Depends on the first SECRET_KEY; a client that has a nonce of another gets a new one. */
  readonly dpopNonceKey: Buffer;
  /** A stable pseudonym of a person or an address in the log: 16 hexadecimal digits. Depends on the first SECRET_KEY. */
  pseudonym(value: string): string;
  /** The hash of a person in the database. Without the key it reveals neither the person nor the pseudonym in the log. */
  personHash(identifier: string): string;
  /** The hash of an address in the database; see `personHash`. */
  addressHash(address: string): string;
  /** The key of the audit chain, and the key of the pseudonyms in audit and log. */
  readonly auditKeys: { readonly keyId: string; readonly chain: KeyObject; readonly pseudonym: KeyObject };
  /** The hashes of the same person with the other SECRET_KEY values. */
  otherPersonHashes(identifier: string): readonly string[];
  /**
   * The key of pairwise subjects as earlier versions derived it: from the SECRET_KEY value that sealed a record.
   *
   * @throws {SealError} if none of the SECRET_KEY values sealed the record
   */
  derivedPairwiseKey(sealed: string): Buffer;
}

/** @param secretKeys the values of SECRET_KEY */
export function createSecrets(...secretKeys: readonly [string, ...string[]]): Secrets {
  const first = derivedFrom(secretKeys[0]);
  const others = [...new Set(secretKeys)].slice(1).map(derivedFrom);
  const all = [first, ...others];
  return {
    seal: (text, context) => seal(first, text, context),
    open: (sealed, context) => open(all, sealed, context),
    keyIds: [first.id, ...others.map(({ id }) => id)],
    cookieKeys: all.map(({ cookies }) => cookies.toString('base64url')),
    dpopNonceKey: first.dpopNonces,
    pseudonym: (value) => pseudonymOf(first.pseudonyms, value),
    auditKeys: { keyId: first.id, chain: first.auditChain, pseudonym: first.pseudonyms },
    personHash: (identifier) => hmac(first.persons, identifier).toString('base64url'),
    addressHash: (address) => hmac(first.addresses, address).toString('base64url'),
    otherPersonHashes: (identifier) =>
      others.map(({ persons }) => hmac(persons, identifier).toString('base64url')),
    derivedPairwiseKey: (sealed) => keyThatSealed(all, sealed).pairwiseSubjects,
  };
}

/** @param key `auditKeys.pseudonym` */
export function pseudonymOf(key: KeyObject, value: string): string {
  return hmac(key, value).toString('hex').slice(0, 16);
}

/** The pseudonyms of a value under each key of the audit, which keeps those of former values of SECRET_KEY. */
export function pseudonymsOf(
  keys: ReadonlyMap<string, { readonly pseudonym: KeyObject }>,
  value: string,
): readonly string[] {
  return Array.from(keys.values(), ({ pseudonym }) => pseudonymOf(pseudonym, value));
}

interface DerivedKeys extends SealKey {
  readonly cookies: Buffer;
  readonly dpopNonces: Buffer;
  readonly pseudonyms: KeyObject;
  readonly auditChain: KeyObject;
  readonly persons: KeyObject;
  readonly addresses: KeyObject;
  readonly pairwiseSubjects: Buffer;
}

function derivedFrom(secretKey: string): DerivedKeys {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', secretKey, 'sild', purpose, 32));
  return {
    id: createHash('sha256').update(derive('key id')).digest('hex').slice(0, 8),
    key: createSecretKey(derive('seal')),
    cookies: derive('cookies'),
    dpopNonces: derive('dpop nonces'),
    pseudonyms: createSecretKey(derive('pseudonym')),
    auditChain: createSecretKey(derive('audit chain')),
    persons: createSecretKey(derive('person of a row')),
    addresses: createSecretKey(derive('address of a row')),
    pairwiseSubjects: derive('pairwise subject'),
  };
}

function hmac(key: KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
