/**
 * A logout whose `post_logout_redirect_uri` the client has not registered. oidc-provider would refuse the request and leave the
 * person logged in, because of a mistake of which they know nothing. Instead the logout ends on a page of Sild that says so; the
 * address is never followed. (RP-Initiated Logout 3)
 *
 *   /logout?post_logout_redirect_uri=… ─ not registered ─▶ the same with the address of Sild's own page ─▶ … ─▶ that page
 */
import type { Context } from 'koa';
import type { Client } from 'oidc-provider';
import type Provider from 'oidc-provider';
import type { Audit } from '../../audit/audit.ts';
import { overrideMethod } from '../override-method.ts';
import { ENDPOINTS } from '../endpoints.ts';
import { recordedUri } from '../uris.ts';
import { unverifiedClaimsOf } from './id-token-hint.ts';

/** oidc-provider matches routes case-insensitively, and with or without a slash at the end. */
const LOGOUT = new RegExp(`^${ENDPOINTS.end_session}/?$`, 'i');
/** Names the client on Sild's own page. */
const PARAMETER = 'unregistered_address_of';

/** As oidc-provider would record it. */
const REFUSAL = {
  endpoint: 'end_session',
  code: 'invalid_request',
  detail: 'post_logout_redirect_uri not registered',
} as const;

export function endUnregisteredAtOwnPage(provider: Provider, issuer: string, audit: Audit): void {
  overrideMethod(
    provider.Client.prototype,
    'postLogoutRedirectUriAllowed',
    ({ clientId }, isRegistered, address) => address === ownPage(clientId) || isRegistered(address),
  );

  provider.use(async (ctx, next) => {
    const { post_logout_redirect_uri: address, state: _, ...others } = ctx.query;
    const client = LOGOUT.test(ctx.path) && address ? await clientOf(others) : undefined;
    // oidc-provider refuses a repeated parameter itself.
    if (client && typeof address === 'string' && !client.postLogoutRedirectUriAllowed(address)) {
      const { clientId } = client;
      audit.record({
        event: 'oidc_refused',
        client: clientId,
        address: ctx.ip,
        ...REFUSAL,
        redirectUri: recordedUri(address),
      });
      ctx.query = { ...others, post_logout_redirect_uri: ownPage(clientId) };
    }
    await next();
  });

  function ownPage(clientId: string): string {
    return `${issuer}${ENDPOINTS.end_session}/success?${new URLSearchParams({ [PARAMETER]: clientId }).toString()}`;
  }

  /** The client as oidc-provider determines it: the audience of the hint, or `client_id`. */
  async function clientOf({
    id_token_hint: hint,
    client_id: id,
  }: Context['query']): Promise<Client | undefined> {
    const clientId = hint === undefined || hint === '' ? id : unverifiedClaimsOf(hint).aud;
    return typeof clientId === 'string' ? provider.Client.find(clientId) : undefined;
  }
}

/** On Sild's own page after a logout: the client whose address was not registered. */
export async function clientOfUnregisteredAddress(
  provider: Provider,
  { query }: Pick<Context, 'query'>,
): Promise<Client | undefined> {
  const clientId = query[PARAMETER];
  return typeof clientId === 'string' && clientId !== '' ? provider.Client.find(clientId) : undefined;
}
