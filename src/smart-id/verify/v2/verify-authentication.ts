/**
 * Response verification of RP API v2. (RP API v2 §2.3.x, verifying the authentication response)
 *
 *   UnverifiedSessionStatusV2 + AuthenticationSession (what was asked) ─ every step, in order ─▶ VerifiedAuthentication
 *
 * The steps that look at the certificate and the person are v3's own; what differs is what was signed. There are no
 * flows: whatever comes by v2 is a notification.
 */
import { FLOW_TRAITS } from '../../../flows/flows.ts';
import type { AuthenticationSession, VerifiedAuthentication } from '../../authentication.ts';
import type { UnverifiedSessionStatusV2 } from '../../rp-api/v2/session-status.ts';
import { offeredFlow } from '../offered-flow.ts';
import { offeredInteraction } from '../offered-interaction.ts';
import { type CertificateContext, personCertificate } from '../certificate/person-certificate.ts';
import { completedAnswerV2 } from './completed-answer.ts';
import { requireSignatureV2 } from './signature.ts';

/**
 * Verifies a completed session against what was asked.
 *
 * @throws VerificationError for anything that does not hold
 */
export async function verifyAuthenticationV2(
  status: UnverifiedSessionStatusV2,
  session: AuthenticationSession,
  context: CertificateContext,
): Promise<VerifiedAuthentication> {
  const answer = completedAnswerV2(status);
  const { documentNumber, signature } = answer;
  const flow = offeredFlow(FLOW_TRAITS.notification.wireName, session);
  const person = await personCertificate(answer.certificate, documentNumber, session, context);
  const interaction = offeredInteraction(answer.interactionFlowUsed, session);
  requireSignatureV2(person.certificate, signature, session);
  return { ...person, documentNumber, flow, interaction } as VerifiedAuthentication;
}
