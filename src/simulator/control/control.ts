/**
 * The control API: JSON for the tests of others, which answer requests without the virtual phone's page.
 *
 *   GET  /control/requests           the requests that wait
 *   GET  /control/requests/:id       one request, also after it was answered
 *   POST /control/requests/:id       { action: confirm | refuse | choose | wait, … }
 *   POST /control/device-links       { link, … } opens a device link, as the app does
 *   GET  /control/accounts           all accounts; POST adds one
 *   GET  /control/delays             all delays; POST changes those that are given
 *
 * Like the pages, it takes no requests from other sites' pages.
 */
import { bodyParser } from '@koa/bodyparser';
import Router, { type RouterContext } from '@koa/router';
import { z } from 'zod';
import type { Accounts } from '../accounts/accounts.ts';
import type { Answers } from '../accounts/answers.ts';
import type { Sessions } from '../accounts/sessions.ts';
import type { Delays } from '../delays.ts';
import { LINK_DEFECTS, readDeviceLink } from '../phone/device-link.ts';
import { refuseOtherSites, securityHeaders } from '../page-security.ts';
import { invalid, Problem } from '../problem.ts';
import { errorDetail } from '../request-members.ts';
import { accountBody, describeAccount, newAccount } from './new-account.ts';
import { answerBody, answerRequest, assignAccount } from './request-answer.ts';
import { describeRequest } from './request-description.ts';

export interface ControlOptions {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly answers: Answers;
  readonly delays: Delays;
  readonly deviceLinkBase: string;
  readonly now: () => Date;
}

const milliseconds = z.int().min(0).max(600_000);
const delaysBody = z
  .strictObject({
    answerMs: milliseconds,
    slowMs: milliseconds,
    sessionSeconds: z.number().positive().max(600),
  })
  .partial();
const deviceLinkBody = z.strictObject({
  link: z.string('missing').max(4000),
  account: z.string().max(100).optional(),
});

export function controlRoutes(options: ControlOptions): Router {
  const { accounts, sessions, delays, deviceLinkBase, now } = options;
  const router = new Router({ prefix: '/control' });
  router.use(
    refuseOtherSites,
    bodyParser({ enableTypes: ['json'], jsonLimit: '64kb' }),
    async (ctx, next) => {
      ctx.set(securityHeaders());
      await next();
    },
  );

  const requireSession = (id = '') => {
    const session = sessions.find(id);
    if (!session) throw new Problem(404);
    return session;
  };

  router.get('/requests', (ctx) => {
    const waiting = sessions.all().filter(({ completed }) => !completed);
    ctx.body = { requests: waiting.map(describeRequest) };
  });
  router.get('/requests/:id', (ctx) => {
    ctx.body = describeRequest(requireSession(ctx.params.id));
  });
  router.post('/requests/:id', async (ctx) => {
    const session = requireSession(ctx.params.id);
    await answerRequest(session, readJson(ctx, answerBody), options);
    ctx.body = describeRequest(requireSession(session.id));
  });

  router.post('/device-links', (ctx) => {
    const { link, account } = readJson(ctx, deviceLinkBody);
    const opened = readDeviceLink(link, { sessions: sessions.all(), deviceLinkBase, now: now() });
    if (opened.kind === 'refused') throw invalid([errorDetail(['link'], LINK_DEFECTS[opened.defect])]);
    if (account !== undefined) assignAccount(opened.session, account, options);
    sessions.open(opened.session.id, { linkType: opened.linkType, by: 'phone' });
    ctx.body = describeRequest(requireSession(opened.session.id));
  });

  router.get('/accounts', (ctx) => {
    ctx.body = { accounts: accounts.groups().flatMap((group) => group.accounts.map(describeAccount)) };
  });
  router.post('/accounts', (ctx) => {
    const account = newAccount(readJson(ctx, accountBody));
    if (!accounts.add(account))
      throw new Problem(409, { detail: `${account.documentNumber} is one of the simulator's own accounts` });
    ctx.status = 201;
    ctx.body = describeAccount(account);
  });

  router.get('/delays', (ctx) => {
    ctx.body = delays;
  });
  router.post('/delays', (ctx) => {
    Object.assign(delays, readJson(ctx, delaysBody));
    ctx.body = delays;
  });
  return router;
}

/** @throws {Problem} 415 if the body is not JSON, 400 with all invalid members */
function readJson<T>(ctx: RouterContext, schema: z.ZodType<T>): T {
  if (!ctx.is('application/json')) throw new Problem(415);
  const parsed = schema.safeParse(ctx.request.body);
  if (!parsed.success)
    throw invalid(parsed.error.issues.map(({ path, message }) => errorDetail(path, message)));
  return parsed.data;
}
