import { setTimeout as delay } from 'node:timers/promises';
import { FLOW_TRAITS } from '../../../flows/flows.ts';
import { type Attempt, dueIn } from '../../../login/attempt.ts';
import { networkOf } from '../../../audit/network.ts';
import type { WebContext } from '../../context.ts';
import { refuseAsJson } from '../../middleware/request-limits.ts';
import { browserStateOf, isUnanswered } from '../browser-state.ts';
import { findInteraction } from '../interaction-lookup.ts';
import type { LoginRooms } from '../handler.ts';
import { shownIn } from '../shown.ts';
import { untilGone } from '../until-gone.ts';

/** One look at Smart-ID, in milliseconds. After it the attempt is read anew: another tab may have cancelled it. */
const LOOK_MS = 10_000;
/** Two looks that tell nothing new are at least this far apart, since a failing one may answer at once. */
const PACE_MS = 1_000;
/** A new QR code this often. (RP API 3.2, Device link flows) */
const QR_MS = 1_000;
/** What the tab that the app opened has to complete the login. */
const HANDOVER_MS = 60_000;
/** Proxies close connections that say nothing. */
const HEARTBEAT_MS = 15_000;
/** After which the browser comes back when the connection was cut. */
const RETRY_MS = 2_000;

/**
 * Server-sent events: takes the attempt on, step by step, while the browser listens, and tells it each state. Closes
 * after the state that has nothing more to wait for; the page then asks `…/wait` what to show.
 *
 * A page with a QR code gets a new one each second between, made at that moment from the attempt at hand: the database
 * is read again only when a look at Smart-ID has returned.
 */
export async function loginEvents(rooms: LoginRooms, ctx: WebContext, uid: string): Promise<void> {
  const interaction = await findInteraction(rooms, ctx, uid);
  const attempt = interaction && (await rooms.login.current(uid));
  if (!attempt) {
    // Anything but 200 makes the browser give up at once; the page then falls back to `…/status`, which says why.
    ctx.status = 404;
    ctx.body = { error: 'login_not_found' };
    return;
  }
  const seconds = rooms.waiting.look(uid);
  const leave = seconds > 0 ? undefined : rooms.waiting.listen(uid, networkOf(ctx.ip));
  if (!leave) {
    refuseAsJson(ctx, Math.max(1, seconds));
    return;
  }
  ctx.respond = false;
  ctx.res.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store, no-transform',
    'X-Accel-Buffering': 'no',
  });
  ctx.res.write(`retry: ${RETRY_MS}\n\n`);
  const heartbeat = setInterval(() => ctx.res.write(': still here\n\n'), HEARTBEAT_MS);
  try {
    if (ctx.method !== 'HEAD') await follow(rooms, ctx, attempt, untilGone(ctx));
    ctx.res.end();
  } finally {
    clearInterval(heartbeat);
    leave();
  }
}

async function follow(
  rooms: LoginRooms,
  ctx: WebContext,
  first: Attempt,
  signal: AbortSignal,
): Promise<void> {
  const { login, now } = rooms;
  let attempt: Attempt | undefined = first;
  while (attempt) {
    tell(attempt);
    if (isOver(attempt)) return;
    const codes = keepTelling(attempt);
    try {
      await step(attempt);
      attempt = await login.current(attempt.interactionUid);
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    } finally {
      clearInterval(codes);
    }
  }

  function tell(attempt: Attempt): void {
    const state = browserStateOf(rooms, attempt, shownIn(ctx, attempt));
    ctx.res.write(`event: state\ndata: ${JSON.stringify(state)}\n\n`);
  }

  function keepTelling(attempt: Attempt): NodeJS.Timeout | undefined {
    if (attempt.state !== 'waiting' || shownIn(ctx, attempt) !== 'qr') return undefined;
    return setInterval(() => {
      tell(attempt);
    }, QR_MS);
  }

  /** The tab in which a login began goes on listening until the app's tab has completed it, as long as that can take. */
  function isOver(attempt: Attempt): boolean {
    if (isUnanswered(attempt)) return false;
    const handedOver = attempt.state === 'authenticated' && FLOW_TRAITS[attempt.result.flow].needsCallback;
    return !handedOver || now() > attempt.result.authenticatedAt * 1000 + HANDOVER_MS;
  }

  async function step(attempt: Attempt): Promise<void> {
    if (attempt.state === 'pending') await delay(dueIn(attempt, now()) + 1, undefined, { signal });
    // A span, so on the monotonic clock: nobody's clock correction makes a page wait.
    const begun = performance.now();
    const next = await login.advance(attempt, LOOK_MS, signal);
    if (next.state === attempt.state) {
      await delay(Math.max(0, begun + PACE_MS - performance.now()), undefined, { signal });
    }
  }
}
