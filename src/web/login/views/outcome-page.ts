import type { FailedAttempt } from '../../../login/attempt.ts';
import type { LoginInteraction } from '../../../oidc/interaction/login-interaction.ts';
import { loginPath } from '../../../oidc/provider/protocol.ts';
import type { Failure, FailureCode } from '../../../smart-id/outcome.ts';
import type { WebContext } from '../../context.ts';
import type { Messages, OutcomeText } from '../../messages/messages.ts';
import type { Action } from '../../pages/page-models.ts';
import { link } from '../../pages/pages.ts';
import type { LoginRooms } from '../handler.ts';
import { linkInstead } from './link-instead.ts';
import { hintedPerson } from '../login-hint.ts';
import { waysHere } from '../ways.ts';

/** Smart-ID is away: trying again at once would fail again, and many who do so keep it away. */
const WAIT_FIRST: readonly FailureCode[] = ['maintenance', 'service_failed', 'revocation_unavailable'];
const RETRY_SECONDS = 20;
/** Smart-ID was not asked, because of the limits. */
const LIMITED: readonly FailureCode[] = ['too_many_logins', 'too_many_logins_of_person', 'push_too_soon'];

/** Why the attempt failed, and what to do about it. */
export async function drawOutcome(
  rooms: LoginRooms,
  ctx: WebContext,
  interaction: LoginInteraction,
  attempt: FailedAttempt,
): Promise<void> {
  const { uid, client } = interaction;
  const { id, failure } = attempt;
  const { pages } = rooms;
  const { messages } = pages;
  const { heading, paragraphs, help, retry, reference } = textOf(failure, messages);
  const path = loginPath(uid);
  const helpFirst = help?.first ?? false;
  const helpLink: Action[] = help
    ? [
        {
          kind: 'link',
          href: messages.smartIdHelpUrl,
          text: help.label,
          look: helpFirst ? 'primary' : 'secondary',
          external: true,
          waits: false,
        },
      ]
    : [];
  const seconds = secondsToWait(failure, rooms.now(), ctx.query.waited !== undefined);
  const retryLinks = await retryActions(helpFirst ? 'secondary' : 'primary');
  const refused = LIMITED.includes(failure.code) && seconds > 0;
  if (refused) ctx.set('Retry-After', String(seconds));
  pages.notice(ctx, refused ? 429 : 200, {
    service: client,
    heading,
    paragraphs,
    reference: reference === true ? id : undefined,
    actions: [
      ...(helpFirst ? [...helpLink, ...retryLinks] : [...retryLinks, ...helpLink]),
      { kind: 'post', href: `${path}/cancel`, text: messages.action.backTo(client.name), look: 'plain' },
    ],
    ...(seconds > 0 ? { retryAfter: { seconds, href: `${path}/wait?waited` } } : {}),
  });

  async function retryActions(look: 'primary' | 'secondary'): Promise<Action[]> {
    const instead = seconds > 0 ? notLimited(rooms, ctx, interaction, attempt) : undefined;
    const again = { ...link(path, retry, instead ? 'secondary' : look), waits: seconds > 0 };
    if (failure.code !== 'callback_refused') return [...(instead ? [instead] : []), again];
    // The app would lead to the wrong browser again: the ways that do not come back through it.
    const { ways } = messages;
    const here = await waysHere(rooms, ctx);
    const [qr, code] = [here.includes('qr'), here.includes('code')];
    const post: Action = { kind: 'post', href: `${path}/device-link`, text: ways.showQr, look };
    const form = link(`${path}/code`, ways.personalCode, qr ? 'secondary' : look);
    return qr || code ? [...(qr ? [post] : []), ...(code ? [form] : [])] : [again];
  }
}

/** Another way in that the limit is not about. A device link makes no phone ring, and is for one person only by a hint. */
function notLimited(
  { offered, pages }: LoginRooms,
  ctx: WebContext,
  interaction: LoginInteraction,
  { flow, failure, identifier }: FailedAttempt,
): Action | undefined {
  const ofPush = failure.code === 'push_too_soon';
  const ofPerson = failure.code === 'too_many_logins_of_person' && hintedPerson(interaction) !== identifier;
  const byLink = offered.ways.some((way) => way !== 'code');
  if (flow !== 'notification' || !byLink || !(ofPush || ofPerson)) return undefined;
  return linkInstead(ctx, interaction, offered, pages.messages);
}

function secondsToWait({ code, retryAt }: Failure, now: number, waited: boolean): number {
  if (retryAt !== undefined) return Math.max(0, Math.ceil((retryAt - now) / 1000));
  return WAIT_FIRST.includes(code) && !waited ? RETRY_SECONDS : 0;
}

function textOf({ code, screen }: Failure, { outcomes, refusedOn }: Messages): OutcomeText {
  return code === 'user_refused_interaction' && screen !== undefined ? refusedOn[screen] : outcomes[code];
}
