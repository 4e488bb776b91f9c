import { isLive } from '../../login/attempt.ts';
import type { LoginInteraction } from '../../oidc/interaction/login-interaction.ts';
import { brandedClient } from '../branding/branded-client.ts';
import type { WebContext } from '../context.ts';
import type { NoticeText } from '../messages/messages.ts';
import { link } from '../pages/pages.ts';
import { goesOnElsewhere } from './browser-state.ts';
import type { LoginRooms } from './handler.ts';
import { shownIn } from './shown.ts';

/**
 * The interaction of this browser at this address. The cookie alone does not say which one is meant: its interaction
 * must be the one that the address names. From here on the pages are in the language that the client wishes, unless the
 * person has chosen another one, and so is the client's name.
 */
export async function findInteraction(
  { interactions, pages }: LoginRooms,
  ctx: WebContext,
  uid: string,
): Promise<LoginInteraction | undefined> {
  const interaction = await interactions.find(ctx.req, ctx.res);
  if (interaction?.uid !== uid) return undefined;
  ctx.state.uiLocales = interaction.uiLocales;
  return { ...interaction, client: brandedClient(interaction.client, pages.messages.language) };
}

/** Says why there is no login here: it is complete, the app led to another browser, the browser blocks cookies, or it is over. */
export async function explainMissing(rooms: LoginRooms, ctx: WebContext, uid: string): Promise<void> {
  const { login, pages, audit } = rooms;
  const { notices } = pages.messages;
  const explain = (status: number, notice: NoticeText) => {
    pages.notice(ctx, status, notice);
  };
  const attempt = await login.current(uid);
  if (attempt && isLive(attempt)) {
    const { id, clientId: client, identifier: person } = attempt;
    audit.record({ event: 'browser_refused', attempt: id, client, person, address: ctx.ip });
  }
  if (attempt?.state === 'finished') {
    explain(
      200,
      goesOnElsewhere(attempt, shownIn(ctx, attempt)) ? notices.goesOnElsewhere : notices.finished,
    );
  } else if (ctx.query.returned !== undefined) explain(400, notices.otherBrowser);
  else if (ctx.get('Cookie') === '') explain(400, notices.noCookies);
  else explain(404, notices.expired);
}

/**
 * The login is complete, yet its authorization request still waits: another tab is on its way to the client, or the
 * way was cut. Both end well where the link leads, the address at which oidc-provider takes the request up again.
 */
export function explainFinished({ pages }: LoginRooms, ctx: WebContext, interaction: LoginInteraction): void {
  const { action, notices } = pages.messages;
  const { client, continueAt } = interaction;
  pages.notice(ctx, 200, {
    ...notices.finished,
    service: client,
    actions: [link(continueAt, action.continueTo(client.name), 'primary')],
  });
}

/** Sends the browser on with a GET, whatever it came with. */
export function seeOther(ctx: WebContext, address: string): void {
  ctx.status = 303;
  ctx.redirect(address);
}
