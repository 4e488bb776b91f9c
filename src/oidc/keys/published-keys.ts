import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import { z } from 'zod';
import { storedKid } from './derived-keys.ts';
import { isPublished, JWKS_CACHE_SECONDS } from './key-schedule.ts';
import type { SigningKey } from '../stores.ts';

const jwks = z.object({ keys: z.array(z.looseObject({ kid: z.string() })) });

/** What oidc-provider adds to the context of requests that match a route. */
interface OfRoute {
  readonly oidc?: { readonly route: string };
}

/**
 * Limits the JWKS to the published keys, and those that follow from them. oidc-provider publishes every key with which it
 * verifies, also old ones that are kept only to verify an `id_token_hint`. Also sets how long clients may cache the JWKS, on
 * which the key schedule relies.
 *
 * @param now milliseconds since the epoch
 */
export function publishKeys(provider: Provider, keys: readonly SigningKey[], now: () => number): void {
  provider.use(async (ctx: Context & OfRoute, next) => {
    await next();
    if (ctx.oidc?.route !== 'jwks' || ctx.status !== 200) return;
    const published = new Set(keys.filter((key) => isPublished(key, now())).map(({ kid }) => kid));
    ctx.body = { keys: jwks.parse(ctx.body).keys.filter(({ kid }) => published.has(storedKid(kid))) };
    ctx.type = 'application/jwk-set+json; charset=utf-8';
    ctx.set('Cache-Control', `public, max-age=${JWKS_CACHE_SECONDS}`);
  });
}
