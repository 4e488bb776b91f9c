import type { AuthenticationSession, Interaction } from '../authentication.ts';
import { decodeInteractions } from '../interactions.ts';
import { VerificationError } from './errors.ts';

/**
 * Step 10, before the signature that covers it: the screen that the person confirmed is one that was offered, so it
 * showed the text that was sent with it.
 *
 * @throws VerificationError interaction_not_offered
 */
export function offeredInteraction(
  used: string,
  { interactions }: AuthenticationSession,
): Interaction['type'] {
  const offered = decodeInteractions(interactions).find(({ type }) => type === used);
  if (!offered) {
    throw new VerificationError('interaction_not_offered', 'the interaction used is none that was offered');
  }
  return offered.type;
}
