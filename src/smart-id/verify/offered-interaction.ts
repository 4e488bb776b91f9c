import type { AskedAuthentication, Interaction } from '../authentication.ts';
import { decodeInteractions } from '../interactions.ts';
import { VerificationError } from './errors.ts';

/**
 * Step 10: the request offered the interaction that the person confirmed, so the app showed the text of this login. The
 * signature (step 11) covers the interaction. (RP API 3.2, Response verification)
 *
 * @throws VerificationError interaction_not_offered
 */
export function offeredInteraction(used: string, { interactions }: AskedAuthentication): Interaction['type'] {
  const offered = decodeInteractions(interactions).find(({ type }) => type === used);
  if (!offered) {
    throw new VerificationError('interaction_not_offered', 'the request did not offer the interaction used');
  }
  return offered.type;
}
