/**
 * The relying party's side of Smart-ID, as the two verbs that `login/` needs, their preparation, and the links between.
 *
 *   prepare ─ challenge, interactions, verification code ─▶ PreparedSession            nothing sent yet
 *   start ─── rp-api: one POST ───────────────────────────▶ AuthenticationSession      or a Failure
 *   qrLink, appLink ─ of a device-link session: what the browser shows now
 *   poll ──── rp-api: long poll ─▶ running, or ended: failed, or OK ─ verify/ ─▶ VerifiedAuthentication
 *
 * Nothing is remembered between the verbs: what a later one needs is in the values, plain JSON, for any instance to go
 * on with. An end result of OK is only Smart-ID's word; what ends a login is what `verify/` makes of the answer. What
 * differs between the versions of the RP API is in protocol-v3.ts and protocol-v2.ts.
 */
import type { Dispatcher } from 'undici';
import type { Flow } from '../flows/flows.ts';
import type { Logger } from '../log/logger.ts';
import type { CircuitState, SmartIdExchange } from '../metrics/metrics.ts';
import type { TrustStore } from '../pki/trust-store.ts';
import type { AuthenticationSession, VerifiedAuthentication } from './authentication.ts';
import type { Returned } from './callback.ts';
import { appLink, qrLink } from './device-link.ts';
import { type Failure, type FailureCode, failureFromEndResult } from './outcome.ts';
import type { EndedSession, Protocol, RelyingParty, StartResult } from './protocol.ts';
import { protocolV2 } from './protocol-v2.ts';
import { type DeviceLinkOptions, protocolV3 } from './protocol-v3.ts';
import type { AuthenticationRequest, PreparedSession } from './request.ts';
import { type Circuit, createCircuit } from './rp-api/circuit.ts';
import { createDispatcher } from '../http/dispatcher.ts';
import { pollWithin } from './rp-api/long-poll.ts';
import { VerificationError, type VerificationErrorCode } from './verify/errors.ts';
import type { Revocation } from './verify/certificate/not-revoked.ts';

export { type Returned, returnedSchema } from './callback.ts';
export type { StartResult } from './protocol.ts';
export {
  type AuthenticationRequest,
  type DeviceLinkRequest,
  type NotificationRequest,
  type PreparedSession,
  preparedSessionSchema,
} from './request.ts';

export type PollResult =
  | { readonly kind: 'running' }
  /** The person confirmed in the app, and the app leads the browser back through the callback: nothing to do until then. */
  | { readonly kind: 'return_needed' }
  /** Smart-ID could not be asked just now; asking again is harmless. */
  | { readonly kind: 'unreachable'; readonly detail: string }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'authenticated'; readonly authentication: VerifiedAuthentication };

/** All that `login/` knows of Smart-ID. Another eID would be another room with these verbs. */
export interface SmartId {
  /** What the version of the RP API can do. */
  readonly flows: readonly Flow[];
  /** @throws RangeError when the text to show is blank, or the callback URL is none that Smart-ID takes */
  prepare(request: AuthenticationRequest): PreparedSession;
  /**
   * Creates the session at Smart-ID: one HTTP request, never repeated, or none while Smart-ID keeps failing. Does not
   * throw for anything Smart-ID answers.
   */
  start(prepared: PreparedSession): Promise<StartResult>;
  /**
   * Looks at the session once, as a long poll of `waitMs` (1,000–120,000), and verifies a completed answer. Where
   * Smart-ID cannot be asked it tries again within that time. Cut short by `signal` it has learned nothing: `running`.
   *
   * @param returned what the callback brought, once the browser that this session belongs to has come back through it
   */
  poll(
    session: AuthenticationSession,
    waitMs: number,
    signal?: AbortSignal,
    returned?: Returned,
  ): Promise<PollResult>;
  /**
   * What a QR code says right now; to be made anew each second and shown for three at most.
   *
   * @param now milliseconds since the epoch
   * @param language of the page, a BCP 47 tag
   * @throws TypeError for a session without device links
   */
  qrLink(session: AuthenticationSession, now: number, language: string): string;
  /** The link that opens the app on this device. @throws TypeError for a session without device links */
  appLink(session: AuthenticationSession, language: string): string;
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
    prepare: (request) => protocol.prepare(request),
    start: (prepared) => protocol.create(prepared),
    poll,
    qrLink: (session, at, language) => qrLink(withDeviceLink(session), at, language),
    appLink: (session, language) => appLink(withDeviceLink(session), language),
  };

  async function poll(
    session: AuthenticationSession,
    waitMs: number,
    signal?: AbortSignal,
    returned?: Returned,
  ): Promise<PollResult> {
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
          : conclude(answer.status, session, returned);
    }
  }

  async function conclude(
    ended: Ended,
    session: AuthenticationSession,
    returned: Returned | undefined,
  ): Promise<PollResult> {
    const { endResult, details } = ended.result ?? {};
    if (endResult !== undefined && endResult !== 'OK') {
      return { kind: 'failed', failure: failureFromEndResult(endResult, details?.interaction) };
    }
    if (returned === undefined && protocol.needsReturn(ended, session)) return { kind: 'return_needed' };
    try {
      const authentication = await protocol.verify(ended, session, {
        trust,
        revocation,
        now: now(),
        returned,
      });
      return { kind: 'authenticated', authentication };
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error;
      // Either Smart-ID changed or somebody forges its answers: the operator should hear of both.
      log.error({ event: 'response_refused', code: error.code }, 'an answer of Smart-ID was refused');
      const code = REFUSALS[error.code] ?? 'response_refused';
      return { kind: 'failed', failure: { code, detail: error.code } };
    }
  }
}

function withDeviceLink(session: AuthenticationSession) {
  const { deviceLink } = session;
  if (deviceLink === undefined) throw new TypeError('the session has no device links');
  return { ...session, deviceLink };
}
