/**
 * The virtual phone: shows a waiting request as the Smart-ID app does, and sends the person's answer.
 *
 *   GET /            the waiting request, if any (GET /scan: none)
 *   GET /device-link a device link that was opened or scanned ─┐
 *   POST /device-link …or pasted ──────────────────────────────┴▶ GET /requests/:id ▶ POST … ▶ answer
 *                                                                   after Web2App ▶ the callback, with its proofs
 *
 * Like the app, it opens the callback only after a success; a cancelled login ends on the phone. The forms work without
 * the script, which shows new requests without a reload and adds the keypad.
 */
import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import type { Context } from 'koa';
import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { z } from 'zod';
import type { Accounts } from '../accounts/accounts.ts';
import type { Answers } from '../accounts/answers.ts';
import { type LinkDefect, readDeviceLink } from './device-link.ts';
import { refuseOtherSites, securityHeaders } from '../page-security.ts';
import { phonePage } from './phone-page.ts';
import { createPhoneSteps, phoneForm } from './phone-steps.ts';
import { Problem } from '../problem.ts';
import type { Session, Sessions } from '../accounts/sessions.ts';

export interface PhoneOptions {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly answers: Answers;
  readonly deviceLinkBase: string;
  readonly now: () => Date;
}

const pasteForm = z.object({ link: z.string().trim().max(4000) });
const formBody = bodyParser({ enableTypes: ['form'], formLimit: '8kb' });
const ASSETS = ['phone.css', 'phone.js', 'phone.svg'] as const;
const HEARTBEAT_MS = 15_000;

export function phoneRoutes({ accounts, sessions, answers, deviceLinkBase, now }: PhoneOptions): Router {
  const router = new Router();
  const steps = createPhoneSteps({ accounts, sessions, answers });

  const show = (ctx: Context, session: Session | undefined, error?: string, defect?: LinkDefect) => {
    const waiting = steps.waiting();
    const place = waiting.findIndex(({ id }) => id === session?.id);
    ctx.set(headersFor(session));
    ctx.type = 'text/html';
    ctx.body = phonePage({
      screen: screen(session, defect),
      older: place < 0 ? 0 : waiting.length - place - 1,
      all: sessions.all(),
      groups: accounts.groups(),
      now: now(),
      error,
      still: ctx.path !== '/',
    }).text;
  };
  const screen = (session: Session | undefined, defect: LinkDefect | undefined) => {
    if (defect) return { kind: 'wrong_link', defect } as const;
    return session ? steps.screenOf(session) : ({ kind: 'idle' } as const);
  };
  /** Finds a session that is on this phone: a notification for it, or a device link that was opened on it. */
  const find = (id: string | undefined) => {
    const session = sessions.find(id ?? '');
    if (session?.deviceLink) return session.opened?.by === 'phone' ? session : undefined;
    return session?.account?.behaviour.kind === 'phone' ? session : undefined;
  };

  router.get('/', (ctx) => {
    show(ctx, steps.waiting()[0]);
  });

  router.get('/scan', (ctx) => {
    show(ctx, undefined);
  });

  router.get('/requests/:id', (ctx) => {
    const session = find(ctx.params.id);
    if (session) show(ctx, session);
    else ctx.redirect('/');
  });

  router.post('/requests/:id', refuseOtherSites, formBody, async (ctx) => {
    const parsed = phoneForm.safeParse(ctx.request.body);
    if (!parsed.success) throw new Problem(400);
    const before = find(ctx.params.id);
    const error = before && (await steps.submit(before, parsed.data));
    // Read the session again: it may have been answered or timed out.
    const session = find(ctx.params.id);
    if (error !== undefined) {
      ctx.status = 422;
      show(ctx, session, error);
      return;
    }
    ctx.set(headersFor(session));
    ctx.status = 303;
    ctx.redirect(session?.completed?.returnTo ?? (session?.deviceLink ? `/requests/${session.id}` : '/'));
  });

  const open = (ctx: Context, text: string, statusIfWrong: number) => {
    const reading = { sessions: sessions.all(), deviceLinkBase: deviceLinkBase, now: now() };
    const link = readDeviceLink(text, reading);
    if (link.kind === 'refused') {
      ctx.status = statusIfWrong;
      show(ctx, undefined, undefined, link.defect);
      return;
    }
    sessions.open(link.session.id, { linkType: link.linkType, by: 'phone' });
    ctx.set(headersFor(link.session));
    ctx.status = 303;
    ctx.redirect(`/requests/${link.session.id}`);
  };
  // Use the query string unchanged: the authCode covers its exact bytes.
  router.get('/device-link', (ctx) => {
    open(ctx, `${deviceLinkBase}?${ctx.querystring}`, 400);
  });
  router.post('/device-link', refuseOtherSites, formBody, (ctx) => {
    const parsed = pasteForm.safeParse(ctx.request.body);
    if (!parsed.success) throw new Problem(400);
    open(ctx, parsed.data.link, 422);
  });

  router.get('/events', (ctx) => {
    const stream = new PassThrough();
    const stop = sessions.onChange(() => stream.write('data: changed\n\n'));
    // Periodic comments detect a lost connection.
    const heartbeat = setInterval(() => stream.write(':\n\n'), HEARTBEAT_MS);
    const end = () => stream.end();
    sessions.closing.addEventListener('abort', end);
    ctx.res.once('close', () => {
      stop();
      clearInterval(heartbeat);
      sessions.closing.removeEventListener('abort', end);
    });
    ctx.set(securityHeaders());
    ctx.type = 'text/event-stream';
    // A keep-alive connection would outlive the stream and keep a closing server open.
    ctx.res.shouldKeepAlive = false;
    ctx.body = stream;
    stream.write('retry: 1000\n\n');
  });

  for (const name of ASSETS) {
    const content = readFileSync(new URL(`../assets/${name}`, import.meta.url));
    router.get(`/assets/${name}`, (ctx) => {
      ctx.set({ ...securityHeaders(), 'cache-control': 'no-cache' });
      ctx.type = name;
      ctx.body = content;
    });
  }
  return router;
}

/** Browsers apply form-action to redirects too, and Confirm may redirect to the session's callback. */
function headersFor(session?: Session): Record<string, string> {
  const callback =
    session?.opened && session.opened.linkType !== 'QR' ? session.deviceLink?.initialCallbackUrl : undefined;
  return securityHeaders(callback === undefined ? undefined : new URL(callback).origin);
}
