/**
 * OpenID Connect Client-Initiated Backchannel Authentication (CIBA Core 1.0), poll and ping: a client asks for the login of a person
 * who has no browser at hand. Off for each client that does not have `backchannel_token_delivery_mode` (`ciba-client.ts`).
 *
 *   POST /ciba ─▶ may this client? ─▶ person of the hint ─▶ push ─▶ auth_req_id, verification_code
 *   POST /token (poll, or after a ping) ─▶ next step of the login ─▶ authorization_pending │ tokens │ access_denied, expired_token
 *
 * oidc-provider implements the protocol; `backchannel-login.ts` connects it with the login.
 */
import type { Account, Client, Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { errors } from 'oidc-provider';
import type Provider from 'oidc-provider';
import { isCountryAllowed } from '../../flows/offered-flows.ts';
import { parseSemanticsIdentifier } from '../../identity/semantics-identifier.ts';
import { ANSWER_MS, GRACE_MS } from '../../login/attempt.ts';
import type { Logger } from '../../log/logger.ts';
import { claimsProfileOf } from '../claims-profiles/profiles.ts';
import { type ShownClient, shownClient } from '../clients/shown-client.ts';
import { expectedPersonOf } from '../interaction/expected-person.ts';
import { type LoginGrants, wordsOf } from '../interaction/login-grant.ts';
import { TooManyRequests } from '../provider/stored-requests.ts';
import type { RequestRecords } from '../records/request-records.ts';
import type { RecordStore } from '../stores.ts';
import { createBackchannelLogin, type DrivenLogin, type FindRequest } from './backchannel-login.ts';
import { appTextWith, requireShownWhole } from './binding-message.ts';
import { DELIVERY_MODES } from './ciba-client.ts';
import { createPings, type Following, type Pings } from './pings.ts';
import { createPollIntervals, INTERVAL_SECONDS } from './poll-interval.ts';
import { forbidden } from './refusals.ts';
import { driveByTokenRequests } from './token-requests.ts';

/** A request lasts until the person can no longer answer, and for its tokens to be fetched. In seconds. */
const REQUEST_SECONDS = (ANSWER_MS + GRACE_MS) / 1000 + 60;

export interface CibaOptions {
  readonly login: DrivenLogin;
  /** What the app shows of a client. @param uiLocales the languages of the person, in order of preference */
  readonly appText: (client: ShownClient, uiLocales: readonly string[]) => string;
}

export interface CibaDependencies extends CibaOptions {
  readonly records: RecordStore;
  readonly requests: RequestRecords;
  readonly grants: LoginGrants;
  readonly following: Following;
  readonly log: Logger;
  readonly isOutage: (error: unknown) => boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface Ciba {
  readonly feature: NonNullable<NonNullable<Configuration['features']>['ciba']>;
  /** The account of a request, before its login. */
  accountOf(ctx: KoaContextWithOIDC): Account | undefined;
  /** The lifetime of a request, in seconds. */
  readonly ttl: (ctx: KoaContextWithOIDC | undefined) => number;
  /** @param provider with the feature */
  connect(provider: Provider): Pings;
}

export function createCiba(dependencies: CibaDependencies): Ciba {
  const { grants, appText } = dependencies;
  // The provider is made with the feature, so the feature is made first.
  let send: SendPush = () => Promise.reject(new Error('CIBA is not connected'));
  return {
    feature: {
      enabled: true,
      deliveryModes: DELIVERY_MODES,
      // The first of the calls for a request.
      validateRequestContext: ({ oidc: { client, params } }) => {
        if (client && grants.askedBy(client, params ?? {})?.settings.backchannel) return;
        throw new errors.UnauthorizedClient('the client may not ask without a browser');
      },
      validateBindingMessage: (ctx, message) => {
        requireShownWhole(serviceText(ctx), message);
      },
      processLoginHint: ({ oidc: { client, params } }) =>
        client && askedAccount(client, params ?? {})?.accountId,
      processLoginHintToken: () => {
        throw new errors.InvalidRequest('login_hint_token is not supported: send login_hint');
      },
      verifyUserCode: (_ctx, _account, code) => {
        if (code !== undefined) throw new errors.InvalidRequest('user_code is not supported');
      },
      triggerAuthenticationDevice: (ctx, request) => send(ctx, request),
    },
    accountOf({ oidc: { client, params } }) {
      const asked = client && grants.askedBy(client, params ?? {});
      const account = asked && askedAccount(asked.client, asked.params);
      if (!account) return undefined;
      if (!isCountryAllowed(asked.settings.allowedCountries, account.country))
        throw forbidden('country_not_allowed');
      const { accountId } = account;
      return { accountId, claims: () => ({ sub: accountId }) };
    },
    ttl: (ctx) => {
      const requested = Number(ctx?.oidc.params?.requested_expiry ?? REQUEST_SECONDS);
      return Math.min(REQUEST_SECONDS, requested);
    },
    connect(provider) {
      const { requests, records, login, now } = dependencies;
      const model = provider.BackchannelAuthenticationRequest as unknown as { find: FindRequest };
      const find = model.find.bind(model);
      const backchannel = createBackchannelLogin(provider, { find, login, grants, requests });
      driveByTokenRequests(provider, backchannel, createPollIntervals(records, now));
      const pings = createPings(provider, { ...dependencies, find, login: backchannel });
      send = async (ctx, request) => {
        const message = ctx.oidc.params?.binding_message;
        const bindingMessage = typeof message === 'string' ? message : undefined;
        const text = {
          displayText: appTextWith(serviceText(ctx), bindingMessage),
          wholeText: bindingMessage !== undefined,
        };
        try {
          const verificationCode = await backchannel.begin(request, ctx.ip, text);
          Object.assign(ctx.body as object, {
            interval: INTERVAL_SECONDS,
            verification_code: verificationCode,
          });
        } catch (error) {
          await request.destroy();
          if (error instanceof TooManyRequests && error.retryAt !== undefined) {
            ctx.set('Retry-After', String(Math.max(1, Math.ceil((error.retryAt - now()) / 1000))));
          }
          throw error;
        }
        if (ctx.oidc.client?.backchannelTokenDeliveryMode === 'ping') await pings.follow(request);
      };
      return pings;
    },
  };

  function serviceText({ oidc: { client, params } }: KoaContextWithOIDC): string {
    if (!client) throw new errors.InvalidClient('client is invalid');
    return appText(shownClient(client, { service: params?.service }), wordsOf(params?.ui_locales));
  }
}

type SendPush = (
  ctx: KoaContextWithOIDC,
  request: InstanceType<Provider['BackchannelAuthenticationRequest']>,
) => Promise<void>;

/** The person whom a request names, before their login; undefined if it names none by a semantics identifier. */
function askedAccount(
  client: Client,
  params: Readonly<Record<string, unknown>>,
): { readonly accountId: string; readonly country: string } | undefined {
  const identifier = expectedPersonOf(params, client);
  if (identifier === undefined) return undefined;
  const { country } = parseSemanticsIdentifier(identifier);
  return { accountId: claimsProfileOf(client).subjectOf(identifier), country };
}
