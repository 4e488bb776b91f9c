/**
 * RP API v3 as relying parties call it: notification authentication and the session's status.
 *
 * content type → address → body (request-validation.ts) → account (accounts.ts) → session → answer
 */
import { bodyParser } from '@koa/bodyparser';
import Router, { type RouterContext } from '@koa/router';
import { z } from 'zod';
import type { Logger } from '../log/logger.ts';
import { type Account, findAccount, findDocument } from './accounts.ts';
import type { Answers } from './answers.ts';
import { Problem } from './problem.ts';
import { invalid, readAuthenticationRequest } from './request-validation.ts';
import type { Session, Sessions } from './sessions.ts';

export interface RpApiOptions {
  readonly sessions: Sessions;
  readonly answers: Answers;
  /** How a person with a Basic account only is refused: 471 before 3.2, 404 with a code since. */
  readonly answersLike: '3.1' | '3.2';
  readonly log: Logger;
}

const DEFAULT_TIMEOUT_MS = 60_500;
const SEMANTICS_IDENTIFIER = /^[A-Z]{3}[A-Z]{2}-[A-Za-z0-9-]{1,40}$/;
const timeout = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number)
  .refine((ms) => ms >= 1_000 && ms <= 120_000);

export function rpApiV3Routes({ sessions, answers, answersLike, log }: RpApiOptions): Router {
  const router = new Router({ prefix: '/smart-id-rp/v3' });
  router.use(bodyParser({ enableTypes: ['json'], jsonLimit: '64kb' }));

  router.post('/authentication/notification/etsi/:identifier', (ctx) => {
    const { identifier = '' } = ctx.params;
    if (!SEMANTICS_IDENTIFIER.test(identifier)) {
      throw invalidParameter('id-etsi-qcs-SemanticsId-Natural', 'not a semantics identifier');
    }
    authenticate(ctx, findAccount(identifier));
  });

  router.post('/authentication/notification/document/:documentNumber', (ctx) => {
    authenticate(ctx, findDocument(ctx.params.documentNumber ?? ''));
  });

  router.get('/session/:sessionID', async (ctx) => {
    const { sessionID = '' } = ctx.params;
    if (!z.guid().safeParse(sessionID).success) throw invalidParameter('sessionID', 'not a UUID');
    const timeoutMs = readTimeout(ctx.query.timeoutMs);
    if (!sessions.find(sessionID)) throw new Problem(404);

    const gone = new AbortController();
    ctx.res.once('close', () => {
      gone.abort();
    });
    await sessions.untilComplete(sessionID, timeoutMs, gone.signal);
    const session = sessions.find(sessionID);
    if (!session) throw new Problem(404);
    ctx.body = statusBody(session);
  });

  const authenticate = (ctx: RouterContext, account: Account | undefined) => {
    if (!ctx.is('application/json')) throw new Problem(415);
    const request = readAuthenticationRequest(ctx.request.body);
    const [interaction] = request.offered;
    if (!account || !interaction) throw new Problem(404);
    const { behaviour } = account;
    if (behaviour.kind === 'refused') throw new Problem(behaviour.status);
    if (account.level === 'ADVANCED' && request.certificateLevel === 'QUALIFIED')
      throw noSuitableAccount(answersLike);

    const session = sessions.start(account, request, interaction);
    if (behaviour.kind === 'automated') answers.giveLater(session, behaviour.answer);
    log.debug({ answeredBy: behaviour.kind, certificateLevel: request.certificateLevel }, 'session created');
    ctx.body = { sessionID: session.id };
  };

  return router;
}

function statusBody({ completed, request }: Session): object {
  const status = completed ? completed.status : { state: 'RUNNING' };
  const { ignoredProperties } = request;
  return completed && ignoredProperties.length > 0 ? { ...status, ignoredProperties } : status;
}

function noSuitableAccount(answersLike: '3.1' | '3.2'): Problem {
  if (answersLike === '3.1') return new Problem(471);
  const detail = 'No suitable account of requested type found, but user has some other accounts';
  return new Problem(404, { errors: [{ code: 'NO_SUITABLE_ACCOUNT_FOUND', detail }] });
}

function readTimeout(value: string | string[] | undefined): number {
  if (value === undefined) return DEFAULT_TIMEOUT_MS;
  const parsed = timeout.safeParse(value);
  if (!parsed.success) throw invalidParameter('timeoutMs', 'not a number of 1000 to 120000');
  return parsed.data;
}

/** A parameter of the address, which has no JSON pointer. */
function invalidParameter(paramName: string, reason: string): Problem {
  return invalid([{ detail: `Invalid ${paramName}: ${reason}`, paramName }]);
}
