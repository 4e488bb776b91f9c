/**
 * Response verification of RP API v2. (RP API v2, 2.3.13.3 Verifying the authentication response:
 * https://github.com/SK-EID/smart-id-documentation)
 *
 *   UnverifiedSessionStatusV2 + AskedAuthentication (the request) ─ every step, in order ─▶ VerifiedAuthentication
 *
 * The steps for the certificate and the person are shared with v3; the signed payload differs. RP API v2 has no flow
 * types: every session is a notification.
 */
import { FLOW_TRAITS } from '../../../flows/flows.ts';
import type { AskedAuthentication, VerifiedAuthentication } from '../../authentication.ts';
import type { UnverifiedSessionStatusV2 } from '../../rp-api/v2/session-status.ts';
import { offeredFlow } from '../offered-flow.ts';
import { offeredInteraction } from '../offered-interaction.ts';
import { type CertificateContext, personCertificate } from '../certificate/person-certificate.ts';
import { completedResponseV2 } from './completed-response.ts';
import { requireSignatureV2 } from './signature.ts';

/**
 * Verifies a completed session against its request.
 *
 * @throws VerificationError when a step fails, with the code of that step
 */
export async function verifyAuthenticationV2(
  status: UnverifiedSessionStatusV2,
  session: AskedAuthentication,
  context: CertificateContext,
): Promise<VerifiedAuthentication> {
  const answer = completedResponseV2(status);
  const { documentNumber, signature } = answer;
  const flow = offeredFlow(FLOW_TRAITS.notification.wireName, session);
  const person = await personCertificate(answer.certificate, documentNumber, session, context);
  const interaction = offeredInteraction(answer.interactionFlowUsed, session);
  requireSignatureV2(person.certificate, signature, session);
  return { ...person, documentNumber, flow, interaction } as VerifiedAuthentication;
}
