/**
 * The pages of one login, below the address of its interaction:
 *
 *   GET /login/:uid ─┬─ POST …/device-link ─ begin, session ────┬─▶ GET …/wait ─ authenticated: finish, complete ─▶ the client
 *   the ways  ▲      └─ GET …/code ─ form ─▶ POST ─ begin, push ┘     │ ▲
 *             ├────────────────────────── "Try again" ─ outcome ◀─────┘ ├─ …/events, …/status: one step on while it waits
 *             └─ POST …/restart, from a page that waits                 └─ GET /callback/smart-id: back from the app
 *
 * POST …/cancel gives up, from any of them, with `access_denied` for the client.
 */
import { Router } from '@koa/router';
import { z } from 'zod';
import type { WebMiddleware, WebState } from '../context.ts';
import type { Pages } from '../pages/pages.ts';
import { CALLBACK_PATH, USED_PATH } from './callback-path.ts';
import { explainUsed, receiveCallback } from './handlers/callback.ts';
import { cancelLogin, restartLogin } from './handlers/cancel.ts';
import { showWays } from './handlers/chooser.ts';
import { beginNotification, showCode } from './handlers/code-page.ts';
import { beginDeviceLink } from './handlers/device-link.ts';
import { loginEvents } from './handlers/events.ts';
import type { LoginHandler, LoginRooms } from './handler.ts';
import { loginStatus } from './handlers/status.ts';
import { showWait } from './handlers/wait-page.ts';

/** What oidc-provider makes its interactions' uid of. */
const uidSchema = z.string().regex(/^[\w-]{1,64}$/);

export function loginRoutes(rooms: Omit<LoginRooms, 'pages'> & { readonly pages: Pages }): WebMiddleware {
  // As the checks before it read an address: to the letter.
  const router = new Router<WebState>({ sensitive: true });
  const add = (method: 'get' | 'post', name: string, path: string, handler: LoginHandler) => {
    router[method](name, path, async (ctx) => {
      ctx.state.route = name;
      const uid = uidSchema.safeParse(ctx.params.uid);
      if (uid.success) await handler({ ...rooms, pages: rooms.pages.for(ctx) }, ctx, uid.data);
      else ctx.throw(404);
    });
  };
  add('get', 'login', '/login/:uid', showWays);
  add('get', 'code', '/login/:uid/code', showCode);
  add('post', 'code', '/login/:uid/code', beginNotification);
  add('post', 'device_link', '/login/:uid/device-link', beginDeviceLink);
  add('get', 'wait', '/login/:uid/wait', showWait);
  add('get', 'events', '/login/:uid/events', loginEvents);
  add('get', 'status', '/login/:uid/status', loginStatus);
  add('post', 'restart', '/login/:uid/restart', restartLogin);
  add('post', 'cancel', '/login/:uid/cancel', cancelLogin);
  router.get('callback', CALLBACK_PATH, async (ctx) => {
    ctx.state.route = 'callback';
    await receiveCallback({ ...rooms, pages: rooms.pages.for(ctx) }, ctx);
  });
  router.get('callback_used', USED_PATH, (ctx) => {
    ctx.state.route = 'callback_used';
    explainUsed({ ...rooms, pages: rooms.pages.for(ctx) }, ctx);
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
}
