import { type Attempt, isLive, isUnanswered } from '../../../login/attempt.ts';
import type { Login } from '../../../login/login.ts';
import type { AbortReason } from '../../../oidc/interaction/login-interaction.ts';
import { seeOther } from '../../context.ts';
import type { LoginPageContext, LoginPageDependencies } from '../page-context.ts';
import { drawFinished } from '../views/finished-notice.ts';
import { drawContinue } from '../views/continue.ts';

/** Ends the login: the client gets `access_denied`, or `unmet_authentication_requirements` for an essential `acr`. */
export async function cancelLogin(
  page: LoginPageContext,
  dependencies: LoginPageDependencies,
): Promise<void> {
  const { login, interactions } = dependencies;
  const { ctx, uid } = page;
  const attempt = await endLive(page.attempt, login);
  if (attempt?.state === 'finished') {
    // Another tab was faster: the person is logged in, and the client is about to get the answer.
    drawFinished(page, dependencies);
    return;
  }
  const href = await interactions.abort(ctx.req, ctx.res, abortReason(await login.attemptsOf(uid)));
  // What another tab has begun meanwhile can lead nowhere.
  await endLive(await login.current(uid), login);
  drawContinue(page, dependencies, href);
}

function endLive(newest: Attempt | undefined, login: Login): Promise<Attempt | undefined> {
  return cancelWhile(isLive, newest, login);
}

/**
 * Another request may change the state at the same time, and then this one cancels again. States only go forward, so the loop ends.
 *
 * @returns the attempt as it is then; undefined if it has been removed
 */
async function cancelWhile(
  isOpen: (attempt: Attempt) => boolean,
  newest: Attempt | undefined,
  login: Login,
): Promise<Attempt | undefined> {
  let attempt = newest;
  while (attempt && isOpen(attempt)) {
    const next = await login.cancel(attempt);
    if (next === attempt) return undefined;
    attempt = next;
  }
  return attempt;
}

/** Every attempt counts: after a Basic account the person may have begun another login before they left. */
function abortReason(attempts: readonly Attempt[]): AbortReason {
  const noSuitableAccount = attempts.some(
    (attempt) => attempt.state === 'failed' && attempt.failure.code === 'account_not_suitable',
  );
  return noSuitableAccount ? 'account_not_suitable' : 'user_cancel';
}

/** Cancels the attempt and redirects to the choice of flows: the person wants another one. */
export async function restartLogin(
  { ctx, path, attempt: newest }: LoginPageContext,
  { login }: LoginPageDependencies,
): Promise<void> {
  await cancelWhile(isUnanswered, newest, login);
  seeOther(ctx, `${path}?choose`);
}
