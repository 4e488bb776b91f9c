/**
 * What a login that the eID has confirmed means for the request that asked for it: whether the client gets it, and the grant from
 * which its tokens are made. The same for the interaction of a browser and for a request without one (`../ciba/`).
 */
import type { Client } from 'oidc-provider';
import type Provider from 'oidc-provider';
import { type CertificateLevel, stricterLevel } from '../../identity/certificate-level.ts';
import type { LoginResult } from '../../login/login-result.ts';
import type { ClientRefusal } from '../../login/client-refusal.ts';
import { acrOfLogin, isAcrEssential } from '../claims/requested-acr.ts';
import { claimsToGrant } from '../claims/requested-claims.ts';
import type { ClaimsProfile } from '../claims-profiles/claims-profile.ts';
import { claimsProfileOf } from '../claims-profiles/profiles.ts';
import { GRANT_SECONDS } from '../lifetimes.ts';
import {
  loginSettingsOf,
  LoginSettingsError,
  type LoginSettings,
  type OperatorSettings,
  refusalOf,
} from '../login-settings/login-settings.ts';
import { accountOf } from '../provider/accounts.ts';
import { SCOPES } from '../provider/protocol.ts';
import { RECEIPT_SCOPE, wantsReceipt } from '../receipts/receipt-scope.ts';
import type { Receipts } from '../receipts/receipts.ts';
import type { LoginResultStore } from '../stores.ts';
import type { ExpectedSubject } from './expected-subject.ts';

/** A request of a client for a login. */
export interface AskedLogin {
  /** The parameters of the request. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly client: Client;
  readonly settings: LoginSettings;
  readonly profile: ClaimsProfile;
  /** Whether the client is to get a receipt of the login. */
  readonly wantsReceipt: boolean;
}

export interface LoginGrants {
  /** @returns undefined for a client at which nobody can log in, as it is registered and Sild is configured now */
  askedBy(client: Client, params: AskedLogin['params']): AskedLogin | undefined;
  /** Why the client does not get this login; undefined: it does. */
  refusalFor(asked: AskedLogin, login: LoginResult): Promise<ClientRefusal | undefined>;
  /**
   * Creates the grant and keeps the login under it.
   *
   * @param rememberedSeconds for how long later requests of the client may get the same login. Default: 0
   */
  create(
    asked: AskedLogin,
    login: LoginResult,
    rememberedSeconds?: number,
  ): Promise<{ readonly grantId: string; readonly accountId: string }>;
}

export interface LoginGrantsOptions {
  /** Is called when a grant is created, because the provider is made with what is made here. */
  readonly provider: () => Provider;
  readonly loginResults: LoginResultStore;
  readonly expected: ExpectedSubject;
  readonly operator: OperatorSettings;
  readonly receipts: Pick<Receipts, 'keep'>;
}

export function createLoginGrants({
  provider,
  loginResults,
  expected,
  operator,
  receipts,
}: LoginGrantsOptions): LoginGrants {
  return {
    askedBy(client, params) {
      try {
        const settings = loginSettingsOf(operator, client);
        return {
          params,
          client,
          settings,
          profile: claimsProfileOf(client),
          wantsReceipt: wantsReceipt(client, params),
        };
      } catch (error) {
        if (error instanceof LoginSettingsError) return undefined;
        throw error;
      }
    },

    async refusalFor(asked, login) {
      const { params, client, settings, profile } = asked;
      if (!profile.hasSubject(login.person)) return 'account_not_suitable';
      const isAsked = await expected(params, client, login.person.semanticsIdentifier);
      if (!isAsked) return 'person_mismatch';
      return refusalOf({ ...settings, certificateLevel: leastLevel(asked) }, login);
    },

    async create({ params, client, profile, wantsReceipt: isWanted }, verified, remembered = 0) {
      const { evidence, ...login } = verified;
      const accountId = accountOf(profile, login);
      const { Grant } = provider();
      const grant = new Grant({ accountId, clientId: client.clientId });
      grant.addOIDCScope(scopesToGrant(client, params.scope, remembered > 0));
      grant.addOIDCClaims(claimsToGrant(params.claims, client, remembered > 0));
      const seconds = GRANT_SECONDS + remembered;
      const grantId = await Object.assign(grant, { expiresIn: seconds }).save();
      const expiresAt = grant.exp ?? login.authenticatedAt + seconds;
      const { state, service } = params;
      const kept = {
        ...login,
        ...(profile.keepsState && typeof state === 'string' && { requestState: state }),
        ...(typeof service === 'string' && { service }),
      };
      if (evidence && isWanted) await receipts.keep(grantId, evidence, expiresAt - remembered);
      await loginResults.put(grantId, kept, expiresAt);
      return { grantId, accountId };
    },
  };
}

/** The `acr` of a login for its request, in the client's profile; undefined if it does not have the essential one. */
export function acrFor(
  { params, profile }: Pick<AskedLogin, 'params' | 'profile'>,
  { certificateLevel }: Pick<LoginResult, 'certificateLevel'>,
): string | undefined {
  const acr = acrOfLogin(params, certificateLevel);
  return acr === undefined || isAcrEssential(params) ? acr : profile.acrOf(certificateLevel);
}

/** The level that a login must have at least, but for the request's `acr`, which may be voluntary. */
export function leastLevel({ params, settings, profile }: Omit<AskedLogin, 'client'>): CertificateLevel {
  return stricterLevel(settings.certificateLevel, profile.leastLevel(params));
}

/**
 * The scopes that the request names. The later requests of a remembered login may name others that the client may ask for: no
 * token has more than its own request names.
 */
function scopesToGrant(client: Client, requested: unknown, isRemembered: boolean): string[] {
  const allowed = isRemembered
    ? (client.scope?.split(' ') ?? SCOPES.filter((scope) => scope !== RECEIPT_SCOPE))
    : wordsOf(requested);
  return SCOPES.filter((scope) => allowed.includes(scope));
}

/** The words of a parameter that is a list, separated by spaces. */
export function wordsOf(value: unknown): readonly string[] {
  return typeof value === 'string' ? value.split(' ').filter((word) => word !== '') : [];
}
