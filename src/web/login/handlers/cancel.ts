import { isLive } from '../../../login/attempt.ts';
import type { WebContext } from '../../context.ts';
import { loginPath } from '../../../oidc/provider/protocol.ts';
import { isUnanswered } from '../browser-state.ts';
import { explainFinished, explainMissing, findInteraction, seeOther } from '../interaction-lookup.ts';
import type { LoginRooms } from '../handler.ts';

/**
 * Gives the login up: the client gets `access_denied`. The way there is a page that goes on by itself rather than a
 * redirect, because Chromium holds the form's policy (`form-action 'self'`) against every redirect that answers it, and
 * those that follow from the client on are not ours to list.
 */
export async function cancelLogin(rooms: LoginRooms, ctx: WebContext, uid: string): Promise<void> {
  const { login, interactions, pages } = rooms;
  const interaction = await findInteraction(rooms, ctx, uid);
  if (!interaction) return explainMissing(rooms, ctx, uid);
  let attempt = await login.current(uid);
  // Cancelling loses to a step that is taken at the same time; states only go forward, so this ends.
  while (attempt && isLive(attempt)) attempt = await login.cancel(attempt);
  if (attempt?.state === 'finished') {
    // Another tab was faster: the person is logged in, and the client about to hear of it.
    explainFinished(rooms, ctx, interaction);
    return;
  }
  const href = await interactions.abort(ctx.req, ctx.res, 'user_cancel');
  pages.draw(ctx, 200, 'onward', { service: interaction.client, href, seconds: 0 });
}

/** Gives the attempt up, and leads back to the ways: the person wants another one. */
export async function restartLogin(rooms: LoginRooms, ctx: WebContext, uid: string): Promise<void> {
  const { login } = rooms;
  const interaction = await findInteraction(rooms, ctx, uid);
  if (!interaction) return explainMissing(rooms, ctx, uid);
  let attempt = await login.current(uid);
  while (attempt && isUnanswered(attempt)) attempt = await login.cancel(attempt);
  seeOther(ctx, loginPath(uid));
}
