import { z } from 'zod';
import { personOf } from '../identity/person-of-certificate.ts';
import { personSchema } from '../identity/person.ts';
import { FLOWS } from '../flows/flows.ts';
import type { VerifiedAuthentication } from '../smart-id/authentication.ts';

/** The end of the line: what claims are made of. Plain JSON; made only from a `VerifiedAuthentication`. */
export const loginResultSchema = z
  .object({
    person: personSchema,
    certificateLevel: z.enum(['QUALIFIED', 'ADVANCED']),
    documentNumber: z.string(),
    /** How the person came in, as the `flow` claim names it. */
    flow: z.enum(FLOWS),
    /** Seconds since the epoch at which the authentication was verified; the `auth_time` claim. */
    authenticatedAt: z.int(),
    /** Joins what is issued for this login with how it came about, in the audit. */
    attempt: z.string().optional(),
  })
  .readonly();

export type LoginResult = z.output<typeof loginResultSchema>;

declare const verified: unique symbol;

/** A result that is fresh from verification. Only {@link loginResultOf} makes one; what is read back from a store is none. */
export type VerifiedLoginResult = LoginResult & { readonly [verified]: true };

/**
 * @param attempt id of the attempt
 * @param now milliseconds since the epoch
 * @throws IdentityError where the certificate does not name a person
 */
export function loginResultOf(
  authentication: VerifiedAuthentication,
  attempt: string,
  now: number,
): VerifiedLoginResult {
  return {
    person: personOf(authentication.certificate),
    certificateLevel: authentication.certificateLevel,
    documentNumber: authentication.documentNumber,
    flow: authentication.flow,
    authenticatedAt: Math.floor(now / 1000),
    attempt,
  } as VerifiedLoginResult;
}
