/**
 * Smart-ID as an eID: it implements `Authenticator`, which `login/` declares.
 *
 *   prepare ─ challenge, interactions, verification code ─▶ PreparedSession            nothing is sent yet
 *   start ─── rp-api: one POST ───────────────────────────▶ AuthenticationSession      or a Failure
 *   qrLink, appLink ─ of a device-link session: what the browser shows now
 *   poll ──── rp-api: long poll ─▶ running, or ended: failed, or OK ─ verify/ ─▶ VerifiedAuthentication ─▶ AuthenticatedPerson
 *
 * Nothing is kept between the calls: what a later one needs is in the session, plain JSON, which is validated again when a
 * login hands it back. An end result of OK is not proof; the login succeeds when `verify/` accepts the answer. What differs
 * between the versions of the RP API is in protocol-v3.ts and protocol-v2.ts.
 */
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
import { failureFromEndResult } from './outcome.ts';
import type { EndedSession, Protocol, RelyingParty, StartResult } from './protocol.ts';
import { protocolV2 } from './protocol-v2.ts';
import { type DeviceLinkOptions, protocolV3 } from './protocol-v3.ts';
import { type PreparedSession, preparedSessionSchema } from './request.ts';
import { type Circuit, createCircuit } from './rp-api/circuit.ts';
import { createDispatcher } from '../http/dispatcher.ts';
import { pollWithin } from './rp-api/long-poll.ts';
import { VerificationError, type VerificationErrorCode } from './verify/errors.ts';
import type { Revocation } from './verify/certificate/not-revoked.ts';

export type { StartResult } from './protocol.ts';
export { type PreparedSession, preparedSessionSchema } from './request.ts';

/** Smart-ID as an eID; what it prepares and starts is typed for its own tests, and opaque to a login. */
export interface SmartId extends Authenticator {
  prepare(request: AuthenticationRequest): PreparedSession;
  start(prepared: PreparedAuthentication): Promise<StartResult>;
}

export interface SmartIdOptions extends Omit<RelyingParty, 'api'>, Partial<DeviceLinkOptions> {
  readonly apiVersion: '3' | '2';
  /** Of that version, version included, e.g. `https://rp-api.smart-id.com/v3/`. */
  readonly baseUrl: string | URL;
  readonly trust: TrustStore;
  readonly revocation: Revocation;
  readonly log: Logger;
  /** Keys of which one has to be in the chain of Smart-ID's TLS certificate; none: any valid certificate will do. */
  readonly tlsPins?: readonly string[];
  /** The connections to Smart-ID, by default its own. */
  readonly dispatcher?: Dispatcher;
  /** Told how each HTTP request to Smart-ID went. Default: nobody. */
  readonly observe?: (exchange: SmartIdExchange) => void;
  /** Told each state that the circuit breaker goes into; it begins closed. Default: nobody. */
  readonly onCircuit?: (state: CircuitState) => void;
}

/** The refusals after which a person can do better; any other means that the answer is not to be believed. */
const REFUSALS: Readonly<Partial<Record<VerificationErrorCode, FailureCode>>> = {
  person_mismatch: 'person_mismatch',
  certificate_revoked: 'account_unusable',
  revocation_unavailable: 'revocation_unavailable',
  callback_secret_mismatch: 'callback_refused',
  callback_challenge_mismatch: 'callback_refused',
};

export function createSmartId(options: SmartIdOptions): SmartId {
  const { deviceLinkFlows = ['qr', 'web2app'], loopbackCallback = false } = options;
  const { baseUrl, tlsPins, observe, log, onCircuit: onChange } = options;
  const dispatcher = options.dispatcher ?? createDispatcher({ pins: tlsPins, onMismatch });
  const circuit = createCircuit({ now: () => options.now().getTime(), log, onChange });
  const api = { baseUrl, dispatcher, observe, circuit };
  const party = { ...options, api };
  switch (options.apiVersion) {
    case '3':
      return smartIdOver(protocolV3(party, { deviceLinkFlows, loopbackCallback }), circuit, options);
    case '2':
      return smartIdOver(protocolV2(party), circuit, options);
  }

  function onMismatch(presented: readonly string[]): void {
    // Smart-ID has a new key, or somebody stands in its place: nothing is said to whoever it is.
    log.error({ event: 'tls_pin_mismatch', presented }, 'the server at Smart-ID’s address has no pinned key');
  }
}

type VerificationDependencies = Pick<SmartIdOptions, 'trust' | 'revocation' | 'now' | 'log'>;

function smartIdOver<Ended extends EndedSession>(
  protocol: Protocol<Ended>,
  circuit: Pick<Circuit, 'state'>,
  { trust, revocation, now, log }: VerificationDependencies,
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
    const ask = (timeoutMs: number) => protocol.read(session, timeoutMs, signal);
    const answer = await pollWithin(waitMs, signal, ask, circuit.state() !== 'closed');
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
    if (callback === undefined && protocol.needsReturn(ended, session)) return { kind: 'return_needed' };
    try {
      const authentication = await protocol.verify(ended, session, {
        trust,
        revocation,
        now: now(),
        callback,
      });
      return { kind: 'authenticated', authentication: authenticatedPersonOf(authentication) };
    } catch (error) {
      if (!(error instanceof VerificationError || error instanceof IdentityError)) throw error;
      // Smart-ID has changed, or somebody forges its answers: the operator has to know of both.
      log.error({ event: 'response_refused', code: error.code }, 'an answer of Smart-ID was refused');
      const code =
        (error instanceof VerificationError ? REFUSALS[error.code] : undefined) ?? 'response_refused';
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
