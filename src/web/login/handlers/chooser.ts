import { isLive } from '../../../login/attempt.ts';
import { loginPath } from '../../../oidc/provider/protocol.ts';
import type { WebContext } from '../../context.ts';
import type { Messages } from '../../messages/messages.ts';
import type { WayAction } from '../../pages/page-models.ts';
import { type Device, deviceOf } from '../device.ts';
import { explainFinished, explainMissing, findInteraction, seeOther } from '../interaction-lookup.ts';
import type { LoginRooms } from '../handler.ts';
import { isKnownBrowser } from '../known-browser.ts';
import { type Way, waysHere } from '../ways.ts';

/**
 * The ways to log in, the likeliest first. Loading the page begins nothing: each way is a button or a link. Onward to the
 * waiting page where the login already goes on: a reload, the back button, another tab.
 */
export async function showWays(rooms: LoginRooms, ctx: WebContext, uid: string): Promise<void> {
  const interaction = await findInteraction(rooms, ctx, uid);
  if (!interaction) return explainMissing(rooms, ctx, uid);
  const attempt = await rooms.login.current(uid);
  if (attempt && isLive(attempt)) {
    seeOther(ctx, `${loginPath(uid)}/wait`);
    return;
  }
  if (attempt?.state === 'finished') {
    explainFinished(rooms, ctx, interaction);
    return;
  }
  const ways = await waysHere(rooms, ctx);
  const [first] = ways;
  if (first === 'code' && ways.length === 1) {
    seeOther(ctx, `${loginPath(uid)}/code`);
    return;
  }
  const { pages } = rooms;
  const device = deviceOf(ctx.headers);
  const { ways: texts } = pages.messages;
  pages.draw(ctx, 200, 'ways', {
    service: interaction.client,
    lead: leadOf(first, device, pages.messages),
    // Beside a big button there is room for what comes next; on a phone the code is read off another screen.
    steps: first === 'qr' && device === 'computer' ? texts.steps : undefined,
    ways: ways.map((way, index) => wayAction(way, device, index === 0, texts)),
    path: loginPath(uid),
    knownBrowser: await isKnownBrowser(rooms, ctx),
  });
}

function leadOf(first: Way | undefined, device: Device, { ways, login }: Messages): string {
  switch (first) {
    case 'code':
      return login.lead;
    case 'app':
      return ways.phoneLead;
    case 'qr':
    case undefined:
      return device === 'tablet' ? ways.tabletLead : ways.computerLead;
  }
}

function wayAction(way: Way, device: Device, first: boolean, texts: Messages['ways']): WayAction {
  const computer = device === 'computer';
  switch (way) {
    case 'qr':
      return {
        way,
        text: device === 'phone' ? texts.showQrForOtherDevice : texts.showQr,
        look: first ? 'primary' : 'secondary',
      };
    case 'app':
      // Few computers have the app; a tablet that passes for one does.
      return {
        way,
        text: device === 'phone' ? texts.openApp : texts.openAppOnThisDevice,
        look: first ? 'primary' : computer ? 'plain' : 'secondary',
      };
    case 'code':
      return {
        way,
        text: computer && !first ? texts.personalCodeInstead : texts.personalCode,
        look: first ? 'primary' : computer ? 'plain' : 'secondary',
      };
  }
}
