/**
 * The request of `verified_claims` in the `claims` parameter. (OpenID Connect for Identity Assurance 1.0, Requesting verified
 * claims)
 */
import { z } from 'zod';

/** What is asked of one element: null, or an object with constraints or with further elements. */
const element = z.record(z.string(), z.unknown()).nullable();

const verifiedClaimsRequest = z.looseObject({
  // Without the trust framework, a statement of verification means nothing: the answer must have it.
  verification: z.looseObject({ trust_framework: element }),
  claims: z.record(z.string(), element),
});

export const verifiedClaimsRequests = z.union([
  verifiedClaimsRequest.transform((one) => [one]),
  z.array(verifiedClaimsRequest).min(1).max(10),
]);

export type VerifiedClaimsRequest = z.output<typeof verifiedClaimsRequest>;
