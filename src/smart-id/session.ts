/**
 * Smart-ID as an eID: it implements `Authenticator`, which `login/` declares.
 *
 *   prepare ─ challenge, interactions, verification code ─▶ PreparedSession            sends nothing
 *   start ─── rp-api: one POST ───────────────────────────▶ AuthenticationSession      or a Failure
 *   qrLink, appLink ─ device-link sessions: the link that the browser shows now
 *   poll ──── rp-api: long poll ─▶ running, or ended: failed, or OK ─ verify/ ─▶ VerifiedAuthentication ─▶ AuthenticatedPerson
 *
 * No state is kept between the calls. The session, plain JSON, contains what later calls need, and each call validates
 * it. An end result of OK proves nothing: a login succeeds only if `verify/` accepts the response. protocol-v3.ts and
 * protocol-v2.ts contain the differences between the versions of the RP API.
 */
import type { X509Certificate } from 'node:crypto';
import type { Dispatcher } from 'undici';
import type { Logger } from '../log/logger.ts';
import type { CircuitState, SmartIdExchange } from '../metrics/metrics.ts';
import type { TrustStore } from '../pki/trust-store.ts';
import { IdentityError } from '../identity/errors.ts';
import type {
  AuthenticationRequest,
  Authenticator,
  CallbackParameters,
  PollResult,
  PreparedAuthentication,
} from '../login/authenticator.ts';
import type { FailureCode } from '../login/failure.ts';
import { type AuthenticationSession, authenticationSessionSchema } from './authentication.ts';
import { appLink, qrLink } from './device-link.ts';
import { authenticatedPersonOf } from './authenticated-person.ts';
import { evidenceOf } from './evidence/evidence.ts';
import { failureFromEndResult } from './outcome.ts';
import type { EndedSession, Protocol, RelyingParty, StartResult } from './protocol.ts';
import { protocolV2 } from './protocol-v2.ts';
import { type DeviceLinkOptions, protocolV3 } from './protocol-v3.ts';
import { type PreparedSession, preparedSessionSchema } from './request.ts';
import { type Circuit, createCircuit } from './rp-api/circuit.ts';
import { createDispatcher } from '../http/dispatcher.ts';
import type { Proxies } from '../http/proxies.ts';
import { pollWithin } from './rp-api/long-poll.ts';
import { VerificationError, type VerificationErrorCode } from './verify/errors.ts';
import { levelOfKnownAuthority } from './known-authorities.ts';
import type { LevelOfIssuer } from './verify/certificate/issuer-level.ts';
import type { Revocation } from './verify/certificate/not-revoked.ts';

export type { StartResult } from './protocol.ts';
export { type PreparedSession, preparedSessionSchema } from './request.ts';

/** Smart-ID as an eID. Its sessions are typed for the tests of this module; a login treats them as opaque. */
export interface SmartId extends Authenticator {
  prepare(request: AuthenticationRequest): PreparedSession;
  start(prepared: PreparedAuthentication): Promise<StartResult>;
}

export interface SmartIdOptions extends Omit<RelyingParty, 'api'>, Partial<DeviceLinkOptions> {
  readonly apiVersion: '3' | '2';
  /** Includes the version, e.g. `https://rp-api.smart-id.com/v3/`. */
  readonly baseUrl: string | URL;
  readonly trust: TrustStore;
  readonly revocation: Revocation;
  /** Default: that of Smart-ID's known CAs. */
  readonly levelOfIssuer?: LevelOfIssuer;
  readonly log: Logger;
  /** Pins, one of which must match a key in the chain of Smart-ID's TLS certificate. Default: no pinning. */
  readonly tlsPins?: readonly string[];
  /** Forward proxies to the RP API. Default: none. */
  readonly proxies?: Proxies;
  /** Default: a new dispatcher with `tlsPins` and `proxies`, which speaks HTTP/2 where Smart-ID does. */
  readonly dispatcher?: Dispatcher;
  /** Called after each HTTP request to Smart-ID. Default: not called. */
  readonly observe?: (exchange: SmartIdExchange) => void;
  /** Called after each verification of an answer: `accepted`, or the code of the refusal. Default: not called. */
  readonly onVerified?: (verification: { readonly outcome: string; readonly seconds: number }) => void;
  /** Called with the TLS certificate of each new connection to Smart-ID. Default: not called. */
  readonly onPresented?: (certificate: { readonly notAfter: Date }) => void;
  /** Called with each new state of the circuit breaker, which starts closed. Default: not called. */
  readonly onCircuit?: (state: CircuitState) => void;
}

/** Refusals about which the person can act. Every other refusal becomes `response_refused`. */
const ACTIONABLE_REFUSALS: Readonly<Partial<Record<VerificationErrorCode, FailureCode>>> = {
  person_mismatch: 'person_mismatch',
  certificate_revoked: 'account_unusable',
  revocation_unavailable: 'revocation_unavailable',
  callback_secret_mismatch: 'callback_refused',
  callback_challenge_mismatch: 'callback_refused',
};

