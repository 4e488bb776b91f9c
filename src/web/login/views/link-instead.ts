import type { LoginInteraction } from '../../../oidc/interaction/login-interaction.ts';
import { loginPath } from '../../../oidc/provider/protocol.ts';
import type { WebContext } from '../../context.ts';
import type { Messages } from '../../messages/messages.ts';
import type { Action } from '../../pages/page-models.ts';
import { link } from '../../pages/pages.ts';
import { deviceOf } from '../device.ts';
import type { OfferedWays } from '../ways.ts';

/** A device link where no push may go out: the QR code at once, where that is the likely one, or else the ways to choose from. */
export function linkInstead(
  ctx: WebContext,
  { uid }: LoginInteraction,
  { ways }: OfferedWays,
  texts: Pick<Messages, 'ways'>,
): Action {
  const path = loginPath(uid);
  return ways.includes('qr') && deviceOf(ctx.headers) !== 'phone'
    ? { kind: 'post', href: `${path}/device-link`, text: texts.ways.showQr, look: 'primary' }
    : link(path, texts.ways.otherWays, 'primary');
}
