import { isDeviceLinkFlow } from '../../../flows/flows.ts';
import type { Attempt, AuthenticatedAttempt } from '../../../login/attempt.ts';
import type { LoginInteraction } from '../../../oidc/interaction/login-interaction.ts';
import { loginPath } from '../../../oidc/provider/protocol.ts';
import type { WebContext } from '../../context.ts';
import type { WaitPage } from '../../pages/page-models.ts';
import { link } from '../../pages/pages.ts';
import {
  browserStateOf,
  goesOnElsewhere,
  isUnanswered,
  SECONDS_TO_ANSWER,
  type UnansweredAttempt,
} from '../browser-state.ts';
import { explainFinished, explainMissing, findInteraction, seeOther } from '../interaction-lookup.ts';
import type { LoginRooms } from '../handler.ts';
import { rememberBrowser } from '../known-browser.ts';
import { drawLink } from '../views/link-page.ts';
import { drawOutcome } from '../views/outcome-page.ts';
import { shownIn } from '../shown.ts';
import { untilGone } from '../until-gone.ts';

const LOOK_MS = 1_000;

/**
 * The attempt as it stands: the code to compare, the QR code or the link to the app, how it ended, or onward to the
 * client.
 *
 * `?look` comes from a page without JavaScript that reloads itself: nobody else drives its attempt, so the reload does.
 * `?sent` comes from a form, ours or of who led here. `?returned` comes from the app's callback: that tab, and no other, takes the login on.
 */
export async function showWait(rooms: LoginRooms, ctx: WebContext, uid: string): Promise<void> {
  const { login } = rooms;
  const interaction = await findInteraction(rooms, ctx, uid);
  if (!interaction) return explainMissing(rooms, ctx, uid);
  const returned = ctx.query.returned !== undefined;
  let attempt = await login.current(uid);
  const looks = ctx.query.look !== undefined || returned;
  if (attempt && isUnanswered(attempt) && looks && rooms.waiting.look(uid) === 0) {
    attempt = await login.advance(attempt, LOOK_MS, untilGone(ctx));
  }
  if (attempt && !returned && goesOnElsewhere(attempt, shownIn(ctx, attempt))) {
    explainElsewhere(rooms, ctx, interaction, attempt);
    return;
  }
  switch (attempt?.state) {
    case 'pending':
    case 'starting':
    case 'waiting':
      if (isDeviceLinkFlow(attempt.flow)) return drawLink(rooms, ctx, interaction, attempt);
      drawWait(rooms, ctx, interaction, attempt);
      return;
    case 'returned':
      // Smart-ID could not be asked just now. The page asks again by itself.
      drawOnward(rooms, ctx, interaction, 1);
      return;
    case 'authenticated':
      return complete(rooms, ctx, interaction, attempt);
    case 'finished':
      explainFinished(rooms, ctx, interaction);
      return;
    case 'failed':
      return drawOutcome(rooms, ctx, interaction, attempt);
    case 'cancelled':
    case undefined:
      seeOther(ctx, loginPath(uid));
  }
}

/** Only who spends the attempt completes the login; every other request finds it finished. */
async function complete(
  rooms: LoginRooms,
  ctx: WebContext,
  interaction: LoginInteraction,
  attempt: AuthenticatedAttempt,
): Promise<void> {
  const { login, interactions } = rooms;
  if (ctx.query.sent !== undefined) {
    // Straight from the form: its policy (`form-action`) would stop the redirect at the client's address. Begin anew.
    drawOnward(rooms, ctx, interaction, 0);
    return;
  }
  if (!(await login.finish(attempt))) {
    explainFinished(rooms, ctx, interaction);
    return;
  }
  await rememberBrowser(rooms, ctx, attempt.result);
  seeOther(ctx, await interactions.complete(ctx.req, ctx.res, attempt.result));
}

/** @param seconds after which the page goes on by itself */
function drawOnward(
  { pages }: LoginRooms,
  ctx: WebContext,
  interaction: LoginInteraction,
  seconds: number,
): void {
  const returned = ctx.query.returned === undefined ? '' : '?returned';
  pages.draw(ctx, 200, 'onward', {
    service: interaction.client,
    href: `${loginPath(interaction.uid)}/wait${returned}`,
    seconds,
  });
}

/** For the tab in which the login began. It can take the login on where the new tab was lost. */
function explainElsewhere(
  { pages }: LoginRooms,
  ctx: WebContext,
  { uid, client, continueAt }: LoginInteraction,
  attempt: Attempt,
): void {
  const { action, notices } = pages.messages;
  if (attempt.state === 'finished') {
    const actions = [link(continueAt, action.continueTo(client.name), 'plain')];
    pages.notice(ctx, 200, { ...notices.goesOnElsewhere, service: client, actions });
    return;
  }
  pages.draw(ctx, 200, 'elsewhere', {
    service: client,
    path: loginPath(uid),
    actions: [link(`${loginPath(uid)}/wait?returned`, action.continueTo(client.name), 'plain')],
  });
}

function drawWait(
  rooms: LoginRooms,
  ctx: WebContext,
  interaction: LoginInteraction,
  attempt: Exclude<UnansweredAttempt, { state: 'returned' }>,
): void {
  const code = codeToShow(attempt);
  rooms.pages.draw(ctx, 200, 'wait', {
    service: interaction.client,
    phase: phaseOf(attempt, code),
    digits: code?.split(''),
    secondsLeft: browserStateOf(rooms, attempt, undefined).secondsLeft,
    secondsInAll: SECONDS_TO_ANSWER,
    path: loginPath(interaction.uid),
    otherWays: rooms.offered.ways.length > 1,
    focusHeading: ctx.query.look === undefined,
  });
}

/**
 * Before Smart-ID has accepted the request there is nothing to compare, and a code shown then would teach people to
 * trust one that no app shows; on the device that gets the push it comes first, since the app will cover it.
 * (RP API 3.2, Notification based flows)
 */
function codeToShow(attempt: Exclude<UnansweredAttempt, { state: 'returned' }>): string | undefined {
  if (attempt.state === 'waiting') return attempt.verificationCode;
  return attempt.codeFirst ? attempt.prepared.verificationCode : undefined;
}

function phaseOf(attempt: Attempt, code: string | undefined): WaitPage['phase'] {
  if (attempt.state === 'waiting') return 'waiting';
  return code === undefined ? 'sending' : 'code_first';
}
