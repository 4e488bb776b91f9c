import type { AuthenticationSession, FlowType } from '../authentication.ts';
import { VerificationError } from './errors.ts';

/**
 * Step 3: the flow is one that this login offered. Otherwise somebody could get a person to confirm a push where the
 * browser shows a QR code that nobody else can scan. (RP API 3.2, Response verification)
 *
 * @throws VerificationError flow_not_offered
 */
export function offeredFlow(flowType: string, { flows }: AuthenticationSession): FlowType {
  const flow = flows.find((offered) => offered === flowType);
  if (flow === undefined) {
    throw new VerificationError('flow_not_offered', `the flow is none of ${flows.join(', ')}`);
  }
  return flow;
}
