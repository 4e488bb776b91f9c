/**
 * Makes the resumption of an authorization request repeatable: an instance can die, or the database fail, before the browser has its
 * answer.
 *
 *   not completed yet ─▶ back to the login page
 *   answered          ─▶ the same answer with the same code, for `REPEAT_SECONDS`; then, and where the browser has had the answer, to
 *                        the login page, which says that the login is over
 *   else              ─▶ resume, and store everything by one statement before it is sent: that the interaction is consumed, the answer,
 *                        the code, the session. Of requests at the same time one stores its own, and the others send that
 *
 * The first stored answer is the only one that is ever sent, so that a browser never gets two codes of one login. The browser is the
 * one that `requireBoundBrowser` lets through. For the client a code stays single-use.
 *
 * The answer takes the cookie with which the browser resumes, so that a browser that has had it does not send the code again. An app
 * may not have had it: some browsers follow a redirect to an app only after a tap, so there the cookie stays. (RFC 8252 B.2)
 */
import { isDeepStrictEqual } from 'node:util';
import type { Context } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { z } from 'zod';
import type { Logger } from '../../log/logger.ts';
import { createOutageRetry } from '../../login/outage-retry.ts';
import type { OidcPages } from '../provider/pages.ts';
import { appAddressOf } from '../provider/pages-before-apps.ts';
import type { BrowserBinding } from './browser-binding.ts';
import { namedInteraction } from './resume.ts';
import { loginPath } from '../provider/protocol.ts';
import { isSelfSubmitting } from '../provider/self-submitting-forms.ts';
import type { RequestRecords } from '../records/request-records.ts';
import type { OidcRecord, RecordBatch, RecordWrite, RelatedRecords } from '../stores.ts';

/** How long the answer can be repeated: the lifetime of a code. */
const REPEAT_SECONDS = 60;

/** The model under which answers are stored, sealed like all records, by the uid of the interaction. */
const MODEL = 'ResumptionAnswer';
const HEADERS = ['Location', 'Content-Type', 'Content-Security-Policy', 'Set-Cookie'] as const;

const answerSchema = z.object({
  status: z.int(),
  headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  body: z.string(),
  /** Seconds since the epoch. */
  answeredAt: z.number(),
});

type Answer = z.output<typeof answerSchema>;
type AnswerWrite = RecordWrite & { readonly payload: Answer };
type ResumptionBatch = RecordBatch & { readonly add: AnswerWrite };

