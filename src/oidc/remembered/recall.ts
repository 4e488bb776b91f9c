/**
 * Recalls the remembered login of a client for its next authorization request in the same browser, if it is what the request asks
 * for. Otherwise the request goes on as if there were none: the person is asked, or `prompt=none` answers `login_required`.
 * (OpenID Connect Core 3.1.2.1)
 *
 *   login completed ─▶ session and grant that last, a cookie for this client
 *   /authorize ─▶ recall ─▶ the same session and grant, with the old auth_time ─▶ code
 *
 * A session belongs to one client: that of another client is not recalled, even if the browser sends it.
 */
import type { EventEmitter } from 'node:events';
import type { Client, KoaContextWithOIDC } from 'oidc-provider';
import type Provider from 'oidc-provider';
import { isBelow } from '../../identity/certificate-level.ts';
import type { LoginResult } from '../../login/login-result.ts';
import { requestedLevel } from '../claims/requested-acr.ts';
import { claimsToGrant } from '../claims/requested-claims.ts';
import { acrFor, type AskedLogin, type LoginGrants } from '../interaction/login-grant.ts';
import type { LoginResultStore } from '../stores.ts';
import { accountOf } from '../provider/accounts.ts';
import { isRecalled, markRecalled } from './recalled.ts';
import { rememberedSeconds } from '../remember-login.ts';
import type { RememberedCookie } from './remembered-cookie.ts';

type Parameters = Readonly<Record<string, unknown>>;
type Session = InstanceType<Provider['Session']>;

export interface RecallOptions {
  readonly cookie: RememberedCookie;
  readonly loginResults: LoginResultStore;
  readonly grants: LoginGrants;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Gives the browser the cookie, after a login of a client whose logins are remembered. */
export function rememberLogins(provider: Provider, cookie: RememberedCookie): void {
  const events: EventEmitter = provider;
  events.on('authorization.success', (ctx: KoaContextWithOIDC) => {
    const { client, session } = ctx.oidc;
    const seconds = rememberedSeconds(client);
    if (!client || !session || seconds === 0 || isRecalled(ctx)) return;
    cookie.set(ctx, client.clientId, session.jti, seconds);
  });
}

/** @returns what is to be called with each authorization request once its parameters are checked, before its account is loaded */
export function createRecall({ cookie, loginResults, grants, now }: RecallOptions) {
  return async (ctx: KoaContextWithOIDC): Promise<void> => {
    const { client, params, route } = ctx.oidc;
    if (route !== 'authorization' || !client || !params || !allowsRecall(params)) return;
    const session = await sessionOf(ctx, client, params);
    if (!session) return;
    // oidc-provider saves the session that is here when the request ends.
    Object.assign(ctx.oidc, { session });
    ctx.oidc.entity('Session', session);
    markRecalled(ctx);
  };

  async function sessionOf(
    ctx: KoaContextWithOIDC,
    client: Client,
    params: Parameters,
  ): Promise<Session | undefined> {
    const id = rememberedSeconds(client) > 0 ? cookie.get(ctx, client.clientId) : undefined;
    const session = id === undefined ? undefined : await ctx.oidc.provider.Session.find(id);
    if (session?.accountId === undefined || !isYoung(session, client, params)) return undefined;
    const asked = grants.askedBy(client, params);
    // Such a profile writes the `state` of one request into the claims, which another request must not get.
    if (!asked || asked.profile.keepsState) return undefined;
    const login = await loginOf(ctx, session, asked);
    // By the current settings and configuration.
    if (!login || (await grants.refusalFor(asked, login))) return undefined;
    const acr = hasAskedLevel(params, login) ? acrFor(asked, login) : undefined;
    return acr === undefined ? undefined : Object.assign(session, { acr, amr: [...asked.profile.amr] });
  }

  /** Whether the login is still remembered, by the current setting of the client, and not older than `max_age`. */
  function isYoung({ loginTs }: Session, client: Client, { max_age: maxAge }: Parameters): boolean {
    if (loginTs === undefined) return false;
    const age = now() / 1000 - loginTs;
    return age < rememberedSeconds(client) && (maxAge === undefined || age < Number(maxAge));
  }

  /** The login of the session, if its grant is valid for this client and covers what the request asks for. */
  async function loginOf(
    { oidc }: KoaContextWithOIDC,
    { accountId, authorizations }: Session,
    { client, params, profile }: AskedLogin,
  ): Promise<LoginResult | undefined> {
    const grantId = authorizations?.[client.clientId]?.grantId;
    const grant = grantId === undefined ? undefined : await oidc.provider.Grant.find(grantId);
    if (grantId === undefined || grant?.clientId !== client.clientId) return undefined;
    const [scopes, claims] = [grant.getOIDCScope().split(' '), grant.getOIDCClaims()];
    const isCovered =
      [...oidc.requestParamOIDCScopes].every((scope) => scopes.includes(scope)) &&
      claimsToGrant(params.claims, client).every((claim) => claims.includes(claim));
    if (!isCovered) return undefined;
    const login = await loginResults.find(grantId);
    // What the person confirmed for one service of a broker is not given to another one.
    const isOfService = login !== undefined && login.service === params.service;
    return isOfService && accountOf(profile, login) === accountId ? login : undefined;
  }
}

/** `login`, `consent` and `select_account` want the person; `none` does not. */
function allowsRecall({ prompt }: Parameters): boolean {
  return prompt === undefined || prompt === 'none';
}

/** Whether it has the level that the request asks for, essentially or voluntarily: otherwise the person can give a better login. */
function hasAskedLevel(params: Parameters, { certificateLevel }: LoginResult): boolean {
  const asked = requestedLevel(params);
  return asked === undefined || !isBelow(certificateLevel, asked);
}
