import type { Attempt } from '../../login/attempt.ts';
import { SHORTEST_POLL_MS } from '../../login/authenticator.ts';
import type { LoginPageContext, LoginPageDependencies } from './page-context.ts';

/**
 * Sends the request of an attempt that has just begun, unless it has to wait for its page. Where another tab has ended the
 * login meanwhile, nothing is sent: the person's confirmation could lead nowhere.
 *
 * @returns the attempt after that
 */
export async function startAttempt(
  { ctx }: LoginPageContext,
  { login, interactions }: LoginPageDependencies,
  attempt: Attempt,
): Promise<Attempt> {
  if (attempt.state !== 'pending') return attempt;
  const interaction = await interactions.find(ctx.req, ctx.res);
  if (interaction?.decided !== false) return login.cancel(attempt);
  return attempt.codeFirst ? attempt : login.advance(attempt, SHORTEST_POLL_MS);
}
