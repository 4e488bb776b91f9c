/**
 * The relying party's side of Smart-ID, as the two verbs that `login/` needs, and their preparation.
 *
 *   prepare ─ challenge, verification code, interactions ─▶ PreparedSession            nothing sent yet
 *   start ─── rp-api: one POST, the person's phone rings ─▶ AuthenticationSession      or a Failure
 *   look ──── rp-api: long poll ─▶ running, or ended: failed, or OK ─ verify/ ─▶ VerifiedAuthentication
 *
 * Nothing is remembered between the verbs: what a later one needs is in the values, plain JSON, for any instance to go
 * on with. An end result of OK is only Smart-ID's word; what ends a login is what `verify/` makes of the answer.
 */
import type { Dispatcher } from 'undici';
import { z } from 'zod';
import type { Logger } from '../log/logger.ts';
import type { RevocationPolicy } from '../pki/revocation.ts';
import type { TrustStore } from '../pki/trust-store.ts';
import {
  type AuthenticationSession,
  authenticationSessionSchema,
  type CertificateLevel,
  type SchemeName,
  type VerifiedAuthentication,
} from './authentication.ts';
import { encodeInteractions, notificationInteractions } from './interactions.ts';
import { type Failure, failureFromEndResult } from './outcome.ts';
import { createDispatcher } from './rp-api/http.ts';
import { pollWithin } from './rp-api/long-poll.ts';
import { createNotificationAuthentication } from './rp-api/v3/notification-authentication.ts';
import { readSessionStatus, type UnverifiedCompletedSession } from './rp-api/v3/session-status.ts';
import { verificationCode } from './verification-code.ts';
import { VerificationError } from './verify/errors.ts';
import { verifyAuthentication } from './verify/verify-authentication.ts';

/** Somebody asks to be authenticated. */
export interface AuthenticationRequest {
  /** Semantics identifier of the person, e.g. `PNOEE-47101010033`. */
  readonly identifier: string;
  /** What the app shows the person, e.g. `Log in to Sample app`. Cut to what the app can show; never blank. */
  readonly displayText: string;
}

/**
 * A request with its fresh challenge, not sent yet. Its verification code may be shown on the device that will also
 * get the push a moment before the push goes out. (RP API 3.2, Notification based flows)
 */
export interface PreparedSession {
  readonly session: Omit<AuthenticationSession, 'sessionId'>;
  /** Four digits. */
  readonly verificationCode: string;
}

/** Reads a prepared session back from where it was kept. */
export const preparedSessionSchema = z.object({
  session: authenticationSessionSchema.omit({ sessionId: true }),
  verificationCode: z.string().regex(/^\d{4}$/),
}) satisfies z.ZodType<PreparedSession>;

export type StartResult =
  | { readonly kind: 'started'; readonly session: AuthenticationSession }
  | { readonly kind: 'failed'; readonly failure: Failure };

export type LookResult =
  | { readonly kind: 'running' }
  /** Smart-ID could not be asked just now; asking again is harmless. */
  | { readonly kind: 'unreachable'; readonly detail: string }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'authenticated'; readonly authentication: VerifiedAuthentication };

/** All that `login/` knows of Smart-ID. Another eID would be another room with these verbs. */
export interface SmartId {
  /** @throws RangeError when the text to show is blank */
  prepare(request: AuthenticationRequest): PreparedSession;
  /** Creates the session at Smart-ID: one HTTP request, never repeated. Does not throw for anything Smart-ID answers. */
  start(prepared: PreparedSession): Promise<StartResult>;
  /**
   * Looks at the session once, as a long poll of `waitMs` (1,000–120,000), and verifies a completed answer. Where
   * Smart-ID cannot be asked it tries again within that time. Cut short by `signal` it has learned nothing: `running`.
   */
  look(session: AuthenticationSession, waitMs: number, signal?: AbortSignal): Promise<LookResult>;
}

export interface SmartIdOptions {
  /** Of RP API v3, version included, e.g. `https://rp-api.smart-id.com/v3/`. */
  readonly baseUrl: string | URL;
  readonly schemeName: SchemeName;
  readonly relyingPartyUuid: string;
  /** As registered with SK, byte for byte. */
  readonly relyingPartyName: string;
  /** The least level to accept. */
  readonly certificateLevel: CertificateLevel;
  readonly trust: TrustStore;
  readonly revocation: RevocationPolicy;
  readonly randomBytes: (size: number) => Uint8Array;
  readonly now: () => Date;
  readonly log: Logger;
  /** The connections to Smart-ID, by default its own. */
  readonly dispatcher?: Dispatcher;
}

/** The longest that SK allows (32–64). */
const CHALLENGE_BYTES = 64;

export function createSmartId(options: SmartIdOptions): SmartId {
  const { schemeName, relyingPartyUuid, relyingPartyName, certificateLevel, log } = options;
  const api = { baseUrl: options.baseUrl, dispatcher: options.dispatcher ?? createDispatcher() };
  return { prepare, start, look };

  function prepare({ identifier, displayText }: AuthenticationRequest): PreparedSession {
    const rpChallenge = options.randomBytes(CHALLENGE_BYTES);
    return {
      session: {
        schemeName,
        relyingPartyName,
        rpChallenge: Buffer.from(rpChallenge).toString('base64'),
        hashAlgorithm: 'SHA-512',
        certificateLevel,
        interactions: encodeInteractions(notificationInteractions(displayText)),
        flows: ['Notification'],
        expectedIdentifier: identifier,
      },
      verificationCode: verificationCode(rpChallenge),
    };
  }

  async function start({ session }: PreparedSession): Promise<StartResult> {
    if (session.expectedIdentifier === undefined) throw new TypeError('a push needs a person to go to');
    const created = await createNotificationAuthentication(
      api,
      relyingPartyUuid,
      session,
      session.expectedIdentifier,
    );
    return created.kind === 'created'
      ? { kind: 'started', session: { ...session, sessionId: created.sessionId } }
      : created;
  }

  async function look(
    session: AuthenticationSession,
    waitMs: number,
    signal?: AbortSignal,
  ): Promise<LookResult> {
    const answer = await pollWithin(waitMs, signal, (timeoutMs) =>
      readSessionStatus(api, session.sessionId, timeoutMs, signal),
    );
    switch (answer.kind) {
      case 'failed':
        return answer;
      case 'unanswered':
        return signal?.aborted ? { kind: 'running' } : { kind: 'unreachable', detail: answer.detail };
      case 'aborted':
        return { kind: 'running' };
      case 'answered':
        return answer.status.state === 'RUNNING' ? { kind: 'running' } : conclude(answer.status, session);
    }
  }

  async function conclude(
    ended: UnverifiedCompletedSession,
    session: AuthenticationSession,
  ): Promise<LookResult> {
    const { endResult, details } = ended.result ?? {};
    if (endResult !== undefined && endResult !== 'OK') {
      return { kind: 'failed', failure: failureFromEndResult(endResult, details?.interaction) };
    }
    try {
      const { trust, revocation } = options;
      const context = { trust, revocation, now: options.now() };
      return { kind: 'authenticated', authentication: await verifyAuthentication(ended, session, context) };
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error;
      // Either Smart-ID changed or somebody forges its answers: the operator should hear of both.
      log.error({ event: 'response_refused', code: error.code }, 'an answer of Smart-ID was refused');
      return { kind: 'failed', failure: { code: 'response_refused', detail: error.code } };
    }
  }
}
