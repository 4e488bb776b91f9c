import { type Flow, flowOfWireName } from '../../flows/flows.ts';
import type { AskedAuthentication } from '../authentication.ts';
import { VerificationError } from './errors.ts';

/**
 * Step 2: this login offered the flow. Otherwise an attacker whose browser shows a QR code could make a victim answer
 * through a push instead. (RP API 3.2, Response verification)
 *
 * @param flowType wire name
 * @throws VerificationError flow_not_offered
 */
export function offeredFlow(flowType: string, { flows }: AskedAuthentication): Flow {
  const flow = flowOfWireName(flowType);
  if (flow === undefined || !flows.includes(flow)) {
    throw new VerificationError('flow_not_offered', `the flow is not one of ${flows.join(', ')}`);
  }
  return flow;
}
