import type { RevocationEvidence } from '../../pki/revocation/evidence.ts';
import { recordedRevocation } from '../../pki/revocation/recorded.ts';
import type { TrustStore } from '../../pki/trust-store.ts';
import type { z } from 'zod';
import type { VerifiedAuthentication } from '../authentication.ts';
import { levelOfKnownAuthority } from '../known-authorities.ts';
import { sessionStatusV2Schema } from '../rp-api/v2/session-status.ts';
import { sessionStatusSchema } from '../rp-api/v3/session-status.ts';
import type { LevelOfIssuer } from '../verify/certificate/issuer-level.ts';
import type { Revocation } from '../verify/certificate/not-revoked.ts';
import { verifyAuthenticationV2 } from '../verify/v2/verify-authentication.ts';
import { verifyAuthentication } from '../verify/v3/verify-authentication.ts';
import { type Evidence, type RecordedRevocation, sha256Of } from './evidence.ts';

/** The answer in the evidence does not have the form of the RP API's. */
export class MalformedAnswerError extends Error {
  readonly code = 'response_malformed';

  constructor() {
    super('the answer does not have the form of the RP API');
  }
}

export interface EvidenceContext {
  readonly trust: TrustStore;
  /** Default: that of Smart-ID's known CAs. */
  readonly levelOfIssuer?: LevelOfIssuer | undefined;
  /** When the certificates must have been valid and not revoked. Default: when the evidence says that it was verified. */
  readonly at?: Date | undefined;
  /** Whether to accept evidence without a valid answer about revocation. Default: false. */
  readonly withoutRevocation?: boolean | undefined;
  /** Revocation lists, in DER, that are too long for the evidence. Default: none. */
  readonly lists?: readonly Uint8Array[] | undefined;
}

/**
 * Verifies an authentication once more, by the same steps as at the login and without a network.
 *
 * @throws VerificationError when a step fails, with the code of that step; MalformedAnswerError
 */
export async function verifyEvidence(
  evidence: Evidence,
  {
    trust,
    levelOfIssuer = levelOfKnownAuthority,
    at,
    withoutRevocation = false,
    lists = [],
  }: EvidenceContext,
): Promise<VerifiedAuthentication> {
  const now = at ?? new Date(evidence.verifiedAt);
  const answers = evidence.revocation.flatMap((recorded) => answerOf(recorded, lists));
  const revocation: Revocation = withoutRevocation ? 'off' : recordedRevocation(answers, now);
  const context = { trust, revocation, levelOfIssuer, now };
  const { request, callback } = evidence;
  switch (evidence.rpApi) {
    case '3':
      return verifyAuthentication(read(sessionStatusSchema, evidence), request, { ...context, callback });
    case '2':
      return verifyAuthenticationV2(read(sessionStatusV2Schema, evidence), request, context);
  }
}

function read<T>(schema: z.ZodType<T>, { answer }: Evidence): T {
  const parsed = schema.safeParse(answer);
  if (!parsed.success) throw new MalformedAnswerError();
  return parsed.data;
}

/** Nothing for a list that is neither in the evidence nor given. */
function answerOf(recorded: RecordedRevocation, lists: readonly Uint8Array[]): RevocationEvidence[] {
  const { source, certificate: fingerprint } = recorded;
  switch (source) {
    case 'ocsp': {
      const { response, nonce, at } = recorded;
      return [{ source, fingerprint, response: bytesOf(response), nonce: bytesOf(nonce), at: new Date(at) }];
    }
    case 'crl': {
      const inside = recorded.list === undefined ? [] : [bytesOf(recorded.list)];
      const list = [...inside, ...lists].find((one) => sha256Of(one) === recorded.sha256);
      return list === undefined ? [] : [{ source, fingerprint, list }];
    }
  }
}

function bytesOf(base64: string): Uint8Array {
  return Buffer.from(base64, 'base64');
}
