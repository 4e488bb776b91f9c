/**
 * The pages of one login, below the address of its interaction:
 *
 *   GET /login/:uid ── form ──▶ POST ── begin, push ──▶ GET …/wait ── authenticated: finish, complete ──▶ the client
 *                        ▲                                │  ▲
 *                        └──────── "Try again" ── outcome ◀┘  └── …/events, …/status: one step on while the page waits
 *
 * POST …/cancel gives up, from any of them, with `access_denied` for the client.
 */
import { Router } from '@koa/router';
import { z } from 'zod';
import type { WebMiddleware, WebState } from '../context.ts';
import { cancelLogin } from './cancel.ts';
import { loginEvents } from './events.ts';
import { beginLogin, showLogin } from './login-page.ts';
import type { LoginHandler, LoginRooms } from './handler.ts';
import { loginStatus } from './status.ts';
import { showWait } from './wait-page.ts';

/** What oidc-provider makes its interactions' uid of. */
const uidSchema = z.string().regex(/^[\w-]{1,64}$/);

export function loginRoutes(rooms: LoginRooms): WebMiddleware {
  const router = new Router<WebState>();
  const add = (method: 'get' | 'post', name: string, path: string, handler: LoginHandler) => {
    router[method](name, path, async (ctx) => {
      ctx.state.route = name;
      ctx.set('Cache-Control', 'no-store');
      const uid = uidSchema.safeParse(ctx.params.uid);
      if (uid.success) await handler(rooms, ctx, uid.data);
      else ctx.throw(404);
    });
  };
  add('get', 'login', '/login/:uid', showLogin);
  add('post', 'login', '/login/:uid', beginLogin);
  add('get', 'wait', '/login/:uid/wait', showWait);
  add('get', 'events', '/login/:uid/events', loginEvents);
  add('get', 'status', '/login/:uid/status', loginStatus);
  add('post', 'cancel', '/login/:uid/cancel', cancelLogin);

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
