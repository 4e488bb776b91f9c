import type Provider from 'oidc-provider';

/** Leaves lists without elements out of the discovery document. (RFC 8414, 3.2: they must be omitted) */
export function omitEmptyLists(provider: Provider): void {
  provider.use(async (ctx, next) => {
    await next();
    const { oidc } = ctx as typeof ctx & { readonly oidc?: { readonly route?: string } };
    if (oidc?.route !== 'discovery' || !isObject(ctx.body)) return;
    const stated = Object.entries(ctx.body).filter(([, value]) => !Array.isArray(value) || value.length > 0);
    ctx.body = Object.fromEntries(stated);
  });
}

function isObject(body: unknown): body is object {
  return typeof body === 'object' && body !== null && !Buffer.isBuffer(body);
}
