import { z } from 'zod';
import { personSchema } from '../identity/person.ts';
import { certificateFactsSchema } from '../identity/certificate-facts.ts';
import { CERTIFICATE_LEVELS } from '../identity/certificate-level.ts';
import { FLOWS } from '../flows/flows.ts';
import type { AuthenticatedPerson } from './authenticator.ts';

/** The result of a login, from which claims are made. Plain JSON; created from an `AuthenticatedPerson` only. */
export const loginResultSchema = z
  .object({
    person: personSchema,
    certificateLevel: z.enum(CERTIFICATE_LEVELS),
    documentNumber: z.string(),
    /** The flow by which the person logged in; the `flow` claim. */
    flow: z.enum(FLOWS),
    /** Which certificate identified the person. */
    certificate: certificateFactsSchema.optional(),
    /** Seconds since the epoch at which the authentication was verified. */
    authenticatedAt: z.int(),
    /** In the audit, joins the tokens of this login with its attempt. */
    attempt: z.string().optional(),
    /** The evidence for a receipt, as the eID has made it; absent where no receipt was asked for. */
    evidence: z.looseObject({}).optional(),
    /** The `state` of the authorization request, where the client's claims profile repeats it. */
    requestState: z.string().optional(),
    /** The service behind the client that the pages and the app have named; absent: the client itself. */
    service: z.string().optional(),
  })
  .readonly();

export type LoginResult = z.output<typeof loginResultSchema>;

declare const verified: unique symbol;

/** A result directly after its verification. Only {@link loginResultOf} creates one; a result read from a store is not one. */
export type VerifiedLoginResult = LoginResult & { readonly [verified]: true };

/**
 * @param attempt id of the attempt
 * @param now milliseconds since the epoch
 */
export function loginResultOf(
  { person, certificateLevel, documentNumber, flow, certificate, evidence }: AuthenticatedPerson,
  attempt: string,
  now: number,
): VerifiedLoginResult {
  const authenticatedAt = Math.floor(now / 1000);
  return {
    person,
    certificateLevel,
    documentNumber,
    flow,
    ...(certificate && { certificate }),
    authenticatedAt,
    attempt,
    ...(evidence && { evidence }),
  } as VerifiedLoginResult;
}
