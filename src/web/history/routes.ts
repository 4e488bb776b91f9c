/**
 * A person's own history. The person logs in to Sild itself, by its own client and the usual login pages:
 *
 *   GET /me ─ POST /me/login ─▶ /authorize … ─▶ GET /me/callback ─▶ GET /me │ /me/print │ /me/history.json
 *                                                               POST /me/forget │ /me/logout
 *
 * What is shown is found by the person of the visit alone: no address and no form names a person.
 */
import { z } from 'zod';
import type { AttemptStore } from '../../login/attempt-store.ts';
import type { KnownBrowserStore } from '../../login/known-browser-store.ts';
import { ownAuthorization, type OwnLogins, OWN_CLIENT_ID, redeemOwnCode } from '../../oidc/own-client.ts';
import type { RecordStore } from '../../oidc/stores.ts';
import type { Audit } from '../../audit/audit.ts';
import type { Rate } from '../../login/limits/limit-rules.ts';
import { createRateLimiter, type RateLimiter } from '../../login/limits/rate-limiter.ts';
import { requireRead, seeOther, type WebContext, type WebMiddleware } from '../context.ts';
import { isThisBrowser } from '../login/known-browser.ts';
import { link } from '../pages/links.ts';
import type { Pages } from '../pages/pages.ts';
import { ALL_BROWSERS, forgetBrowsers } from './forget-browsers.ts';
import { documentOf, entryOf, historyOf, type HistoryDependencies, timeText } from './entries.ts';
import {
  beginVisit,
  dropRequest,
  endVisit,
  HISTORY_PATH,
  keepRequest,
  requestOf,
  type Visit,
  type VisitDependencies,
  visitOf,
} from './visit.ts';

const PAGE_SIZE = 100;
/** How often a person can have all browsers forgotten at this instance: it reads every grant, session and visit. */
const FORGET_ALL_RATE: Rate = { count: 5, perMs: 10 * 60_000 };
/** How often a person can look at their history at this instance, or have one browser forgotten: each is an event of the audit. */
const LOOK_RATE: Rate = { count: 30, perMs: 60_000 };
/** Of the page to print, and of the file. */
const MAX_PRINTED = 1_000;
const MAX_IN_FILE = 10_000;

export interface HistoryRoutesDependencies extends HistoryDependencies, VisitDependencies {
  readonly issuer: string;
  /** Days for which the audit keeps an event. */
  readonly auditDays: number;
  readonly attempts: Pick<AttemptStore, 'removeConfirmed'>;
  readonly records: VisitDependencies['records'] & OwnLogins['records'] & Pick<RecordStore, 'list'>;
  readonly loginResults: OwnLogins['loginResults'];
  readonly isOutage: OwnLogins['isOutage'];
  readonly knownBrowsers: Pick<
    KnownBrowserStore,
    'listPerson' | 'isToken' | 'forgetPerson' | 'forgetPersonIn'
  >;
  readonly recorder: Audit;
  readonly pages: Pages;
}

const ROUTES = {
  '': { method: 'GET', handle: showHistory },
  '/print': { method: 'GET', handle: showPrintable },
  '/history.json': { method: 'GET', handle: sendFile },
  '/callback': { method: 'GET', handle: receiveLogin },
  '/login': { method: 'POST', handle: startLogin },
  '/forget': { method: 'POST', handle: forget },
  '/logout': { method: 'POST', handle: logOut },
} as const;

type Served = HistoryRoutesDependencies & {
  readonly looks: RateLimiter;
  readonly forgetAll: RateLimiter;
};
type Handle = (dependencies: Served, ctx: WebContext) => Promise<void>;

