/**
 * Response verification: from what Smart-ID says of a session to an authentication that can be believed. Only here and in
 * `v2/` is a `VerifiedAuthentication` made. (RP API 3.2, Response verification)
 *
 *   UnverifiedSessionStatus + AuthenticationSession (what was asked) ─ every step below, in order ─▶ VerifiedAuthentication
 *
 * Each step is a file, and refuses under codes of its own. The step after these belongs to oidc/: the fresh session of the
 * authenticated user.
 */
import type { AuthenticationSession, VerifiedAuthentication } from '../../authentication.ts';
import type { CallbackParameters } from '../../../login/authenticator.ts';
import type { UnverifiedSessionStatus } from '../../rp-api/v3/session-status.ts';
import { completedAnswer } from './completed-answer.ts';
import { offeredFlow } from '../offered-flow.ts';
import { offeredInteraction } from '../offered-interaction.ts';
import { type CertificateContext, personCertificate } from '../certificate/person-certificate.ts';
import { requireReturnedBrowser } from './returned-browser.ts';
import { requireSignature } from './signature.ts';

export interface VerificationContext extends CertificateContext {
  /** What the callback brought, where the browser came back through it. */
  readonly callback?: CallbackParameters | undefined;
}

/**
 * Verifies a completed session against what was asked.
 *
 * @throws VerificationError for anything that does not hold
 */
export async function verifyAuthentication(
  status: UnverifiedSessionStatus,
  session: AuthenticationSession,
  context: VerificationContext,
): Promise<VerifiedAuthentication> {
  const answer = completedAnswer(status);
  const { documentNumber, signature } = answer;
  const flow = offeredFlow(signature.flowType, session);
  requireReturnedBrowser(flow, signature.userChallenge, session, context.callback);
  const person = await personCertificate(answer.certificate, documentNumber, session, context);
  const interaction = offeredInteraction(answer.interactionTypeUsed, session);
  requireSignature(person.certificate, signature, session, { flow, interaction });
  return { ...person, documentNumber, flow, interaction } as VerifiedAuthentication;
}
