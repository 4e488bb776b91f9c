/**
 * The virtual phone: shows a waiting request as the Smart-ID app would, and answers it as its owner says.
 *
 * request → first screen of its interaction (confirm, or pick the code) → PIN1 → answer. Plain forms; the script only
 * brings a new request onto the screen by itself and adds the keypad.
 */
import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { z } from 'zod';
import type { Answers } from './answers.ts';
import { phonePage, type Screen } from './phone-page.ts';
import { Problem } from './problem.ts';
import type { Session, Sessions } from './sessions.ts';
import { codeChoices, verificationCode } from './verification-code.ts';

export interface PhoneOptions {
  readonly sessions: Sessions;
  readonly answers: Answers;
  readonly now: () => Date;
}

const form = z.object({
  action: z.enum(['confirm', 'cancel']).optional(),
  code: z.string().max(4).optional(),
  pin: z.string().max(100).optional(),
});
type Form = z.infer<typeof form>;

const PIN1 = /^\d{4,12}$/;
const ASSETS = ['phone.css', 'phone.js', 'phone.svg'] as const;
const HEARTBEAT_MS = 15_000;
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  // Not no-referrer: with that, browsers send `Origin: null` with the page's own forms.
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
};

export function phoneRoutes({ sessions, answers, now }: PhoneOptions): Router {
  const router = new Router();
  /** Requests whose first screen was confirmed; what is left of them is PIN1. */
  const confirmed = new Set<string>();

  const waiting = () => sessions.all().filter(({ account, completed }) => isOnPhone(account) && !completed);
  const show = (ctx: Context, error?: string) => {
    const [session, ...others] = waiting();
    for (const id of confirmed) if (!sessions.find(id)) confirmed.delete(id);
    ctx.set(SECURITY_HEADERS);
    ctx.type = 'text/html';
    ctx.body = phonePage({
      screen: session ? screenOf(session, confirmed.has(session.id)) : { kind: 'idle' },
      others: others.length,
      all: sessions.all(),
      now: now(),
      error,
    }).text;
  };

  router.get('/', (ctx) => {
    show(ctx);
  });

  router.post(
    '/requests/:id',
    refuseOtherSites,
    bodyParser({ enableTypes: ['form'], formLimit: '4kb' }),
    async (ctx) => {
      const parsed = form.safeParse(ctx.request.body);
      if (!parsed.success) throw new Problem(400);
      const session = waiting().find(({ id }) => id === ctx.params.id);
      // Answered or timed out meanwhile: the page says so.
      if (session) {
        const error = await answer(session, parsed.data);
        if (error !== undefined) {
          ctx.status = 422;
          show(ctx, error);
          return;
        }
      }
      ctx.status = 303;
      ctx.redirect('/');
    },
  );

  /** Takes one request a screen further; a text when the person has to correct something. */
  const answer = async (session: Session, { action, code, pin }: Form): Promise<string | undefined> => {
    const screen = screenOf(session, confirmed.has(session.id));
    if (action === 'cancel') {
      // PIN1 after another screen is not the interaction any more. (RP API 3.2, end results)
      const afterInteraction = confirmed.has(session.id);
      await answers.give(
        session,
        afterInteraction
          ? { endResult: 'USER_REFUSED' }
          : { endResult: 'USER_REFUSED_INTERACTION', interaction: session.interaction.type },
      );
    } else if (screen.kind === 'confirm' && action === 'confirm') {
      confirmed.add(session.id);
    } else if (screen.kind === 'codes' && code !== undefined) {
      if (code === verificationCode(session.request.rpChallenge)) confirmed.add(session.id);
      else await answers.give(session, { endResult: 'WRONG_VC' });
    } else if (screen.kind === 'pin' && action === 'confirm') {
      if (!PIN1.test(pin ?? '')) return 'Type 4 to 12 digits. Any will do.';
      await answers.give(session, { endResult: 'OK' });
    }
    return undefined;
  };

  router.get('/events', (ctx) => {
    const stream = new PassThrough();
    const stop = sessions.onChange(() => stream.write('data: changed\n\n'));
    // A comment now and then, so that a vanished browser is noticed.
    const heartbeat = setInterval(() => stream.write(':\n\n'), HEARTBEAT_MS);
    const end = () => stream.end();
    sessions.closing.addEventListener('abort', end);
    ctx.res.once('close', () => {
      stop();
      clearInterval(heartbeat);
      sessions.closing.removeEventListener('abort', end);
    });
    ctx.set(SECURITY_HEADERS);
    ctx.type = 'text/event-stream';
    // Kept alive, the connection would outlive the events and hold a closing server open.
    ctx.res.shouldKeepAlive = false;
    ctx.body = stream;
    stream.write('retry: 1000\n\n');
  });

  for (const name of ASSETS) {
    const content = readFileSync(new URL(`assets/${name}`, import.meta.url));
    router.get(`/assets/${name}`, (ctx) => {
      ctx.set({ ...SECURITY_HEADERS, 'cache-control': 'no-cache' });
      ctx.type = name;
      ctx.body = content;
    });
  }
  return router;
}

function isOnPhone({ behaviour }: Session['account']): boolean {
  return behaviour.kind === 'phone';
}

function screenOf(session: Session, confirmed: boolean): Screen {
  const code = verificationCode(session.request.rpChallenge);
  if (confirmed) return { kind: 'pin', session, code };
  switch (session.interaction.type) {
    case 'displayTextAndPIN':
      return { kind: 'pin', session, code };
    case 'confirmationMessage':
      return { kind: 'confirm', session, code };
    case 'confirmationMessageAndVerificationCodeChoice':
      return { kind: 'codes', session, codes: codeChoices(code, session.id) };
  }
}

/** Another site's page must not press Confirm. Browsers say where a post comes from; other programs need not. */
const refuseOtherSites: Middleware = async (ctx, next) => {
  const origin = ctx.get('origin');
  const site = ctx.get('sec-fetch-site');
  if (origin !== '' && origin !== `http://${ctx.host}`) throw new Problem(403);
  if (site !== '' && site !== 'same-origin' && site !== 'none') throw new Problem(403);
  await next();
};
