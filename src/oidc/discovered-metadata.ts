import type Provider from 'oidc-provider';
import { CIBA_GRANT } from './ciba/ciba-client.ts';

/**
 * Leaves out of the discovery document what this deployment does not offer, and lists without elements. (RFC 8414, 3.2: they must
 * be omitted)
 *
 * @param offersCiba whether a client can be allowed to ask without a browser
 */
export function stateWhatIsOffered(provider: Provider, offersCiba: boolean): void {
  provider.use(async (ctx, next) => {
    await next();
    const { oidc } = ctx as typeof ctx & { readonly oidc?: { readonly route?: string } };
    if (oidc?.route !== 'discovery' || !isObject(ctx.body)) return;
    const body: object = ctx.body;
    const stated = Object.entries(offersCiba ? { ...body, ...WITHOUT_USER_CODE } : withoutCiba(body)).filter(
      ([, value]) => !Array.isArray(value) || value.length > 0,
    );
    ctx.body = Object.fromEntries(stated);
  });
}

const WITHOUT_USER_CODE = { backchannel_user_code_parameter_supported: false };

function withoutCiba(body: object): object {
  const stated = Object.entries(body).filter(([name]) => !name.startsWith('backchannel_'));
  return Object.fromEntries(
    stated.map(([name, value]: [string, unknown]) => {
      if (Array.isArray(value)) return [name, value.filter((member) => member !== CIBA_GRANT)];
      return [name, name === 'mtls_endpoint_aliases' && isObject(value) ? withoutCiba(value) : value];
    }),
  );
}

function isObject(body: unknown): body is object {
  return typeof body === 'object' && body !== null && !Buffer.isBuffer(body);
}
