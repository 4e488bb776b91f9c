/**
 * The public keys of a client, with which it signs and for which Sild encrypts: `jwks`, or `jwks_uri` from which they are fetched.
 * (RFC 7591 2)
 */
import { z } from 'zod';

/** Members of a JWK that are secret. (RFC 7518 6.2.2, 6.3.2, 6.4.1; RFC 8037 2) */
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'] as const;
const MOST_KEYS = 10;

const publicJwk = z
  .looseObject({ kty: z.enum(['RSA', 'EC', 'OKP']) })
  .refine(
    (jwk) => PRIVATE.every((name) => !(name in jwk)),
    'has a private or secret key: give its public half',
  );

export const clientJwks = z.strictObject({ keys: z.array(publicJwk).min(1).max(MOST_KEYS) });