/** Creates the eID for the configured version of the RP API. Sends no request. */
export function createSmartId(options: SmartIdOptions): SmartId {
  const { deviceLinkFlows = ['qr', 'web2app'], loopbackCallback = false } = options;
  const { baseUrl, tlsPins, proxies, observe, log, onCircuit: onChange } = options;
  const dispatcher =
    options.dispatcher ?? createDispatcher({ pins: tlsPins, onMismatch, onPresented, proxies, http2: {} });
  const circuit = createCircuit({ now: () => options.now().getTime(), log, onChange });
  const api = { baseUrl, dispatcher, observe, circuit };
  const party = { ...options, api };
  switch (options.apiVersion) {
    case '3':
      return smartIdOver(protocolV3(party, { deviceLinkFlows, loopbackCallback }), circuit, options);
    case '2':
      return smartIdOver(protocolV2(party), circuit, options);
  }

  function onPresented({ validToDate }: X509Certificate): void {
    options.onPresented?.({ notAfter: validToDate });
  }

  function onMismatch(presented: readonly string[]): void {
    // Either Smart-ID has a new key, or the server is not Smart-ID. No request is sent to it.
    log.error(
      { event: 'tls_pin_mismatch', presented },
      'the server at the RP API address presented no pinned key',
    );
  }
}

type VerificationDependencies = Pick<
  SmartIdOptions,
  'trust' | 'revocation' | 'levelOfIssuer' | 'now' | 'log' | 'onVerified'
>;

function smartIdOver<Ended extends EndedSession>(
  protocol: Protocol<Ended>,
  circuit: Pick<Circuit, 'state'>,
  {
    trust,
    revocation,
    levelOfIssuer = levelOfKnownAuthority,
    now,
    log,
    onVerified,
  }: VerificationDependencies,
): SmartId {
  return {
    flows: protocol.flows,
    prepare(request) {
      const prepared = protocol.prepare(request);
      const { expectedIdentifier } = prepared.session;
      return expectedIdentifier === undefined ? prepared : { ...prepared, expectedIdentifier };
    },
    start: (prepared) => protocol.create(preparedSessionSchema.parse(prepared)),
    poll,
    qrLink: (session, at, language) => qrLink(withDeviceLink(session), at, language),
    appLink: (session, language) => appLink(withDeviceLink(session), language),
    linksCreatedAt: (session) => withDeviceLink(session).deviceLink.receivedAt,
  };

  async function poll(
    stored: object,
    waitMs: number,
    signal?: AbortSignal,
    callback?: CallbackParameters,
  ): Promise<PollResult> {
    const session = authenticationSessionSchema.parse(stored);
    const readOnce = (timeoutMs: number) => protocol.read(session, timeoutMs, signal);
    const answer = await pollWithin(waitMs, signal, readOnce, circuit.state() !== 'closed');
    switch (answer.kind) {
      case 'failed':
        return answer;
      case 'unanswered':
        return signal?.aborted ? { kind: 'running' } : { kind: 'unreachable', detail: answer.detail };
      case 'aborted':
        return { kind: 'running' };
      case 'answered':
        return answer.status.state === 'RUNNING'
          ? { kind: 'running' }
          : conclude(answer.status, session, callback);
    }
  }

  async function conclude(
    ended: Ended,
    session: AuthenticationSession,
    callback: CallbackParameters | undefined,
  ): Promise<PollResult> {
    const { endResult, details } = ended.result ?? {};
    if (endResult !== undefined && endResult !== 'OK') {
      return { kind: 'failed', failure: failureFromEndResult(endResult, details?.interaction) };
    }
    if (callback === undefined && protocol.needsCallback(ended, session))
      return { kind: 'callback_required' };
    const verifiedAt = now();
    const begun = performance.now();
    const verified = (outcome: string) => {
      onVerified?.({ outcome, seconds: (performance.now() - begun) / 1000 });
    };
    try {
      const authentication = await protocol.verify(ended, session, {
        trust,
        revocation,
        levelOfIssuer,
        now: verifiedAt,
        callback,
      });
      const evidence = session.keepsEvidence
        ? evidenceOf(protocol.version, session, ended, callback, authentication, verifiedAt)
        : undefined;
      const person = authenticatedPersonOf(authentication, evidence);
      verified('accepted');
      return { kind: 'authenticated', authentication: person };
    } catch (error) {
      if (!(error instanceof VerificationError || error instanceof IdentityError)) throw error;
      verified(error.code);
      // Either Smart-ID has changed or responses are forged. The operator must learn of both.
      log.error(
        { event: 'response_refused', code: error.code },
        'a response from Smart-ID failed verification',
      );
      const code =
        (error instanceof VerificationError ? ACTIONABLE_REFUSALS[error.code] : undefined) ??
        'response_refused';
      return { kind: 'failed', failure: { code, detail: error.code } };
    }
  }
}

function withDeviceLink(stored: object) {
  const session = authenticationSessionSchema.parse(stored);
  const { deviceLink } = session;
  if (deviceLink === undefined) throw new TypeError('the session has no device links');
  return { ...session, deviceLink };
}
