import { z } from 'zod';
import { loginPath } from '../../../oidc/provider/protocol.ts';
import { appTextOf } from '../../branding/branded-client.ts';
import type { WebContext } from '../../context.ts';
import { isUnanswered } from '../browser-state.ts';
import { explainFinished, explainMissing, findInteraction, seeOther } from '../interaction-lookup.ts';
import type { LoginRooms } from '../handler.ts';
import { accountKnownHere, isKnownBrowser } from '../known-browser.ts';
import { hintedPerson } from '../login-hint.ts';
import { rememberWay, waySchema } from '../ways.ts';

/** The shortest look at a session that Smart-ID offers, in milliseconds. */
const SHORT_LOOK_MS = 1_000;

const formSchema = z.object({
  show: waySchema,
  /** The attempt whose code has expired, and which the new one takes the place of. */
  instead_of: z.string().max(64).optional().catch(undefined),
});

/**
 * Begins a login for whoever opens the link: one session for the QR code and for the app on this device. Submitting twice
 * begins it once, for "show a new code" too: only the attempt that the page showed is given up.
 */
export async function beginDeviceLink(rooms: LoginRooms, ctx: WebContext, uid: string): Promise<void> {
  const { login, offered } = rooms;
  const interaction = await findInteraction(rooms, ctx, uid);
  if (!interaction) return explainMissing(rooms, ctx, uid);
  const { show, instead_of: insteadOf } = formSchema.parse(ctx.request.body ?? {});
  const way = show === 'app' ? 'app' : 'qr';
  if (!offered.ways.includes(way)) {
    seeOther(ctx, loginPath(uid));
    return;
  }
  const before = await login.current(uid);
  if (before?.state === 'finished') {
    explainFinished(rooms, ctx, interaction);
    return;
  }
  if (before && before.id === insteadOf && isUnanswered(before)) await login.cancel(before);
  rememberWay(ctx, way);
  const identifier = hintedPerson(interaction);
  const attempt = await login.begin({
    flow: way === 'app' ? 'web2app' : 'qr',
    interactionUid: uid,
    clientId: interaction.client.id,
    displayText: appTextOf(interaction.client, rooms.pages.messages, await isKnown(identifier)),
    address: ctx.ip,
    ...(identifier === undefined ? {} : { identifier }),
  });
  if (attempt.state === 'pending') await login.advance(attempt, SHORT_LOOK_MS);
  seeOther(ctx, `${loginPath(uid)}/wait?show=${way}&sent`);

  async function isKnown(person: string | undefined): Promise<boolean> {
    if (person === undefined) return isKnownBrowser(rooms, ctx);
    return (await accountKnownHere(rooms, ctx, person)) !== undefined;
  }
}
