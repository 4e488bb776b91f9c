/**
 * SK's mock device endpoint: a program opens and answers a device link; the document number selects the answer. For
 * Web2App and App2App it then requests the callback with the browser's cookie. (SK's Automated Testing Interface)
 *
 * body → link (device-link.ts) → account → 200; after the delay: answer → callback
 */
import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import { z } from 'zod';
import type { Logger } from '../../log/logger.ts';
import { type Account, isSuitable } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Answers } from '../accounts/answers.ts';
import { isLoopback } from '../accounts/callback.ts';
import { LINK_DEFECTS, readDeviceLink } from './device-link.ts';
import { invalid, Problem } from '../problem.ts';
import { errorDetail } from '../request-members.ts';
import type { Session, Sessions } from '../accounts/sessions.ts';

export interface MockDeviceOptions {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly answers: Answers;
  readonly deviceLinkBase: string;
  readonly fetch: typeof globalThis.fetch;
  readonly now: () => Date;
  readonly log: Logger;
}

const CALLBACK_TIMEOUT_MS = 10_000;

const sameDevice = {
  browserCookie: z
    .string('required in this flow')
    .min(1, 'empty')
    .regex(/^[\x20-\x7e]+$/, 'not a cookie'),
  initialCallbackUrl: z
    .url('required in this flow')
    .refine(
      (text) => URL.canParse(text) && isLoopback(text),
      'not on this machine: only the real mock leaves it',
    ),
};
const documentAndLink = { documentNumber: z.string('missing'), deviceLink: z.string('missing').max(4000) };
const body = z.discriminatedUnion(
  'flowType',
  [
    z.object({ ...documentAndLink, flowType: z.literal('QR') }),
    z.object({ ...documentAndLink, flowType: z.enum(['Web2App', 'App2App']), ...sameDevice }),
  ],
  'missing, or unknown',
);
type MockRequest = z.infer<typeof body>;
const cookieObject = z.record(z.string(), z.string());

export function mockDeviceRoutes(options: MockDeviceOptions): Router {
  const { accounts, sessions, answers, deviceLinkBase, now, log } = options;
  const router = new Router();

  router.post('/mock/device-link', bodyParser({ enableTypes: ['json'], jsonLimit: '16kb' }), (ctx) => {
    if (!ctx.is('application/json')) throw new Problem(415);
    const parsed = body.safeParse(ctx.request.body);
    if (!parsed.success)
      throw invalid(parsed.error.issues.map(({ path, message }) => errorDetail(path, message)));
    const request = parsed.data;

    const reading = { sessions: sessions.all(), deviceLinkBase: deviceLinkBase, now: now() };
    const link = readDeviceLink(request.deviceLink, reading);
    if (link.kind === 'refused') throw wrong('deviceLink', LINK_DEFECTS[link.defect]);
    if (link.linkType !== request.flowType) throw wrong('flowType', 'not the type of the link');
    const account = accountFor(accounts.findDocument(request.documentNumber), link.session);
    if (
      'initialCallbackUrl' in request &&
      request.initialCallbackUrl !== link.session.deviceLink?.initialCallbackUrl
    )
      throw wrong('initialCallbackUrl', 'not the one of the session');

    sessions.open(link.session.id, { linkType: link.linkType, by: 'mock' });
    const session = sessions.assign(link.session.id, account);
    if (session) void answerAndReturn(session, request);
    ctx.status = 200;
    ctx.body = '';
  });

  const answerAndReturn = async (session: Session, request: MockRequest): Promise<void> => {
    const { behaviour } = session.account ?? {};
    if (behaviour?.kind !== 'automated') return;
    await answers.giveLater(session, behaviour.answer);
    const returnTo = sessions.find(session.id)?.completed?.returnTo;
    if (!('browserCookie' in request) || returnTo === undefined) return;
    await callBack(returnTo, request.browserCookie, options).catch((error: unknown) => {
      log.warn({ err: error }, 'the mock device could not call back');
    });
  };

  return router;
}

/** Requests the callback as the browser would. The response is ignored. */
async function callBack(
  address: string,
  cookie: string,
  { fetch, sessions }: MockDeviceOptions,
): Promise<void> {
  const response = await fetch(address, {
    headers: { cookie: cookieHeader(cookie), accept: 'text/html' },
    redirect: 'manual',
    signal: AbortSignal.any([sessions.closing, AbortSignal.timeout(CALLBACK_TIMEOUT_MS)]),
  });
  await response.body?.cancel();
}

/** The cookie may also be a JSON object of names and values. */
function cookieHeader(cookie: string): string {
  if (!cookie.startsWith('{')) return cookie;
  try {
    const pairs = Object.entries(cookieObject.parse(JSON.parse(cookie)));
    return pairs.map(([name, value]) => `${name}=${value}`).join('; ');
  } catch {
    return cookie;
  }
}

function accountFor(account: Account | undefined, { account: owner, ofDocument, request }: Session): Account {
  if (account?.behaviour.kind !== 'automated')
    throw wrong('documentNumber', 'not one of the automated accounts');
  if (owner && owner.identifier !== account.identifier)
    throw wrong('documentNumber', 'the session is another person’s');
  if (owner && ofDocument && owner.documentNumber !== account.documentNumber)
    throw wrong('documentNumber', 'the session is of another document');
  if (!isSuitable(account, request.certificateLevel))
    throw wrong('documentNumber', 'a Basic account, where the session asks for QUALIFIED');
  return account;
}

function wrong(member: string, reason: string): Problem {
  return invalid([errorDetail([member], reason)]);
}