export interface RepeatedResumeOptions {
  readonly requests: RequestRecords;
  readonly pages: OidcPages;
  readonly binding: Pick<BrowserBinding, 'has'>;
  /** Name of oidc-provider's cookie with which a browser resumes. */
  readonly resumeCookie: string;
  /** Whether an error of this server made oidc-provider's answer. */
  readonly hasFailed: (ctx: Context) => boolean;
  /** Whether an error says that the database cannot be reached for now. */
  readonly isOutage: (error: unknown) => boolean;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const confirmed = z.object({ result: z.object({ consent: z.object({ grantId: z.string() }) }) });

/**
 * @param uidOf the interaction that a request resumes; undefined for any other request
 */
export function repeatResume(
  uidOf: (ctx: Context) => string | undefined,
  { requests, pages, binding, resumeCookie, hasFailed, isOutage, log, now }: RepeatedResumeOptions,
) {
  const { records } = requests;
  const seconds = () => Math.floor(now() / 1000);
  const throughOutage = createOutageRetry(isOutage);
  return async (ctx: Context, next: () => Promise<void>): Promise<void> => {
    const uid = uidOf(ctx);
    if (uid === undefined) return withoutCookie(ctx, next);
    const found = await records.findRelated('Interaction', uid);
    if (!found) return next();
    const { payload, consumedAt } = found.record;
    if (consumedAt !== undefined) {
      const earlier = await answerOf(uid);
      if (earlier && seconds() - earlier.answeredAt <= REPEAT_SECONDS) send(ctx, earlier);
      else toLoginPage(ctx, uid);
      return;
    }
    if (payload.result === undefined) {
      toLoginPage(ctx, uid);
      return;
    }
    const { batch, stored } = await requests.collect(next, { ...found, record: unlessEnded(found) });
    // Nothing is stored: the next request resumes again.
    if (hasFailed(ctx) || isErrorPage(ctx)) return;
    if (!hasConsumed(ctx)) {
      // A session of another account, which another host can have set, is ended by a form first: it has to be stored for that.
      await records.write(batch);
      return;
    }
    if (appAddressOf(ctx) !== undefined) keepCookie(ctx, resumeCookie);
    const add = answerTo(uid, ctx, payload.exp);
    // A pushed request first: if another interaction has used it, this one is not consumed, and the next request is told why.
    if (await write({ ...batch, consume: batch.consume.toReversed(), add }, stored)) {
      stored();
      return;
    }
    const earlier = await answerOf(uid);
    if (earlier) {
      send(ctx, earlier);
      return;
    }
    // What was not stored is not sent: no code, and no deletion of the cookie with which the browser resumes.
    withdraw(ctx);
    pages.unavailable(ctx);
  };

  /**
   * Whether the batch is stored. Where the database did not confirm it, an equal answer shows that it is.
   *
   * @param stored is called later where the database cannot be asked now, and the batch is stored
   */
  async function write({ add, ...batch }: ResumptionBatch, stored: () => void): Promise<boolean> {
    try {
      return await records.write({ ...batch, add });
    } catch (error) {
      const isStored = async () => isDeepStrictEqual(await answerOf(add.id), add.payload);
      try {
        if (await isStored()) return true;
      } catch {
        void confirmLater(isStored, stored);
      }
      throw error;
    }
  }

  async function confirmLater(isStored: () => Promise<boolean>, stored: () => void): Promise<void> {
    try {
      if (await throughOutage(isStored)) stored();
    } catch (error) {
      log.error({ event: 'code_not_reported', err: error }, 'a code may have been issued without a report');
    }
  }

  /** The interaction, or where its login was ended before the browser came back (`../remembered/forget-person.ts`), with a refusal. */
  function unlessEnded({ record, grant }: RelatedRecords): OidcRecord {
    const { payload } = record;
    if (grant || !confirmed.safeParse(payload).success) return record;
    return {
      payload: { ...payload, result: { error: 'access_denied', error_description: 'the login was ended' } },
    };
  }

  function answerTo(uid: string, ctx: Context, exp: unknown): AnswerWrite {
    const payload = { ...readResponse(ctx), answeredAt: seconds() };
    return { model: MODEL, id: uid, payload, keys: {}, expiresAt: Number(exp) };
  }

  async function answerOf(uid: string): Promise<Answer | undefined> {
    const record = await records.find(MODEL, uid);
    return record && answerSchema.parse(record.payload);
  }

  /** Another tab of the browser that has had the answer; or a link that was followed once more. */
  async function withoutCookie(ctx: Context, next: () => Promise<void>): Promise<void> {
    const uid = namedInteraction(ctx);
    if (uid !== undefined && binding.has(ctx.req, uid) && (await answerOf(uid))) toLoginPage(ctx, uid);
    else await next();
  }
}

function toLoginPage(ctx: Context, uid: string): void {
  ctx.status = 303;
  ctx.redirect(`${loginPath(uid)}/wait`);
}

/** Leaves a cookie, with its signature, as the browser has it. */
function keepCookie(ctx: Context, name: string): void {
  const lines = [ctx.res.getHeader('Set-Cookie') ?? []].flat().map(String);
  const isOther = (line: string) => ![`${name}=`, `${name}.sig=`].some((start) => line.startsWith(start));
  ctx.set('Set-Cookie', lines.filter(isOther));
}

function isErrorPage(ctx: Context): boolean {
  return ctx.status >= 400 && !isSelfSubmitting(ctx);
}

/** Whether the request has consumed the interaction: oidc-provider sets the parameters after that. */
function hasConsumed(ctx: Context): boolean {
  const { oidc } = ctx as Context & Partial<Pick<KoaContextWithOIDC, 'oidc'>>;
  return (oidc as { readonly params?: object } | undefined)?.params !== undefined;
}

function readResponse(ctx: Context): Omit<Answer, 'answeredAt'> {
  const headers = HEADERS.flatMap((name): [string, string | string[]][] => {
    const value = ctx.res.getHeader(name);
    return value === undefined ? [] : [[name, typeof value === 'number' ? String(value) : value]];
  });
  return {
    status: ctx.status,
    headers: Object.fromEntries(headers),
    body: typeof ctx.body === 'string' ? ctx.body : '',
  };
}

function send(ctx: Context, { status, headers, body }: Answer): void {
  withdraw(ctx);
  ctx.status = status;
  ctx.body = body;
  ctx.set(headers);
}

function withdraw(ctx: Context): void {
  for (const name of HEADERS) ctx.remove(name);
}
