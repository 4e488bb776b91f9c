import { loginPath } from '../../../oidc/provider/protocol.ts';
import type { LoginInteraction } from '../../../oidc/interaction/login-interaction.ts';
import type { WebContext } from '../../context.ts';
import { browserStateOf, SECONDS_OF_QR, SECONDS_TO_ANSWER, type UnansweredAttempt } from '../browser-state.ts';
import type { LoginRooms } from '../handler.ts';
import { qrCodeSvg } from './qr-code.ts';
import { shownIn } from '../shown.ts';
import { waysHere } from '../ways.ts';

/**
 * The page of a device link: its QR code, or the link that opens the app here, and the other one of the two a tap away.
 * Both are of one session, so going from one to the other begins nothing.
 */
export async function drawLink(
  rooms: LoginRooms,
  ctx: WebContext,
  interaction: LoginInteraction,
  attempt: Exclude<UnansweredAttempt, { state: 'returned' }>,
): Promise<void> {
  const { links, offered, pages, simulated } = rooms;
  const shown = shownIn(ctx, attempt) ?? 'qr';
  const { secondsLeft, link } = browserStateOf(rooms, attempt, shown);
  const common = {
    service: interaction.client,
    path: loginPath(interaction.uid),
    attempt: attempt.id,
    ready: attempt.state === 'waiting',
    secondsLeft,
    codeWay: (await waysHere(rooms, ctx)).includes('code'),
    focusHeading: ctx.query.look === undefined,
  };
  if (shown === 'qr') {
    pages.draw(ctx, 200, 'qr', {
      ...common,
      secondsInAll: SECONDS_OF_QR,
      svg: link === undefined ? undefined : qrCodeSvg(link),
      // A link that can be copied can be passed on to a victim: a real code is only ever a picture, and gone in seconds.
      virtualPhone: simulated ? { link } : undefined,
      appWay: offered.ways.includes('app'),
    });
    return;
  }
  pages.draw(ctx, 200, 'app', {
    ...common,
    secondsInAll: SECONDS_TO_ANSWER,
    appLink:
      attempt.state === 'waiting' && secondsLeft > 0
        ? links.appLink(attempt.session, pages.messages.language)
        : undefined,
    qrWay: offered.ways.includes('qr'),
  });
}
