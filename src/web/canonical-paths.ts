import { canonicalPath } from '../oidc/endpoints.ts';
import type { WebMiddleware } from './context.ts';

/** Gives the endpoints of oidc-provider one spelling, for all middleware after this one. */
export function canonicalPaths(): WebMiddleware {
  return (ctx, next) => {
    const path = canonicalPath(ctx.path);
    if (path !== ctx.path) ctx.path = path;
    return next();
  };
}
