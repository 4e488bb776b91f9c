import type Provider from 'oidc-provider';
import { CIBA_GRANT } from './ciba/ciba-client.ts';

/**
 * Leaves out of the discovery document what this deployment does not offer, and lists without elements (RFC 8414, 3.2: they must
 * be omitted). Adds how clients authenticate at the endpoints for tokens, where the default would be another one (RFC 8414, 2).
 *
 * @param offersCiba whether a client can be allowed to ask without a browser
 */
export function stateWhatIsOffered(provider: Provider, offersCiba: boolean): void {
  provider.use(async (ctx, next) => {
    await next();
    const { oidc } = ctx as typeof ctx & { readonly oidc?: { readonly route?: string } };
    if (oidc?.route !== 'discovery' || !isObject(ctx.body)) return;
    const body: object = ctx.body;
    const offered = offersCiba ? { ...body, ...WITHOUT_USER_CODE } : withoutCiba(body);
    const stated = Object.entries({ ...offered, ...authenticationElsewhere(body) }).filter(
      ([, value]) => !Array.isArray(value) || value.length > 0,
    );
    ctx.body = Object.fromEntries(stated);
  });
}

/** The same ways everywhere. */
function authenticationElsewhere(body: object): object {
  const ofToken = Object.entries(body).filter(([name]) => name.startsWith('token_endpoint_auth_'));
  return Object.fromEntries(
    ['introspection', 'revocation'].flatMap((endpoint) =>
      ofToken.map(([name, value]: [string, unknown]) => [name.replace('token', endpoint), value] as const),
    ),
  );
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
