import { isLive } from '../../login/attempt.ts';
import type { LoginInteraction } from '../../oidc/interaction/login-interaction.ts';
import { brandedClient } from '../branding/branded-client.ts';
import type { WebContext } from '../context.ts';
import type { NoticeText } from '../messages/messages.ts';
import type { Onward } from '../pages/onward.ts';
import { continuesInOtherTab, shownFlow } from './browser-state.ts';
import { type LoginPageDependencies, requestHintsOf } from './page-context.ts';

/**
 * The interaction of this browser at this address. The cookie alone is not enough: its interaction must be the one that
 * the address names. Once it is found, the page and the client's name are in the language that the client asks for,
 * unless the person has chosen another one.
 */
export async function findInteraction(
  { interactions, pages }: LoginPageDependencies,
  ctx: WebContext,
  uid: string,
): Promise<LoginInteraction | undefined> {
  const interaction = await interactions.find(ctx.req, ctx.res);
  if (interaction?.uid !== uid) return undefined;
  ctx.state.uiLocales = interaction.uiLocales;
  const { language } = pages.messagesOf(ctx);
  const client = brandedClient(interaction.client, language);
  const { name, uri: home, loginUri: start, logo, theme } = client;
  // For the pages after the end of the login.
  if (ctx.method === 'GET') pages.origins.remember(ctx, { uid, name, language, home, start, logo, theme });
  return { ...interaction, client };
}

/** Says why there is no login here: it is complete, the app opened another browser, cookies are blocked, or it has expired. */
export async function explainMissing(
  { login, interactions, pages, audit }: LoginPageDependencies,
  ctx: WebContext,
  uid: string,
): Promise<void> {
  const origin = pages.origins.of(ctx);
  const { notices } = pages.messagesOf(ctx);
  const explain = (status: number, notice: NoticeText, onward: Onward = 'startAgain') => {
    pages.notice(ctx, status, { ...notice, reference: ctx.state.requestId, onward });
  };
  const attempt = await login.current(uid);
  if (attempt && isLive(attempt)) {
    const { id, clientId: client, identifier: person } = attempt;
    audit.record({ event: 'browser_refused', attempt: id, client, person, address: ctx.ip });
  }
  // Other browsers with this address do not learn that the login is complete.
  const isOfThisBrowser = origin !== undefined || interactions.isBoundToBrowser(ctx.req, uid);
  if (attempt?.state === 'finished' && isOfThisBrowser) {
    const otherTab = continuesInOtherTab(attempt, shownFlow(requestHintsOf(ctx), attempt));
    explain(200, otherTab ? notices.continuesInOtherTab : notices.finished, 'continue');
  } else if (ctx.query.callback !== undefined) explain(400, notices.otherBrowser);
  else if (ctx.get('Cookie') === '') explain(400, notices.noCookies);
  else explain(404, notices.expired);
}
