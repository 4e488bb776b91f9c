/**
 * The routes of RP API v3: authentication by notification and by device link, and the session's status.
 *
 * content type → address → body (request-validation.ts) → account (accounts.ts) → session → answer
 */
import type Router from '@koa/router';
import type { RouterContext } from '@koa/router';
import type { Logger } from '../../log/logger.ts';
import type { Account } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Answers } from '../accounts/answers.ts';
import { createDeviceLink } from '../phone/device-link.ts';
import { Problem } from '../problem.ts';
import type { RelyingPartyRights } from '../request-members.ts';
import { readDeviceLinkRequest, readNotificationRequest } from './request-validation.ts';
import { accountsInAddress, jsonBody, notify, requireAccount, rpApiRouter } from './rp-api.ts';
import type { Sessions } from '../accounts/sessions.ts';

export interface RpApiV3Options {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly answers: Answers;
  readonly rights: RelyingPartyRights;
  /** The refusal of a person with only a Basic account: 471 before 3.2, 404 with a code since. */
  readonly answersLike: '3.1' | '3.2';
  /** The address of device links without their parameters. */
  readonly deviceLinkBase: string;
  readonly log: Logger;
}

export function rpApiV3Routes({
  accounts,
  sessions,
  answers,
  rights,
  answersLike,
  deviceLinkBase,
  log,
}: RpApiV3Options): Router {
  const router = rpApiRouter('v3', sessions);
  const unsuitable = () => noSuitableAccount(answersLike);

  const byNotification = (ctx: RouterContext) => {
    const found = accountsInAddress(ctx, accounts);
    const request = readNotificationRequest(jsonBody(ctx), rights);
    const session = sessions.start({ account: requireAccount(found, request, unsuitable), request });
    notify(session, answers);
    log.debug({ certificateLevel: request.certificateLevel }, 'notification session created');
    ctx.body = { sessionID: session.id };
  };
  router.post('/authentication/notification/etsi/:identifier', byNotification);
  router.post('/authentication/notification/document/:documentNumber', byNotification);

  const byDeviceLink = (ctx: RouterContext, whose: 'anybody' | { found: readonly Account[] }) => {
    const request = readDeviceLinkRequest(jsonBody(ctx), rights);
    const account = whose === 'anybody' ? undefined : requireAccount(whose.found, request, unsuitable);
    const deviceLink = createDeviceLink(request.initialCallbackUrl);
    const ofDocument = ctx.params.documentNumber !== undefined;
    const { id } = sessions.start({ account, request, deviceLink, ofDocument });
    log.debug({ certificateLevel: request.certificateLevel }, 'device link session created');
    const { sessionToken, sessionSecret } = deviceLink;
    ctx.body = { sessionID: id, sessionToken, sessionSecret, deviceLinkBase: deviceLinkBase };
  };
  router.post('/authentication/device-link/anonymous', (ctx) => {
    byDeviceLink(ctx, 'anybody');
  });
  router.post(
    ['/authentication/device-link/etsi/:identifier', '/authentication/device-link/document/:documentNumber'],
    (ctx) => {
      byDeviceLink(ctx, { found: accountsInAddress(ctx, accounts) });
    },
  );

  return router;
}

function noSuitableAccount(answersLike: '3.1' | '3.2'): Problem {
  if (answersLike === '3.1') return new Problem(471);
  const detail = 'No suitable account of requested type found, but user has some other accounts';
  return new Problem(404, { errors: [{ code: 'NO_SUITABLE_ACCOUNT_FOUND', detail }] });
}
