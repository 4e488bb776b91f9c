/**
 * The public halves of all keys that have ever signed, to verify receipts after a key was removed. They are stored with
 * the records, sealed, and are not published in the JWKS: a client must not accept an ID token of a removed key.
 */
import { z } from 'zod';
import { derivedAlgorithm, derivedKid, ed25519Key } from './derived-keys.ts';
import type { RecordStore, StoredSigningKey } from '../stores.ts';

const MODEL = 'PublicKey';
/** The keys of EdDSA have a model of their own, because an instance of the release before cannot read them. */
const DERIVED_MODEL = 'DerivedPublicKey';

const ed25519Schema = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() });

const rsaSchema = z.object({ kty: z.literal('RSA'), n: z.string(), e: z.string() });
const ecSchema = z.object({ kty: z.literal('EC'), crv: z.string(), x: z.string(), y: z.string() });
const derivedPublic = z.discriminatedUnion('kty', [rsaSchema, ed25519Schema]);
/** The private scalar of a P-256 key. */
const ecScalar = z.object({ kty: z.literal('EC'), d: z.string() });

const storedSchema = z.object({
  jwk: z.discriminatedUnion('kty', [rsaSchema, ecSchema]),
  alg: z.enum(['RS256', 'ES256']),
  /** Whether it was replaced because somebody else may have it. */
  compromised: z.boolean().default(false),
});

export interface ExportedKey {
  readonly kid: string;
  readonly alg: string;
  readonly use: 'sig';
  readonly kty: 'RSA' | 'EC' | 'OKP';
  /** Signatures of this key prove nothing. Absent for all other keys. */
  readonly compromised?: true;
}

/** Stores the public halves that are not stored yet; each instance calls it with the keys that it loads. */
export async function keepPublicKeys(
  records: Pick<RecordStore, 'find' | 'put'>,
  keys: readonly StoredSigningKey[],
): Promise<void> {
  for (const { kid, alg, privateJwk } of keys) {
    // The schemas take the public members only.
    await keep(MODEL, kid, () => storedSchema.parse({ jwk: privateJwk, alg }));
    const { d } = ecScalar.safeParse(privateJwk).data ?? {};
    if (d === undefined) continue;
    await keep(DERIVED_MODEL, derivedKid(kid, alg), () => ed25519Schema.parse(ed25519Key({ d })));
  }

  async function keep(model: string, id: string, publicHalf: () => object): Promise<void> {
    if (!(await records.find(model, id))) await records.put(model, id, { ...publicHalf() }, {}, undefined);
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

/** All keys, as members of a JWK Set, each followed by the one that follows from it. */
export async function exportedKeys(records: Pick<RecordStore, 'list'>): Promise<readonly ExportedKey[]> {
  const stored = await records.list(MODEL);
  const ed25519 = new Map((await records.list(DERIVED_MODEL)).map(({ id, payload }) => [id, payload]));
  return stored.flatMap(({ id, payload }) => {
    const { jwk, alg, compromised } = storedSchema.parse(payload);
    const common = { use: 'sig' as const, ...(compromised && { compromised }) };
    const followed = { kid: derivedKid(id, alg), alg: derivedAlgorithm(alg), ...common };
    const derived = jwk.kty === 'RSA' ? jwk : ed25519.get(followed.kid);
    return [
      { ...jwk, kid: id, alg, ...common },
      // Absent for a key that was removed before EdDSA was introduced.
      ...(derived ? [{ ...derivedPublic.parse(derived), ...followed }] : []),
    ];
  });
}
