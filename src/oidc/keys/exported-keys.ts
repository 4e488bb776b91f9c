/**
 * The public halves of all keys that have ever signed, for whoever verifies receipts after a key was removed. They are stored with
 * the records, sealed, and are not published in the JWKS: a client must not accept an ID token of a removed key.
 */
import { z } from 'zod';
import type { RecordStore, StoredSigningKey } from '../stores.ts';

const MODEL = 'PublicKey';

const storedSchema = z.object({
  jwk: z.discriminatedUnion('kty', [
    z.object({ kty: z.literal('RSA'), n: z.string(), e: z.string() }),
    z.object({ kty: z.literal('EC'), crv: z.string(), x: z.string(), y: z.string() }),
  ]),
  alg: z.string(),
  /** Whether it was replaced because somebody else may have it. */
  compromised: z.boolean().default(false),
});

export interface ExportedKey {
  readonly kid: string;
  readonly alg: string;
  readonly use: 'sig';
  readonly kty: 'RSA' | 'EC';
  /** Signatures of this key prove nothing. Absent for all other keys. */
  readonly compromised?: true;
}

/** Stores the public halves that are not stored yet; each instance calls it with the keys that it loads. */
export async function keepPublicKeys(
  records: Pick<RecordStore, 'find' | 'put'>,
  keys: readonly StoredSigningKey[],
): Promise<void> {
  for (const { kid, alg, privateJwk } of keys) {
    if (await records.find(MODEL, kid)) continue;
    // The schema takes the public members only.
    await records.put(MODEL, kid, storedSchema.parse({ jwk: privateJwk, alg }), {}, undefined);
  }
}

/** Marks keys that were replaced after a compromise. Unknown keys are ignored: no instance has loaded them. */
export async function markCompromised(
  records: Pick<RecordStore, 'find' | 'put'>,
  kids: readonly string[],
): Promise<void> {
  for (const kid of kids) {
    const record = await records.find(MODEL, kid);
    if (record) await records.put(MODEL, kid, { ...record.payload, compromised: true }, {}, undefined);
  }
}

/** All keys, as members of a JWK Set. */
export async function exportedKeys(records: Pick<RecordStore, 'list'>): Promise<readonly ExportedKey[]> {
  const stored = await records.list(MODEL);
  return stored.map(({ id, payload }) => {
    const { jwk, alg, compromised } = storedSchema.parse(payload);
    return { ...jwk, kid: id, alg, use: 'sig' as const, ...(compromised && { compromised }) };
  });
}
