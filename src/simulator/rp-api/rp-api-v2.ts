/**
 * The routes of RP API v2: notifications only, and the app signs the received hash.
 *
 * An identical request within 15 seconds returns the session of the first one; a different `nonce` prevents this. (RP API
 * v2, Idempotent behaviour)
 */
import { createHash } from 'node:crypto';
import type Router from '@koa/router';
import type { RouterContext } from '@koa/router';
import type { Logger } from '../../log/logger.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Answers } from '../accounts/answers.ts';
import { Problem } from '../problem.ts';
import type { RelyingPartyRights } from '../request-members.ts';
import { readHashRequest } from './request-validation-v2.ts';
import { accountsInAddress, jsonBody, notify, requireAccount, rpApiRouter } from './rp-api.ts';
import type { Sessions } from '../accounts/sessions.ts';

export interface RpApiV2Options {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly answers: Answers;
  readonly rights: RelyingPartyRights;
  readonly now: () => Date;
  readonly log: Logger;
}

const REPEATABLE_MS = 15_000;

export function rpApiV2Routes({ accounts, sessions, answers, rights, now, log }: RpApiV2Options): Router {
  const router = rpApiRouter('v2', sessions);
  /** Session IDs by fingerprint of the request. */
  const recent = new Map<string, string>();

  const repeated = (fingerprint: string): string | undefined => {
    for (const [key, id] of recent) {
      const startedAt = sessions.find(id)?.startedAt.getTime() ?? 0;
      if (now().getTime() - startedAt >= REPEATABLE_MS) recent.delete(key);
    }
    return recent.get(fingerprint);
  };

  const authenticate = (ctx: RouterContext) => {
    const found = accountsInAddress(ctx, accounts);
    const json = jsonBody(ctx);
    const request = readHashRequest(json, rights);
    const account = requireAccount(found, request, () => new Problem(471));
    const fingerprint = createHash('sha256')
      .update(`${ctx.path} ${JSON.stringify(json)}`)
      .digest('base64');
    let sessionID = repeated(fingerprint);
    if (sessionID === undefined) {
      const session = sessions.start({ account, request });
      sessionID = session.id;
      recent.set(fingerprint, sessionID);
      notify(session, answers);
      log.debug({ certificateLevel: request.certificateLevel }, 'session created by RP API v2');
    }
    ctx.body = { sessionID };
  };
  router.post('/authentication/etsi/:identifier', authenticate);
  router.post('/authentication/document/:documentNumber', authenticate);

  return router;
}
