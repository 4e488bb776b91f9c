/**
 * Response verification: from what Smart-ID says of a session to an authentication that can be believed, and the only
 * place where a `VerifiedAuthentication` is made. (RP API 3.2, Response verification)
 *
 *   UnverifiedSessionStatus + AuthenticationSession (what was asked) ─ every step below, in order ─▶ VerifiedAuthentication
 *
 * Each step is a file, and refuses under codes of its own. The steps around these belong to other rooms: the callback
 * of Web2App to the flow that has one, the fresh session of the authenticated user to oidc/.
 */
import type { RevocationPolicy } from '../../pki/revocation.ts';
import type { TrustStore } from '../../pki/trust-store.ts';
import type { AuthenticationSession, VerifiedAuthentication } from '../authentication.ts';
import type { UnverifiedSessionStatus } from '../rp-api/v3/session-status.ts';
import { requireAuthenticationPurpose } from './authentication-purpose.ts';
import { completedAnswer } from './completed-answer.ts';
import { requirePerson } from './expected-person.ts';
import { requireNotRevoked } from './not-revoked.ts';
import { offeredFlow } from './offered-flow.ts';
import { offeredInteraction } from './offered-interaction.ts';
import { levelByPolicies } from './scheme-policies.ts';
import { requireSignature } from './signature.ts';
import { requireLevel } from './sufficient-level.ts';
import { trustedPath } from './trusted-path.ts';

export interface VerificationContext {
  /** The Smart-ID CAs, and nobody else. */
  readonly trust: TrustStore;
  readonly revocation: RevocationPolicy;
  /** When the certificates have to be valid. */
  readonly now: Date;
}

/**
 * Verifies a completed session against what was asked.
 *
 * @throws VerificationError for anything that does not hold
 */
export async function verifyAuthentication(
  status: UnverifiedSessionStatus,
  session: AuthenticationSession,
  { trust, revocation, now }: VerificationContext,
): Promise<VerifiedAuthentication> {
  const { certificate: claimed, signature, documentNumber, interactionTypeUsed } = completedAnswer(status);
  const flow = offeredFlow(signature.flowType, session);
  const path = trustedPath(claimed.value, trust, now);
  await requireNotRevoked(path, revocation);
  const { certificate } = path;
  const certificateLevel = levelByPolicies(certificate, session.schemeName);
  requireAuthenticationPurpose(certificate);
  requireLevel(claimed.level, certificateLevel, session.certificateLevel);
  requirePerson(certificate, documentNumber, session.expectedIdentifier);
  const interaction = offeredInteraction(interactionTypeUsed, session);
  requireSignature(certificate, signature, session, { flow, interaction });
  return { certificate, certificateLevel, documentNumber, flow, interaction } as VerifiedAuthentication;
}
