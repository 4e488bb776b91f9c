/**
 * What is derived from SECRET_KEY, each for one purpose: the keys that seal records at rest, the keys that sign cookies,
 * the keys of the pseudonyms in the log, of the chain of the audit, of the people and addresses that rows name.
 *
 * SECRET_KEY has several values while it is being changed. The first makes whatever is made; what any of them made is
 * still opened, verified and found. What must not change with SECRET_KEY is not derived from it but made at random and
 * kept sealed in the database (`store/pairwise-key.ts`).
 */
import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { keyThatSealed, open, seal, type SealKey } from './seal.ts';

export { SealError } from './seal.ts';

export interface Secrets {
  /** Seals a text for one place. @param context where the text belongs, e.g. `signing_key:abc` */
  seal(text: string, context: string): string;
  /** Opens what `seal` made. @throws {SealError} when it was altered, belongs elsewhere, or the key is another */
  open(sealed: string, context: string): string;
  /** The ids of the keys, as they stand in sealed texts; the first one's first. */
  readonly keyIds: readonly [string, ...string[]];
  /** Keys for signed cookies, the first signs, all verify. */
  readonly cookieKeys: readonly string[];
  /** A stable stand-in for a person or an address in the log: 16 hexadecimal digits. It changes with the first SECRET_KEY. */
  pseudonym(value: string): string;
  /** What a row names a person by: nobody without the key can tell whom, nor make the pseudonym in the log of it. */
  personHash(identifier: string): string;
  /** What a row names an address by, as `personHash` does a person. */
  addressHash(address: string): string;
  /** What the audit is linked with, and the key of its pseudonyms, which are those of the log. */
  readonly auditKeys: { readonly keyId: string; readonly chain: Uint8Array; readonly pseudonym: Uint8Array };
  /** What a row may name the same person by where another SECRET_KEY was the first. */
  otherPersonHashes(identifier: string): readonly string[];
  /**
   * The key of pairwise subjects as it was once derived from SECRET_KEY: from the value that sealed a record.
   *
   * @throws {SealError} when that value is not among ours
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
    pseudonym: (value) => pseudonymOf(first.pseudonyms, value),
    auditKeys: { keyId: first.id, chain: first.auditChain, pseudonym: first.pseudonyms },
    personHash: (identifier) => hmac(first.persons, identifier).toString('base64url'),
    addressHash: (address) => hmac(first.addresses, address).toString('base64url'),
    otherPersonHashes: (identifier) =>
      others.map(({ persons }) => hmac(persons, identifier).toString('base64url')),
    derivedPairwiseKey: (sealed) => keyThatSealed(all, sealed).pairwiseSubjects,
  };
}

/** @param key the one of `auditKeys` */
export function pseudonymOf(key: Uint8Array, value: string): string {
  return hmac(key, value).toString('hex').slice(0, 16);
}

interface DerivedKeys extends SealKey {
  readonly cookies: Buffer;
  readonly pseudonyms: Buffer;
  readonly auditChain: Buffer;
  readonly persons: Buffer;
  readonly addresses: Buffer;
  readonly pairwiseSubjects: Buffer;
}

function derivedFrom(secretKey: string): DerivedKeys {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', secretKey, 'sild', purpose, 32));
  return {
    id: createHash('sha256').update(derive('key id')).digest('hex').slice(0, 8),
    key: derive('seal'),
    cookies: derive('cookies'),
    pseudonyms: derive('pseudonym'),
    auditChain: derive('audit chain'),
    persons: derive('person of a row'),
    addresses: derive('address of a row'),
    pairwiseSubjects: derive('pairwise subject'),
  };
}

function hmac(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
