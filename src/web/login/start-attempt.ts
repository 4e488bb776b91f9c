import type { Attempt } from '../../login/attempt.ts';
import { SHORTEST_POLL_MS } from '../../login/authenticator.ts';
import type { LoginPageContext, LoginPageDependencies } from './page-context.ts';

/**
 * Sends the request of an attempt that has just begun, unless it has to wait for its page. Where another tab has ended the
 * login meanwhile, nothing is sent: the person's confirmation could lead nowhere.
 */
export async function startAttempt(
  { ctx }: LoginPageContext,
  { login, interactions }: LoginPageDependencies,
  attempt: Attempt,
): Promise<void> {
  if (attempt.state !== 'pending') return;
  const interaction = await interactions.find(ctx.req, ctx.res);
  if (interaction?.decided !== false) await login.cancel(attempt);
  else if (!attempt.codeFirst) await login.advance(attempt, SHORTEST_POLL_MS);
}
