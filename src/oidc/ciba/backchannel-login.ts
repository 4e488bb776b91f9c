/**
 * The login behind a request without a browser: a notification login like that of the pages, with the same limits, verification
 * and rules of the client. It is found by the ID of the request, so that any instance can continue it.
 *
 *   begin ─▶ waiting, with a verification code ─▶ progress, progress, … ─▶ granted: the request has a grant
 *                                                                      └─▶ refused
 */
import { createHash } from 'node:crypto';
import { errors } from 'oidc-provider';
import type Provider from 'oidc-provider';
import { stricterLevel } from '../../identity/certificate-level.ts';
import { type Attempt, type AuthenticatedAttempt, isLive, isUnanswered } from '../../login/attempt.ts';
import { SHORTEST_POLL_MS } from '../../login/authenticator.ts';
import type { Login } from '../../login/login.ts';
import { requestedLevel } from '../claims/requested-acr.ts';
import { acrFor, type AskedLogin, leastLevel, type LoginGrants } from '../interaction/login-grant.ts';
import { expectedPersonOf } from '../interaction/expected-person.ts';
import type { RequestRecords } from '../records/request-records.ts';
import { endRefusal, startRefusal } from './refusals.ts';

export type FindRequest = (
  id: string,
  options?: { readonly ignoreExpiration?: boolean },
) => Promise<BackchannelRequest | undefined>;

export type BackchannelRequest = InstanceType<Provider['BackchannelAuthenticationRequest']>;

/** What this module needs of a login. */
export type DrivenLogin = Pick<Login, 'begin' | 'advance' | 'current' | 'refuse' | 'complete' | 'cancel'>;

export type Progress =
  | { readonly kind: 'pending' }
  /** The request has its grant. */
  | { readonly kind: 'granted' }
  | { readonly kind: 'refused'; readonly error: errors.OIDCProviderError };

export interface BackchannelLogin {
  /**
   * Sends the push.
   *
   * @param address of the client's server, for the audit
   * @param text what the app shows
   * @returns the verification code
   * @throws {errors.OIDCProviderError} why nothing was sent
   */
  begin(
    request: BackchannelRequest,
    address: string,
    text: { readonly displayText: string; readonly wholeText: boolean },
  ): Promise<string>;
  /** Takes the next step: asks Smart-ID for at most `waitMs`, or completes the login. May be repeated, on any instance. */
  progress(request: BackchannelRequest, waitMs?: number, signal?: AbortSignal): Promise<Progress>;
  /** Cancels a login whose request is over: the person's answer has no effect. */
  abandon(request: BackchannelRequest): Promise<void>;
}

export interface BackchannelLoginOptions {
  /** The stored request. */
  readonly find: FindRequest;
  readonly login: DrivenLogin;
  readonly grants: LoginGrants;
  readonly requests: RequestRecords;
}

const PENDING = { kind: 'pending' } as const;
const GRANTED = { kind: 'granted' } as const;

export function createBackchannelLogin(
  provider: Provider,
  { find, login, grants, requests }: BackchannelLoginOptions,
): BackchannelLogin {
  return { begin, progress, abandon };

  async function begin(
    request: BackchannelRequest,
    address: string,
    text: { readonly displayText: string; readonly wholeText: boolean },
  ): Promise<string> {
    const asked = await askedBy(request);
    const identifier = asked && expectedPersonOf(asked.params, asked.client);
    if (!asked || identifier === undefined) throw notAllowed();
    const begun = await login.begin({
      flow: 'notification',
      interactionUid: interactionOf(request),
      clientId: asked.client.clientId,
      ...text,
      address,
      identifier,
      // No browser shows the code: the person chooses it from three, and has to have heard it from the client.
      knownBrowser: false,
      codeFirst: false,
      backchannel: true,
      certificateLevel: stricterLevel(leastLevel(asked), requestedLevel(asked.params)),
      relyingParty: asked.settings.relyingParty,
      keepsEvidence: asked.wantsReceipt,
    });
    const started = await login.advance(begun, SHORTEST_POLL_MS);
    if (started.state === 'waiting' && started.verificationCode !== undefined)
      return started.verificationCode;
    if (started.state === 'failed') throw startRefusal(started.failure);
    throw new Error(`a login without a browser has become ${started.state}`);
  }

  async function progress(
    request: BackchannelRequest,
    waitMs = SHORTEST_POLL_MS,
    signal?: AbortSignal,
  ): Promise<Progress> {
    const current = await login.current(interactionOf(request));
    if (!current) return refused(new errors.ExpiredToken('timeout'));
    return outcomeOf(request, isUnanswered(current) ? await login.advance(current, waitMs, signal) : current);
  }

  async function outcomeOf(request: BackchannelRequest, attempt: Attempt): Promise<Progress> {
    switch (attempt.state) {
      case 'pending':
      case 'starting':
      case 'waiting':
      case 'callback_received':
        return PENDING;
      case 'authenticated':
        return complete(request, attempt);
      case 'finished':
        return GRANTED;
      case 'failed':
        return refused(endRefusal(attempt.failure));
      case 'cancelled':
        return refused(new errors.ExpiredToken('cancelled'));
    }
  }

  /** Only the caller that wins `login.complete` completes the login; every other one finds it finished. */
  async function complete(request: BackchannelRequest, attempt: AuthenticatedAttempt): Promise<Progress> {
    const asked = await askedBy(request);
    if (!asked) {
      await login.cancel(attempt);
      return refused(notAllowed());
    }
    const acr = acrFor(asked, attempt.result);
    const refusal =
      (await grants.refusalFor(asked, attempt.result)) ??
      (acr === undefined ? 'account_not_suitable' : undefined);
    if (refusal) {
      await login.refuse(attempt, refusal);
      return refused(new errors.AccessDenied(refusal));
    }
    // Its time may have ended while Smart-ID was asked: then the client could not fetch the tokens of this login.
    const stored = await find(request.jti);
    if (!stored) {
      await login.cancel(attempt);
      return refused(new errors.ExpiredToken('timeout'));
    }
    const { batch } = await requests.collect(async () => {
      const { grantId } = await grants.create(asked, attempt.result);
      const { authenticatedAt: authTime } = attempt.result;
      await Object.assign(stored, { grantId, acr, amr: [...asked.profile.amr], authTime }).save();
    });
    return (await login.complete(attempt, [requests.records.join(batch)])) ? GRANTED : PENDING;
  }

  async function abandon(request: BackchannelRequest): Promise<void> {
    const current = await login.current(interactionOf(request));
    if (current && isLive(current)) await login.cancel(current);
  }

  /** @returns undefined where the client was changed since the request, so that it may not ask any more */
  async function askedBy({
    clientId = '',
    params = {},
  }: BackchannelRequest): Promise<AskedLogin | undefined> {
    const client = await provider.Client.find(clientId);
    const asked = client && grants.askedBy(client, params);
    return asked?.settings.backchannel ? asked : undefined;
  }
}

export function hasGrant({ grantId }: { readonly grantId?: string | undefined }): boolean {
  return grantId !== undefined;
}

/**
 * Stands for an interaction's ID. It has a colon, which no interaction's ID has, so no browser can be bound to it. It is a hash,
 * because the ID of the request is a credential, which must not be stored with the attempt.
 */
function interactionOf({ jti }: BackchannelRequest): string {
  return `ciba:${createHash('sha256').update(jti).digest('base64url')}`;
}

function refused(error: errors.OIDCProviderError): Progress {
  return { kind: 'refused', error };
}

function notAllowed(): errors.OIDCProviderError {
  return new errors.AccessDenied('the client may not ask without a browser');
}
