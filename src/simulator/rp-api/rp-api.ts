/** What both RP API versions share: accounts in the URL, the session's status, automated answers. */
import { bodyParser } from '@koa/bodyparser';
import Router, { type RouterContext } from '@koa/router';
import { z } from 'zod';
import { type Account, isSuitable } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Answers } from '../accounts/answers.ts';
import type { AuthenticationRequest } from '../accounts/authentication-request.ts';
import { invalidParameter, Problem } from '../problem.ts';
import type { Session, Sessions } from '../accounts/sessions.ts';

const DEFAULT_TIMEOUT_MS = 60_500;
const SEMANTICS_IDENTIFIER = /^[A-Z]{3}[A-Z]{2}-[A-Za-z0-9-]{1,40}$/;
const timeout = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number)
  .refine((ms) => ms >= 1_000 && ms <= 120_000);

/** A router for one API version; it does not show sessions of the other version. */
export function rpApiRouter(api: AuthenticationRequest['api'], sessions: Sessions): Router {
  const router = new Router({ prefix: `/smart-id-rp/${api}` });
  router.use(bodyParser({ enableTypes: ['json'], jsonLimit: '64kb' }));

  const find = (id: string): Session => {
    const session = sessions.find(id);
    if (session?.request.api !== api) throw new Problem(404);
    return session;
  };
  router.get('/session/:sessionID', async (ctx) => {
    const { sessionID = '' } = ctx.params;
    if (!z.guid().safeParse(sessionID).success) throw invalidParameter('sessionID', 'not a UUID');
    const timeoutMs = readTimeout(ctx.query.timeoutMs);
    const { id } = find(sessionID);

    const disconnected = new AbortController();
    ctx.res.once('close', () => {
      disconnected.abort();
    });
    await sessions.untilComplete(id, timeoutMs, disconnected.signal);
    ctx.body = statusBody(find(id));
  });
  return router;
}

/** The unvalidated body of a request. @throws {Problem} 415 if it is not JSON */
export function jsonBody(ctx: RouterContext): unknown {
  if (!ctx.is('application/json')) throw new Problem(415);
  return ctx.request.body;
}

/**
 * The accounts in the URL: all of a person, or that of a document; none if they do not exist.
 *
 * @throws {Problem} 400 for a malformed identifier
 */
export function accountsInAddress(ctx: RouterContext, accounts: Accounts): readonly Account[] {
  const { identifier, documentNumber = '' } = ctx.params;
  if (identifier === undefined) {
    const account = accounts.findDocument(documentNumber);
    return account ? [account] : [];
  }
  if (!SEMANTICS_IDENTIFIER.test(identifier))
    throw invalidParameter('id-etsi-qcs-SemanticsId-Natural', 'not a semantics identifier');
  return accounts.ofPerson(identifier);
}

/**
 * The first suitable account.
 *
 * @throws {Problem} 404 without an account, its refusal status, or `unsuitable` if the level of all is too low
 */
export function requireAccount(
  found: readonly Account[],
  { certificateLevel }: AuthenticationRequest,
  unsuitable: () => Problem,
): Account {
  if (found.length === 0) throw new Problem(404);
  const account = found.find((one) => isSuitable(one, certificateLevel));
  if (!account) throw unsuitable();
  if (account.behaviour.kind === 'refused') throw new Problem(account.behaviour.status);
  return account;
}

/** Sends the notification: an automated account answers after the delay. */
export function notify(session: Session, answers: Answers): void {
  const { behaviour } = session.account ?? {};
  if (behaviour?.kind === 'automated') void answers.giveLater(session, behaviour.answer);
}

function statusBody({ completed, request }: Session): object {
  if (!completed) return { state: 'RUNNING' };
  const { ignoredProperties } = request;
  return ignoredProperties.length > 0 ? { ...completed.status, ignoredProperties } : completed.status;
}

function readTimeout(value: string | string[] | undefined): number {
  if (value === undefined) return DEFAULT_TIMEOUT_MS;
  const parsed = timeout.safeParse(value);
  if (!parsed.success) throw invalidParameter('timeoutMs', 'not a number of 1000 to 120000');
  return parsed.data;
}
