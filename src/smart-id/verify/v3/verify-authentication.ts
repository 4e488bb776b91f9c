/**
 * Response verification. Only this module and its counterpart in `v2/` create a `VerifiedAuthentication`.
 * (RP API 3.2, Response verification)
 *
 *   UnverifiedSessionStatus + AskedAuthentication (the request) ─ every step below, in order ─▶ VerifiedAuthentication
 *
 * Each step has its own file and its own refusal codes. SK's last step, a new session for the authenticated user, is
 * done in `oidc/`.
 */
import type { AskedAuthentication, VerifiedAuthentication } from '../../authentication.ts';
import type { CallbackParameters } from '../../../login/authenticator.ts';
import type { UnverifiedSessionStatus } from '../../rp-api/v3/session-status.ts';
import { completedResponse } from './completed-response.ts';
import { offeredFlow } from '../offered-flow.ts';
import { offeredInteraction } from '../offered-interaction.ts';
import { type CertificateContext, personCertificate } from '../certificate/person-certificate.ts';
import { requireReturnedBrowser } from './returned-browser.ts';
import { requireSignature } from './signature.ts';

export interface VerificationContext extends CertificateContext {
  /** The parameters of the callback, if the browser returned through it. */
  readonly callback?: CallbackParameters | undefined;
}

/**
 * Verifies a completed session against its request.
 *
 * @throws VerificationError when a step fails, with the code of that step
 */
export async function verifyAuthentication(
  status: UnverifiedSessionStatus,
  session: AskedAuthentication,
  context: VerificationContext,
): Promise<VerifiedAuthentication> {
  const answer = completedResponse(status);
  const { documentNumber, signature } = answer;
  const flow = offeredFlow(signature.flowType, session);
  requireReturnedBrowser(flow, signature.userChallenge, session, context.callback);
  const person = await personCertificate(answer.certificate, documentNumber, session, context);
  const interaction = offeredInteraction(answer.interactionTypeUsed, session);
  requireSignature(person.certificate, signature, session, { flow, interaction });
  return { ...person, documentNumber, flow, interaction } as VerifiedAuthentication;
}
