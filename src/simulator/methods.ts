import type { RouterContext } from '@koa/router';
import type { Context, Next } from 'koa';
import { Problem } from './problem.ts';

/**
 * Answers OPTIONS, and refuses with 405 every other method that the path's routes do not have, TRACE included. Both
 * responses name the methods in `Allow`. (RFC 9110, 15.5.6)
 */
export async function refuseOtherMethods(ctx: Context, next: Next): Promise<void> {
  await next();
  if (ctx.status !== 404 || ctx.body !== undefined) return;
  // Set by the routers: every route of this path, whatever its methods.
  const { matched = [] } = ctx as Partial<RouterContext>;
  const methods = new Set(matched.flatMap((route) => route.methods));
  if (methods.size === 0) return;
  ctx.set('allow', [...methods].join(', '));
  if (ctx.method !== 'OPTIONS') throw new Problem(405);
  ctx.status = 200;
  ctx.body = '';
}
