import type { WebContext } from '../../context.ts';
import { refuseAsJson } from '../../middleware/request-limits.ts';
import { browserStateOf, isUnanswered } from '../browser-state.ts';
import { findInteraction } from '../interaction-lookup.ts';
import type { LoginRooms } from '../handler.ts';
import { shownIn } from '../shown.ts';
import { untilGone } from '../until-gone.ts';

const LOOK_MS = 1_000;

/** One step on, as JSON, for browsers and proxies that server-sent events do not get through. */
export async function loginStatus(rooms: LoginRooms, ctx: WebContext, uid: string): Promise<void> {
  const { login } = rooms;
  const interaction = await findInteraction(rooms, ctx, uid);
  const attempt = interaction && (await login.current(uid));
  if (!attempt) {
    ctx.status = 404;
    ctx.body = { error: 'login_not_found' };
    return;
  }
  const seconds = rooms.waiting.look(uid);
  if (seconds > 0) {
    refuseAsJson(ctx, seconds);
    return;
  }
  const next = isUnanswered(attempt) ? await login.advance(attempt, LOOK_MS, untilGone(ctx)) : attempt;
  ctx.body = browserStateOf(rooms, next, shownIn(ctx, next));
}