export function historyRoutes(dependencies: HistoryRoutesDependencies): WebMiddleware {
  const { now } = dependencies;
  const served = {
    ...dependencies,
    looks: createRateLimiter(LOOK_RATE, now),
    forgetAll: createRateLimiter(FORGET_ALL_RATE, now),
  };
  return async (ctx, next) => {
    const route = ctx.path === HISTORY_PATH ? '' : ctx.path.slice(HISTORY_PATH.length);
    if (!ctx.path.startsWith(HISTORY_PATH) || !Object.hasOwn(ROUTES, route)) return next();
    ctx.state.route = 'history';
    const { method, handle }: { method: 'GET' | 'POST'; handle: Handle } =
      ROUTES[route as keyof typeof ROUTES];
    if (method === 'GET') requireRead(ctx);
    else if (ctx.method !== 'POST') {
      // A reload after the visit is over comes here with GET.
      seeOther(ctx, HISTORY_PATH);
      return;
    }
    await handle(served, ctx);
  };
}

async function startLogin(dependencies: HistoryRoutesDependencies, ctx: WebContext): Promise<void> {
  seeOther(ctx, ownAuthorization(dependencies.issuer, keepRequest(dependencies, ctx)));
}

const callbackSchema = z.object({ code: z.string().max(200), state: z.string(), iss: z.string().optional() });

/**
 * Answers with a redirect: the address contains a code, and is not to stay in the browser. Only while the database is away it stays, so
 * that the page can come back by itself, with its request.
 */
async function receiveLogin(dependencies: HistoryRoutesDependencies, ctx: WebContext): Promise<void> {
  const { issuer } = dependencies;
  const request = requestOf(dependencies, ctx);
  const { data: answer } = callbackSchema.safeParse(ctx.query);
  const isAnswer =
    request && answer?.state === request.state && (answer.iss === undefined || answer.iss === issuer);
  const isLoggedIn =
    isAnswer &&
    (await beginVisit(dependencies, ctx, (visit) =>
      redeemOwnCode(dependencies, { issuer, code: answer.code, verifier: request.verifier }, visit),
    ));
  dropRequest(ctx);
  seeOther(ctx, isLoggedIn ? HISTORY_PATH : `${HISTORY_PATH}?login=failed`);
}

async function logOut(dependencies: HistoryRoutesDependencies, ctx: WebContext): Promise<void> {
  await endVisit(dependencies, ctx);
  seeOther(ctx, `${HISTORY_PATH}?login=ended`);
}

async function showHistory(dependencies: Served, ctx: WebContext): Promise<void> {
  const visit = await visitOf(dependencies, ctx);
  if (!visit) {
    drawStart(dependencies, ctx);
    return;
  }
  const number = z.coerce.number().int().min(1).max(1_000).catch(1).parse(ctx.query.page);
  await drawHistory(dependencies, ctx, visit, { number, isPrinted: false });
}

async function showPrintable(dependencies: Served, ctx: WebContext): Promise<void> {
  const visit = await visitOf(dependencies, ctx);
  if (visit) await drawHistory(dependencies, ctx, visit, { number: 1, isPrinted: true });
  else seeOther(ctx, HISTORY_PATH);
}

function drawStart({ pages }: HistoryRoutesDependencies, ctx: WebContext): void {
  const { history, methods } = pages.messagesOf(ctx);
  const { login } = ctx.query;
  const first = login === 'failed' ? [history.notLoggedIn] : login === 'ended' ? [history.loggedOut] : [];
  pages.notice(ctx, 200, {
    heading: history.heading,
    paragraphs: [...first, history.start],
    actions: [{ kind: 'post', href: `${HISTORY_PATH}/login`, text: methods.heading, look: 'primary' }],
    onward: 'back',
  });
}

