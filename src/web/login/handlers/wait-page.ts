import { type AuthenticatedAttempt, type FinishedAttempt, isUnanswered } from '../../../login/attempt.ts';
import { SHORTEST_POLL_MS } from '../../../login/authenticator.ts';
import { seeOther } from '../../context.ts';
import { continuesInOtherTab, shownFlow } from '../browser-state.ts';
import type { ContinuePage } from '../../pages/page-models.ts';
import { browserToRemember, setBrowserCookie } from '../known-browser.ts';
import { keepRememberedCode } from '../remembered-code.ts';
import type { LoginPageContext, LoginPageDependencies } from '../page-context.ts';
import { drawFinished } from '../views/finished-notice.ts';
import { drawOtherTab } from '../views/other-tab.ts';
import { drawOutcome } from '../views/outcome-page.ts';
import { drawWaiting } from '../views/waiting-page.ts';

/** For this long the redirect to the client may be on its way to the browser; then it is lost. In milliseconds. */
const REDIRECT_MS = 3_000;

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
    attempt = await login.advanceToCompletion(attempt, SHORTEST_POLL_MS, page.signal());
  }
  if (attempt && !isCallbackTab && continuesInOtherTab(attempt, shownFlow(page, attempt))) {
    attempt = await login.keep(attempt);
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
    case 'finished': {
      showFinished(page, dependencies, attempt);
      return;
    }
    case 'failed':
      return drawOutcome(page, dependencies, attempt);
    case 'cancelled':
    case undefined:
      seeOther(ctx, path);
  }
}

/**
 * Only the request that wins `login.complete` completes the login; every other one finds it finished. Where something fails before
 * that, the answer is stored, so that the browser's next request completes the login.
 */
async function complete(
  page: LoginPageContext,
  dependencies: LoginPageDependencies,
  attempt: AuthenticatedAttempt,
): Promise<void> {
  const { login } = dependencies;
  const { ctx, path, interaction } = page;
  try {
    const refusal = await interaction.refusalOf(attempt.result);
    if (refusal) {
      const kept = await login.keep(attempt);
      if (kept.state === 'authenticated') await login.refuse(kept, refusal);
      // The same page, which says why the login failed.
      seeOther(ctx, `${path}/wait`);
    } else if (ctx.query.sent !== undefined) {
      await login.keep(attempt);
      // The answer to a form: its policy (`form-action`) would block the redirect to the client. A reload is not bound by it.
      drawOnward(page, dependencies, { loggedIn: true, seconds: 0 });
    } else {
      await deliver(page, dependencies, attempt);
    }
  } catch (error) {
    await login.keep(attempt);
    throw error;
  }
}

async function deliver(
  page: LoginPageContext,
  dependencies: LoginPageDependencies,
  attempt: AuthenticatedAttempt,
): Promise<void> {
  const { login, knownBrowsers } = dependencies;
  const { ctx, interaction } = page;
  const browser = await browserToRemember(dependencies, ctx, attempt.result, page.offered);
  const completion = await interaction.completionWith(attempt.result);
  const writes = browser ? [completion, knownBrowsers.joinRemember(...browser.row)] : [completion];
  const keepInBrowser = () => {
    setBrowserCookie(ctx, browser);
    keepRememberedCode(dependencies, ctx, attempt.result);
  };
  let isComplete: boolean;
  try {
    isComplete = await login.complete(attempt, writes);
  } catch (error) {
    // It may be stored nevertheless, and then this is the only request that knows the browser's token. One that the store does not
    // know is replaced by the next completion.
    keepInBrowser();
    throw error;
  }
  if (isComplete) {
    keepInBrowser();
    returnToClient(page, dependencies, interaction.continueAt);
    return;
  }
  const current = await login.current(page.uid);
  // Another tab has cancelled it: the same page, which says how it ended.
  if (current?.state === 'cancelled' || current?.state === 'failed') seeOther(ctx, `${page.path}/wait`);
  else drawFinished(page, dependencies);
}

function returnToClient(page: LoginPageContext, dependencies: LoginPageDependencies, href: string): void {
  // The redirect to an app leaves this tab as it is, so there is a page before it. (RFC 8252 7.1 and B.2)
  if (page.interaction.returnsToApp) drawOnward(page, dependencies, { loggedIn: true, seconds: 0, href });
  else seeOther(page.ctx, href);
}

/** The login is complete. Its authorization request is still open. */
function showFinished(
  page: LoginPageContext,
  dependencies: LoginPageDependencies,
  { finishedAt }: FinishedAttempt,
): void {
  if (dependencies.now() < finishedAt + REDIRECT_MS) drawFinished(page, dependencies);
  else seeOther(page.ctx, page.interaction.continueAt);
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
