import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import { z } from 'zod';
import { isPublished, JWKS_CACHE_SECONDS } from './key-schedule.ts';
import type { SigningKey } from '../stores.ts';

const jwks = z.object({ keys: z.array(z.looseObject({ kid: z.string() })) });

/** What oidc-provider adds to the requests that it has a route for. */
interface OfRoute {
  readonly oidc?: { readonly route: string };
}

/**
 * What clients see of the keys: oidc-provider publishes all that it verifies with, but a key that has been out of use for
 * long only recognises hints. And for how long they may keep it, which the schedule of the keys relies on.
 *
 * @param now milliseconds since the epoch
 */
export function publishKeys(provider: Provider, keys: readonly SigningKey[], now: () => number): void {
  provider.use(async (ctx: Context & OfRoute, next) => {
    await next();
    if (ctx.oidc?.route !== 'jwks' || ctx.status !== 200) return;
    const published = new Set(keys.filter((key) => isPublished(key, now())).map(({ kid }) => kid));
    ctx.body = { keys: jwks.parse(ctx.body).keys.filter(({ kid }) => published.has(kid)) };
    ctx.type = 'application/jwk-set+json; charset=utf-8';
    ctx.set('Cache-Control', `public, max-age=${JWKS_CACHE_SECONDS}`);
  });
}
