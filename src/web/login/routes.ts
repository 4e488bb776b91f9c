/**
 * The pages of one login, below the address of its interaction:
 *
 *   GET /login/:uid ─┬─ POST …/device-link ─ begin a session ───────┬─▶ GET …/wait ─ authenticated: complete ─▶ the client
 *   the flows ▲      └─ GET …/code ─ form ─▶ POST ─ begin, push ────┘     │ ▲
 *             ├────────────────────────── "Try again" ─ outcome ◀─────────┘ ├─ …/events, …/status: poll while it waits
 *             └─ POST …/restart, from a waiting page                        └─ GET /callback/smart-id: back from the app
 *
 * POST …/cancel ends the login from any of them, with `access_denied` for the client.
 *
 * What a request is about is read here, once: the interaction of this browser and its attempt. A request without an
 * interaction never reaches a handler.
 */
import { Router } from '@koa/router';
import { z } from 'zod';
import { CALLBACK_PATH, CALLBACK_USED_PATH } from '../addresses.ts';
import { wantsJson, type WebContext, type WebMiddleware, type WebState } from '../context.ts';
import { beginDeviceLink } from './handlers/begin-device-link.ts';
import { beginNotification } from './handlers/begin-notification.ts';
import { explainUsed, receiveCallback } from './handlers/callback.ts';
import { cancelLogin, restartLogin } from './handlers/cancel.ts';
import { showCodeForm } from './handlers/code-form-page.ts';
import { loginEvents, sendOverEvent } from './handlers/events.ts';
import { showFlows } from './handlers/flows-page.ts';
import { loginStatus, sendOverStatus } from './handlers/status.ts';
import { showWait } from './handlers/wait-page.ts';
import { loginPath } from '../../oidc/provider/protocol.ts';
import { OVER } from './browser-state.ts';
import { explainMissing, findInteraction } from './interaction-lookup.ts';
import {
  type AttemptHandler,
  createPageContext,
  type LoginHandler,
  type LoginPageDependencies,
} from './page-context.ts';
import { expectsNobody } from './push-recipient.ts';
import { drawFinished } from './views/finished-notice.ts';
import { drawContinue } from './views/continue.ts';
import { drawPersonNotAccepted } from './views/person-not-accepted.ts';

/** Where the page is that says how the login has ended. */
function sendOverAnswer(ctx: WebContext, uid: string): void {
  ctx.body = { ...OVER, wait: `${loginPath(uid)}/wait` };
}

/** The characters of oidc-provider's interaction uid. */
const uidSchema = z.string().regex(/^[\w-]{1,64}$/);

type UidHandler = (ctx: WebContext, uid: string) => Promise<void>;

export function loginRoutes(dependencies: LoginPageDependencies): WebMiddleware {
  const { login, interactions, lookUpLogin } = dependencies;
  // Case-sensitive, like the checks of the path before it.
  const router = new Router<WebState>({ sensitive: true });
  add('get', 'login', '/login/:uid', possible(showFlows));
  add('get', 'code', '/login/:uid/code', possible(showCodeForm));
  add('post', 'code', '/login/:uid/code', possible(beginNotification));
  add('post', 'device_link', '/login/:uid/device-link', possible(beginDeviceLink));
  add('get', 'wait', '/login/:uid/wait', page(showWait));
  add('get', 'events', '/login/:uid/events', data(loginEvents, sendOverEvent));
  add('get', 'status', '/login/:uid/status', data(loginStatus, sendOverStatus));
  add('post', 'restart', '/login/:uid/restart', page(restartLogin));
  add('post', 'cancel', '/login/:uid/cancel', unfinished(cancelLogin));
  router.get('callback', CALLBACK_PATH, async (ctx) => {
    ctx.state.route = 'callback';
    await receiveCallback(dependencies, ctx);
  });
  router.get('callback_used', CALLBACK_USED_PATH, (ctx) => {
    ctx.state.route = 'callback_used';
    explainUsed(dependencies, ctx);
  });

  const dispatch = router.routes();
  return async (ctx, next) => {
    await dispatch(ctx as Parameters<typeof dispatch>[0], async () => {
      const methods = router.match(ctx.path, ctx.method).path.flatMap((route) => route.methods);
      if (methods.length === 0) {
        await next();
        return;
      }
      ctx.state.route = 'login';
      ctx.set('Allow', [...new Set(methods)].join(', '));
      ctx.throw(405);
    });
  };

  function add(method: 'get' | 'post', name: string, path: string, handler: UidHandler): void {
    router[method](name, path, async (ctx) => {
      ctx.state.route = name;
      // Browsers do not submit forms in advance, so a form with such a header does not come from a person.
      const inAdvance = ctx.get('Sec-Purpose') !== '' || ctx.get('Purpose') === 'prefetch';
      if (method === 'post' && inAdvance) ctx.throw(403);
      const uid = uidSchema.safeParse(ctx.params.uid);
      if (uid.success) await handler(ctx, uid.data);
      else ctx.throw(404);
    });
  }

  function lookUp(ctx: WebContext, uid: string) {
    return lookUpLogin(uid, async () => {
      const interaction = await findInteraction(dependencies, ctx, uid);
      return { interaction, attempt: interaction && (await login.current(uid)) };
    });
  }

  /** A page of a login that this browser has. */
  function page(handler: LoginHandler): UidHandler {
    return async (ctx, uid) => {
      const { interaction, attempt } = await lookUp(ctx, uid);
      if (!interaction && wantsJson(ctx)) tellOver(ctx, uid);
      else if (!interaction) await explainMissing(dependencies, ctx, uid);
      else await handler(createPageContext(dependencies, ctx, interaction, attempt), dependencies);
    };
  }

  /** A page that has nothing to show or do once the login is finished, or the client is about to get another answer. */
  function unfinished(handler: LoginHandler): UidHandler {
    return page((context) => {
      const isFinished = context.attempt?.state === 'finished';
      if (!isFinished && !context.interaction.decided) return handler(context, dependencies);
      if (wantsJson(context.ctx)) tellOver(context.ctx, context.uid);
      else if (isFinished) drawFinished(context, dependencies);
      else drawContinue(context, dependencies, context.interaction.continueAt);
    });
  }

  /** A page that leads to a login, which nobody can complete where the client expects a person whom it does not accept. */
  function possible(handler: LoginHandler): UidHandler {
    return unfinished((context) => {
      if (!expectsNobody(context.interaction)) return handler(context, dependencies);
      drawPersonNotAccepted(context, dependencies);
    });
  }

  /**
   * For scripts: JSON or events of the attempt. If the login is over, the browser that started it receives the state `over`.
   */
  function data(handler: AttemptHandler, sendOver: (ctx: WebContext, uid: string) => void): UidHandler {
    return async (ctx, uid) => {
      const { interaction, attempt } = await lookUp(ctx, uid);
      if (interaction && attempt) {
        await handler(createPageContext(dependencies, ctx, interaction, attempt), dependencies);
      } else tellOver(ctx, uid, sendOver);
    };
  }

  /** To a script: the login is over. A browser that did not start it gets 404. */
  function tellOver(ctx: WebContext, uid: string, sendOver = sendOverAnswer): void {
    if (interactions.isBoundToBrowser(ctx.req, uid)) sendOver(ctx, uid);
    else {
      ctx.status = 404;
      ctx.body = { error: 'login_not_found' };
    }
  }
}
