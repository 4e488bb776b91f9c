import type { Attempt, FailedAttempt } from '../../login/attempt.ts';
import type { LoginInteraction } from '../../oidc/login-interaction.ts';
import type { WebContext } from '../context.ts';
import type { Action, WaitPage } from '../page-models.ts';
import { link } from '../pages.ts';
import { browserStateOf, isUnanswered, SECONDS_TO_ANSWER } from './browser-state.ts';
import { loginPath } from '../../oidc/protocol.ts';
import { explainFinished, explainMissing, findInteraction, seeOther } from './found-login.ts';
import type { LoginRooms } from './handler.ts';
import { untilGone } from './until-gone.ts';

const LOOK_MS = 1_000;

/**
 * The attempt as it stands: the code to compare, how it ended, or onward to the client.
 *
 * `?look` comes from a page without JavaScript that reloads itself: nobody else drives its attempt, so the reload does.
 * `?sent` comes from the form.
 */
export async function showWait(rooms: LoginRooms, ctx: WebContext, uid: string): Promise<void> {
  const { login } = rooms;
  const interaction = await findInteraction(rooms, ctx, uid);
  if (!interaction) return explainMissing(rooms, ctx, uid);
  let attempt = await login.current(uid);
  if (attempt && isUnanswered(attempt) && ctx.query.look !== undefined) {
    attempt = await login.advance(attempt, LOOK_MS, untilGone(ctx));
  }
  switch (attempt?.state) {
    case 'pending':
    case 'starting':
    case 'waiting':
      drawWait(rooms, ctx, interaction, attempt);
      return;
    case 'authenticated':
      return complete(rooms, ctx, interaction, attempt);
    case 'finished':
      explainFinished(rooms, ctx, interaction);
      return;
    case 'failed':
      drawOutcome(rooms, ctx, interaction, attempt);
      return;
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
  attempt: Extract<Attempt, { state: 'authenticated' }>,
): Promise<void> {
  const { login, interactions, pages } = rooms;
  if (ctx.query.sent !== undefined) {
    // Straight from the form: its policy (`form-action`) would stop the redirect at the client's address. Begin anew.
    pages.draw(ctx, 200, 'onward', {
      service: interaction.client,
      href: `${loginPath(interaction.uid)}/wait`,
    });
    return;
  }
  if (!(await login.finish(attempt))) {
    explainFinished(rooms, ctx, interaction);
    return;
  }
  seeOther(ctx, await interactions.complete(ctx.req, ctx.res, attempt.result));
}

function drawWait(
  { pages, now }: LoginRooms,
  ctx: WebContext,
  interaction: LoginInteraction,
  attempt: Extract<Attempt, { state: 'pending' | 'starting' | 'waiting' }>,
): void {
  const code = codeToShow(attempt);
  pages.draw(ctx, 200, 'wait', {
    service: interaction.client,
    phase: phaseOf(attempt, code),
    digits: code?.split(''),
    secondsLeft: browserStateOf(attempt, now()).secondsLeft,
    secondsInAll: SECONDS_TO_ANSWER,
    path: loginPath(interaction.uid),
    focusHeading: ctx.query.look === undefined,
  });
}

/**
 * Before Smart-ID has accepted the request there is nothing to compare, and a code shown then would teach people to
 * trust one that no app shows; on the device that gets the push it comes first, since the app will cover it.
 * (RP API 3.2, Notification based flows)
 */
function codeToShow(
  attempt: Extract<Attempt, { state: 'pending' | 'starting' | 'waiting' }>,
): string | undefined {
  if (attempt.state === 'waiting') return attempt.verificationCode;
  return attempt.codeFirst ? attempt.prepared.verificationCode : undefined;
}

function phaseOf(attempt: Attempt, code: string | undefined): WaitPage['phase'] {
  if (attempt.state === 'waiting') return 'waiting';
  return code === undefined ? 'sending' : 'code_first';
}

function drawOutcome(
  { pages }: LoginRooms,
  ctx: WebContext,
  { uid, client }: LoginInteraction,
  { id, failure }: FailedAttempt,
): void {
  const { action, outcomes, smartIdHelpUrl } = pages.messages;
  const { heading, paragraphs, help, retry, reference } = outcomes[failure.code];
  const path = loginPath(uid);
  const helpFirst = help?.first ?? false;
  const helpLink: Action[] = help
    ? [
        {
          kind: 'link',
          href: smartIdHelpUrl,
          text: help.label,
          look: helpFirst ? 'primary' : 'secondary',
          external: true,
        },
      ]
    : [];
  const retryLink = link(path, retry, helpFirst ? 'secondary' : 'primary');
  pages.notice(ctx, 200, {
    service: client,
    heading,
    paragraphs,
    reference: reference === true ? id : undefined,
    actions: [
      ...(helpFirst ? [...helpLink, retryLink] : [retryLink, ...helpLink]),
      { kind: 'post', href: `${path}/cancel`, text: action.backTo(client.name), look: 'plain' },
    ],
  });
}
