import {
  type AuthenticatedAttempt,
  type FinishedAttempt,
  isUnanswered,
  isUndelivered,
  type UndeliveredAttempt,
} from '../../../login/attempt.ts';
import { SHORTEST_POLL_MS } from '../../../login/authenticator.ts';
import { seeOther } from '../../context.ts';
import { continuesInOtherTab, shownFlow } from '../browser-state.ts';
import type { ContinuePage } from '../../pages/page-models.ts';
import { rememberBrowser } from '../known-browser.ts';
import { keepRememberedCode } from '../remembered-code.ts';
import type { LoginPageContext, LoginPageDependencies } from '../page-context.ts';
import { drawFinished } from '../views/finished-notice.ts';
import { drawOtherTab } from '../views/other-tab.ts';
import { drawOutcome } from '../views/outcome-page.ts';
import { drawWaiting } from '../views/waiting-page.ts';

/**
 * After this, the request that finished the attempt is taken for dead: its instance was killed, or the database failed. Until
 * then it is on its way to the client, in milliseconds.
 */
const COMPLETION_MS = 3_000;

/**
 * Shows the attempt in its current state: the verification code, the QR code or the link to the app, the outcome, or a
 * redirect to the client.
 *
 * - `?poll`: a page without JavaScript reloads itself. No script polls its attempt, so the reload does.
 * - `?sent`: the redirect after a form of Sild or of another site.
 * - `?callback`: the tab that the app has opened. Only this tab completes the login.
 */
export async function showWait(page: LoginPageContext, dependencies: LoginPageDependencies): Promise<void> {
  const { login, waiting } = dependencies;
  const { ctx, uid, path } = page;
  let { attempt } = page;
  const isCallbackTab = ctx.query.callback !== undefined;
  const polls = ctx.query.poll !== undefined || isCallbackTab;
  if (attempt && isUnanswered(attempt) && polls && waiting.poll(uid) === 0) {
    attempt = await login.advance(attempt, SHORTEST_POLL_MS, page.signal());
  }
  if (attempt && !isCallbackTab && continuesInOtherTab(attempt, shownFlow(page, attempt))) {
    drawOtherTab(page, dependencies, attempt);
    return;
  }
  switch (attempt?.state) {
    case 'pending':
    case 'starting':
    case 'waiting':
      return drawWaiting(page, dependencies, attempt);
    case 'callback_received':
      // Smart-ID could not be asked just now. The page asks again by itself.
      drawOnward(page, dependencies, { loggedIn: false, seconds: 1 });
      return;
    case 'authenticated':
      return complete(page, dependencies, attempt);
    case 'finished':
      return showFinished(page, dependencies, attempt);
    case 'failed':
      return drawOutcome(page, dependencies, attempt);
    case 'cancelled':
    case undefined:
      seeOther(ctx, path);
  }
}

/** Only the request that wins `login.finish` completes the login; every other one finds it finished, and repeats it if it failed. */
async function complete(
  page: LoginPageContext,
  dependencies: LoginPageDependencies,
  attempt: AuthenticatedAttempt,
): Promise<void> {
  const { login } = dependencies;
  const { ctx, path, interaction } = page;
  const refusal = await interaction.refusalOf(attempt.result);
  if (refusal) {
    await login.refuse(attempt, refusal);
    // The same page, which says why the login failed.
    seeOther(ctx, `${path}/wait`);
    return;
  }
  if (ctx.query.sent !== undefined) {
    // The answer to a form: its policy (`form-action`) would block the redirect to the client. A reload is not bound by it.
    drawOnward(page, dependencies, { loggedIn: true, seconds: 0 });
    return;
  }
  const finished = await login.finish(attempt);
  if (finished) await deliver(page, dependencies, finished);
  else drawFinished(page, dependencies);
}

/** A step that failed before can be repeated: neither a grant nor the memory of the browser is made twice. */
async function deliver(
  page: LoginPageContext,
  dependencies: LoginPageDependencies,
  finished: UndeliveredAttempt,
): Promise<void> {
  const { ctx, interaction } = page;
  const { login, interactions } = dependencies;
  await rememberBrowser(dependencies, ctx, finished.result);
  keepRememberedCode(dependencies, ctx, finished.result);
  const href = await interactions.complete(ctx.req, ctx.res, finished.result);
  await login.dropResult(finished);
  // The redirect to an app leaves this tab as it is, so there is a page before it. (RFC 8252 7.1 and B.2)
  if (interaction.returnsToApp) drawOnward(page, dependencies, { loggedIn: true, seconds: 0, href });
  else seeOther(ctx, href);
}

/** The login is complete, or the request that was to complete it has failed. Its authorization request is still open. */
async function showFinished(
  page: LoginPageContext,
  dependencies: LoginPageDependencies,
  attempt: FinishedAttempt,
): Promise<void> {
  const { ctx, interaction } = page;
  const { finishedAt } = attempt;
  const isBeingCompleted = finishedAt !== undefined && dependencies.now() < finishedAt + COMPLETION_MS;
  if (isUndelivered(attempt) && isBeingCompleted)
    drawOnward(page, dependencies, { loggedIn: true, seconds: 1 });
  else if (isUndelivered(attempt)) await deliver(page, dependencies, attempt);
  else if (finishedAt === undefined || isBeingCompleted) drawFinished(page, dependencies);
  // The redirect was lost on its way to the browser.
  else seeOther(ctx, interaction.continueAt);
}

/**
 * @param options.seconds after which the page goes on by itself
 * @param options.href default: this page again
 */
function drawOnward(
  { ctx, path, interaction }: LoginPageContext,
  { pages }: LoginPageDependencies,
  options: Pick<ContinuePage, 'loggedIn' | 'seconds'> & { readonly href?: string },
): void {
  const query = ctx.query.callback === undefined ? '' : '?callback';
  pages.draw(ctx, 200, 'continue', { service: interaction.client, href: `${path}/wait${query}`, ...options });
}
