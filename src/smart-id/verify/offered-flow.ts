import { type Flow, flowOfWireName } from '../../flows/flows.ts';
import type { AuthenticationSession } from '../authentication.ts';
import { VerificationError } from './errors.ts';

/**
 * Step 2: the flow is one that this login offered. Otherwise somebody could get a person to confirm a push where the
 * browser shows a QR code that nobody else can scan. (RP API 3.2, Response verification)
 *
 * @param flowType as Smart-ID names it
 * @throws VerificationError flow_not_offered
 */
export function offeredFlow(flowType: string, { flows }: AuthenticationSession): Flow {
  const flow = flowOfWireName(flowType);
  if (flow === undefined || !flows.includes(flow)) {
    throw new VerificationError('flow_not_offered', `the flow is none of ${flows.join(', ')}`);
  }
  return flow;
}
