import Provider from 'oidc-provider';
import { overrideMethod } from '../override-method.ts';
import { type BackchannelLogin, type FindRequest, hasGrant } from './backchannel-login.ts';
import { CIBA_GRANT } from './ciba-client.ts';
import type { createPollIntervals } from './poll-interval.ts';

/**
 * Each request of the client for tokens drives its login, as the requests of a waiting page do. oidc-provider looks the request up
 * after it has authenticated the client, and before it decides: here the login takes its next step in between.
 *
 * Requests of another client, and repeated ones, are left to oidc-provider, which refuses them.
 */
export function driveByTokenRequests(
  provider: Provider,
  login: BackchannelLogin,
  spaced: ReturnType<typeof createPollIntervals>,
): void {
  const model = provider.BackchannelAuthenticationRequest as unknown as { find: FindRequest };
  overrideMethod(model, 'find', async (_self, find, id, options) => {
    const request = await find(id, options);
    const { oidc } = Provider.ctx ?? {};
    const isRedeemed = oidc?.route === 'token' && oidc.params?.grant_type === CIBA_GRANT;
    if (!request || !isRedeemed || request.clientId !== oidc.client?.clientId) return request;
    if (request.consumed || hasGrant(request)) return request;
    if (request.isExpired) {
      await login.abandon(request);
      return request;
    }
    const progress = await spaced(id, request.exp ?? 0, () => login.progress(request));
    switch (progress.kind) {
      case 'pending':
        return request;
      case 'granted':
        return find(id, options);
      case 'refused':
        throw progress.error;
    }
  });
}
