import { z } from 'zod';
import { personSchema } from '../identity/person.ts';
import { FLOWS } from '../flows/flows.ts';
import type { AuthenticatedPerson } from './authenticator.ts';

/** The end of the line: what claims are made of. Plain JSON; made only from an `AuthenticatedPerson`. */
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
 */
export function loginResultOf(
  { person, certificateLevel, documentNumber, flow }: AuthenticatedPerson,
  attempt: string,
  now: number,
): VerifiedLoginResult {
  const authenticatedAt = Math.floor(now / 1000);
  return { person, certificateLevel, documentNumber, flow, authenticatedAt, attempt } as VerifiedLoginResult;
}
