import { z } from 'zod';
import { personOf } from '../identity/person-of-certificate.ts';
import { personSchema } from '../identity/person.ts';
import type { FlowType, VerifiedAuthentication } from '../smart-id/authentication.ts';

/** The end of the line: what claims are made of. Plain JSON; made only from a `VerifiedAuthentication`. */
export const loginResultSchema = z
  .object({
    person: personSchema,
    certificateLevel: z.enum(['QUALIFIED', 'ADVANCED']),
    documentNumber: z.string(),
    /** How the person came in, as the `flow` claim names it. */
    flow: z.enum(['qr', 'web2app', 'notification']),
    /** Seconds since the epoch at which the authentication was verified; the `auth_time` claim. */
    authenticatedAt: z.int(),
    /** Joins what is issued for this login with how it came about, in the audit. */
    attempt: z.string().optional(),
  })
  .readonly();

export type LoginResult = z.output<typeof loginResultSchema>;

const FLOWS: Readonly<Record<FlowType, LoginResult['flow']>> = {
  QR: 'qr',
  Web2App: 'web2app',
  Notification: 'notification',
};

/** @param now milliseconds since the epoch */
export function loginResultOf(
  authentication: VerifiedAuthentication,
  attempt: string,
  now: number,
): LoginResult {
  return {
    person: personOf(authentication.certificate),
    certificateLevel: authentication.certificateLevel,
    documentNumber: authentication.documentNumber,
    flow: FLOWS[authentication.flow],
    authenticatedAt: Math.floor(now / 1000),
    attempt,
  };
}
