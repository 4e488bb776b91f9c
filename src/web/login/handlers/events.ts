import { setTimeout as delay } from 'node:timers/promises';
import { FLOW_TRAITS } from '../../../flows/flows.ts';
import { type Attempt, dueIn, isUnanswered } from '../../../login/attempt.ts';
import { refuseAsJson } from '../../middleware/request-limits.ts';
import { type BrowserState, browserStateOf, OVER, shownFlow, showsQrCode } from '../browser-state.ts';
import type { WebContext } from '../../context.ts';
import type { LoginPageContext, LoginPageDependencies } from '../page-context.ts';

/** One long poll of Smart-ID, in milliseconds. After it the attempt is read again: another tab may have cancelled it. */
const POLL_MS = 10_000;
/** Two polls without news start at least this far apart, since a failing one may answer at once. */
const POLL_INTERVAL_MS = 1_000;
/** A new QR code this often. (RP API 3.2, Device link flows) */
const QR_MS = 1_000;
/** How long the tab that the app opened has to complete the login. */
const HANDOVER_MS = 60_000;
/** Proxies close idle connections. */
const HEARTBEAT_MS = 15_000;
/** After which the browser reconnects when the connection was cut. */
const RETRY_MS = 2_000;

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
} as const;

type EventsPage = LoginPageContext & { readonly attempt: Attempt };

/**
 * Server-sent events: advances the attempt while the browser listens, and sends it each state. Closes after a state that
 * polling does not change any more; the page then asks `…/wait` what to show.
 *
 * A page with a QR code gets a new one each second, made at that moment from the attempt in memory: the database is read
 * again only when a poll of Smart-ID has returned.
 *
 * Returns when the stream has begun, so that the middleware does not wait in memory for as long as the person does.
 */
export function loginEvents(page: EventsPage, dependencies: LoginPageDependencies): void {
  const { waiting } = dependencies;
  const { ctx, uid } = page;
  const seconds = waiting.poll(uid);
  const leave = seconds > 0 ? undefined : waiting.listen(uid, ctx.ip);
  if (!leave) {
    refuseAsJson(ctx, Math.max(1, seconds));
    return;
  }
  ctx.respond = false;
  ctx.res.writeHead(200, HEADERS);
  ctx.res.write(`retry: ${RETRY_MS}\n\n`);
  ctx.state.goOn(listenUntilOver(page, dependencies).finally(leave));
}

async function listenUntilOver(page: EventsPage, dependencies: LoginPageDependencies): Promise<void> {
  const { ctx } = page;
  const heartbeat = setInterval(() => ctx.res.write(': still here\n\n'), HEARTBEAT_MS);
  try {
    if (ctx.method !== 'HEAD') await follow(page, dependencies);
    ctx.res.end();
  } finally {
    clearInterval(heartbeat);
  }
}

/** A stream of one event, for a tab whose login is over. */
export function sendOverEvent(ctx: WebContext): void {
  ctx.set(HEADERS);
  ctx.body = stateEvent(OVER);
}

function stateEvent(state: BrowserState): string {
  return `event: state\ndata: ${JSON.stringify(state)}\n\n`;
}

async function follow(page: EventsPage, dependencies: LoginPageDependencies): Promise<void> {
  const { login, now } = dependencies;
  const { ctx } = page;
  const signal = page.signal();
  let attempt: Attempt | undefined = page.attempt;
  while (attempt) {
    send(attempt);
    if (isOver(attempt)) return;
    const codes = keepSending(attempt);
    try {
      await poll(attempt);
      attempt = await login.current(attempt.interactionUid);
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    } finally {
      clearInterval(codes);
    }
  }

  function send(current: Attempt): void {
    ctx.res.write(stateEvent(browserStateOf(dependencies, page, current)));
  }

  function keepSending(current: Attempt): NodeJS.Timeout | undefined {
    if (current.state !== 'waiting' || !showsQrCode(shownFlow(page, current))) return undefined;
    return setInterval(() => {
      send(current);
    }, QR_MS);
  }

  /** The tab in which a login began keeps listening until the tab that the app opened has completed it, at most `HANDOVER_MS`. */
  function isOver(current: Attempt): boolean {
    if (isUnanswered(current)) return false;
    if (current.state !== 'authenticated' || !FLOW_TRAITS[current.result.flow].needsCallback) return true;
    return now() > current.result.authenticatedAt * 1000 + HANDOVER_MS;
  }

  async function poll(current: Attempt): Promise<void> {
    if (current.state === 'pending') await delay(dueIn(current, now()) + 1, undefined, { signal });
    // Measured on the monotonic clock: a correction of the system clock must not make a page wait.
    const begun = performance.now();
    const next = await login.advance(current, POLL_MS, signal);
    if (next.state === current.state) {
      await delay(Math.max(0, begun + POLL_INTERVAL_MS - performance.now()), undefined, { signal });
    }
  }
}