async function drawHistory(
  dependencies: Served,
  ctx: WebContext,
  { person }: Visit,
  { number, isPrinted }: { readonly number: number; readonly isPrinted: boolean },
): Promise<void> {
  const { pages, knownBrowsers, auditDays } = dependencies;
  const messages = pages.messagesOf(ctx);
  const count = isPrinted ? MAX_PRINTED : PAGE_SIZE;
  const skip = (number - 1) * count;
  const found = await read(dependencies, ctx, person, { skip, count });
  if (!found) return;
  const { logins, total } = found;
  const known = await knownBrowsers.listPerson(person);
  const forgotten = forgottenSchema.parse(ctx.query.forgotten);
  const pageAt = (page: number) => (page === 1 ? HISTORY_PATH : `${HISTORY_PATH}?page=${page}`);
  pages.draw(ctx, 200, 'history', {
    service: undefined,
    path: HISTORY_PATH,
    isPrinted,
    person: person.slice(-4),
    keptText: messages.history.kept(auditDays),
    entries: logins.map((login) => entryOf(login, messages)),
    browsers: known.map((browser) => ({
      id: browser.id,
      since: timeText(browser.createdAt, messages),
      used: timeText(browser.usedAt, messages),
      isThis: isThisBrowser({ knownBrowsers }, ctx, browser.id),
    })),
    forgotten: forgotten && messages.history.forgotten[forgotten],
    newer: number > 1 && !isPrinted ? pageAt(number - 1) : undefined,
    older: skip + count < total && !isPrinted ? pageAt(number + 1) : undefined,
  });
}

async function sendFile(dependencies: Served, ctx: WebContext): Promise<void> {
  const visit = await visitOf(dependencies, ctx);
  if (!visit) {
    seeOther(ctx, HISTORY_PATH);
    return;
  }
  const found = await read(dependencies, ctx, visit.person, { skip: 0, count: MAX_IN_FILE });
  if (!found) return;
  ctx.set('Content-Disposition', 'attachment; filename="logins.json"');
  ctx.type = 'json';
  ctx.body = `${JSON.stringify(documentOf(found, dependencies.auditDays), undefined, 2)}\n`;
}

/** @returns undefined where the person has looked too often, which the page says */
async function read(
  dependencies: Served,
  ctx: WebContext,
  person: string,
  part: { readonly skip: number; readonly count: number },
) {
  const { recorder, pages, looks } = dependencies;
  if (isTooOften(dependencies, ctx, looks, person)) return undefined;
  recorder.record({ event: 'history_shown', person, client: OWN_CLIENT_ID, address: ctx.ip });
  const { language } = pages.messagesOf(ctx);
  return historyOf(dependencies, { person, address: ctx.ip, language }, part);
}

/** Of the address after the form: it decides about a sentence only. */
const forgottenSchema = z.enum(['one', 'all']).optional().catch(undefined);

/** `browser` is an ID in the list of this person, or `all`. */
const forgetSchema = z.object({ browser: z.string().min(1).max(100) });

async function forget(dependencies: Served, ctx: WebContext): Promise<void> {
  const { recorder, looks, forgetAll } = dependencies;
  const visit = await visitOf(dependencies, ctx);
  const { data: form } = forgetSchema.safeParse(ctx.request.body);
  if (!visit || !form) {
    seeOther(ctx, HISTORY_PATH);
    return;
  }
  const { person } = visit;
  const isAll = form.browser === ALL_BROWSERS;
  if (isTooOften(dependencies, ctx, isAll ? forgetAll : looks, person)) return;
  const forgotten = await forgetBrowsers(dependencies, visit, form.browser);
  recorder.record({ event: 'browsers_forgotten', person, ...forgotten });
  seeOther(ctx, `${HISTORY_PATH}?forgotten=${isAll ? 'all' : 'one'}#browsers`);
}

/** Counts it, and says when it is possible again. */
function isTooOften(
  { pages }: HistoryRoutesDependencies,
  ctx: WebContext,
  limiter: RateLimiter,
  person: string,
): boolean {
  const seconds = limiter.take(person);
  if (seconds === 0) return false;
  const { errors, history, action } = pages.messagesOf(ctx);
  ctx.set('Retry-After', String(seconds));
  pages.notice(ctx, 429, {
    heading: errors[429].heading,
    paragraphs: [history.tooOften],
    actions: [{ ...link(HISTORY_PATH, action.tryAgain, 'primary'), waits: true }],
    retryAfter: { seconds, href: HISTORY_PATH },
  });
  return true;
}
