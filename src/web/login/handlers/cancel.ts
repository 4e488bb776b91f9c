import { type Attempt, isLive, isUnanswered } from '../../../login/attempt.ts';
import type { AbortReason } from '../../../oidc/interaction/login-interaction.ts';
import { seeOther } from '../../context.ts';
import type { LoginPageContext, LoginPageDependencies } from '../page-context.ts';
import { drawFinished } from '../views/finished-notice.ts';

/**
 * Ends the login: the client gets `access_denied`. The answer is a page that goes on by itself instead of a redirect,
 * because Chromium applies the form's policy (`form-action 'self'`) to every redirect that follows, and redirects after
 * the client's address cannot be listed.
 */
export async function cancelLogin(
  page: LoginPageContext,
  dependencies: LoginPageDependencies,
): Promise<void> {
  const { login, interactions, pages } = dependencies;
  const { ctx, interaction } = page;
  let { attempt } = page;
  // Another request may change the state at the same time, and then this one cancels again. States only go forward, so the loop ends.
  while (attempt && isLive(attempt)) attempt = await login.cancel(attempt);
  if (attempt?.state === 'finished') {
    // Another tab was faster: the person is logged in, and the client is about to get the answer.
    drawFinished(page, dependencies);
    return;
  }
  const href = await interactions.abort(ctx.req, ctx.res, abortReason(attempt));
  pages.draw(ctx, 200, 'continue', { service: interaction.client, loggedIn: false, href, seconds: 0 });
}

function abortReason(attempt: Attempt | undefined): AbortReason {
  const noSuitableAccount = attempt?.state === 'failed' && attempt.failure.code === 'account_not_suitable';
  return noSuitableAccount ? 'account_not_suitable' : 'user_cancel';
}

/** Cancels the attempt and redirects to the choice of flows: the person wants another one. */
export async function restartLogin(
  { ctx, path, attempt: newest }: LoginPageContext,
  { login }: LoginPageDependencies,
): Promise<void> {
  let attempt = newest;
  while (attempt && isUnanswered(attempt)) attempt = await login.cancel(attempt);
  seeOther(ctx, path);
}
