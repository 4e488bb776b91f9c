/**
 * The answer “stay logged in” to the question of a logout: the form without `logout`. Nothing changes, and a page says so.
 *
 *   POST /logout/confirm ┬ with `logout` ─▶ oidc-provider ends the login
 *                        └ without ─ xsrf of a login of this browser ─▶ page
 *
 * oidc-provider never gets such a form: it would revoke the tokens of the client that has asked, and report a logout to the audit,
 * to the remembered login and to the person.
 */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Context } from 'koa';
import type { Client } from 'oidc-provider';
import type Provider from 'oidc-provider';
import { equalInConstantTime } from '../../constant-time.ts';
import { ENDPOINTS } from '../endpoints.ts';
import { type BrowserLogins, sessionOfLogin } from './browser-logins.ts';
import { askedAbout } from './logout-choice.ts';

/** oidc-provider matches routes case-insensitively, and with or without a slash at the end. */
const CONFIRMATION = new RegExp(`^${ENDPOINTS.end_session}/confirm/?$`, 'i');
/** Several times the size of the form. */
const MAX_BYTES = 4 * 1024;

export interface StayAnswers {
  /** @param client of the login; undefined if it does not exist any more */
  stillLoggedIn(ctx: Context, client: Client | undefined): void;
  /** The form is not one that Sild has written for a login of this browser. */
  refused(ctx: Context): void;
}

/** Middleware. */
export function answerStay(provider: Provider, logins: BrowserLogins, answers: StayAnswers) {
  return async (ctx: Context, next: () => Promise<void>): Promise<void> => {
    if (ctx.method !== 'POST' || !CONFIRMATION.test(ctx.path)) return next();
    const form = await peekForm(ctx.req);
    // oidc-provider treats a parameter without a value as absent, and refuses a repeated one.
    if (form.getAll('logout').some((value) => value !== '')) return next();
    const session = await sessionOfForm(ctx, form.get('xsrf') ?? '');
    if (!session) {
      answers.refused(ctx);
      return;
    }
    const [clientId = ''] = Object.keys(session.authorizations ?? {});
    answers.stillLoggedIn(ctx, await provider.Client.find(clientId));
  };

  async function sessionOfForm(ctx: Context, xsrf: string) {
    const login = askedAbout(ctx, logins);
    const session = login && (await sessionOfLogin(provider, login));
    const secret = session?.state?.secret;
    return typeof secret === 'string' && equalInConstantTime(secret, xsrf) ? session : undefined;
  }
}

/**
 * The form of a request, whose body remains for oidc-provider to read. Empty where the body is larger than any form of the question,
 * or does not come completely; such a body must not be passed on.
 */
async function peekForm(req: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Until the request has come completely: once its stream has told its end, nothing could be put back.
  while (!req.complete || req.readableLength > 0) {
    const chunk = req.read() as Buffer | null;
    if (chunk === null) {
      const hasMore = await once(req, 'readable').catch(() => undefined);
      if (hasMore) continue;
      return new URLSearchParams();
    }
    bytes += chunk.length;
    if (bytes > MAX_BYTES) return new URLSearchParams();
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  req.unshift(body);
  return new URLSearchParams(body.toString());
}
