/**
 * What a login requires from an eID. `smart-id/` implements it; another eID would be another such module.
 *
 *   prepare ─ challenge, text to show ─▶ PreparedAuthentication            nothing is sent yet
 *   start ─── one request ─────────────▶ a session                         or a failure
 *   qrLink, appLink ─ the current links of a session with device links
 *   poll ──── long poll ───────────────▶ running, or failed, or an AuthenticatedPerson
 *
 * An implementation keeps no state in memory between calls, so that any instance can continue a login: the session contains
 * everything that a later call needs. A login stores the session without reading it; the implementation validates a session
 * that it gets back.
 */
import { z } from 'zod';
import type { DeviceLinkFlow, Flow, FlowOf } from '../flows/flows.ts';
import type { CertificateLevel } from '../identity/certificate-level.ts';
import type { AuthenticationFacts } from '../identity/claims.ts';
import type { Person } from '../identity/person.ts';
import type { Failure } from './failure.ts';

/** The name by which the eID knows the relying party, and by which its app shows who asks. */
export interface RelyingPartyName {
  /** Exactly as registered with the eID. */
  readonly name: string;
  /** The name that is registered beside it, where the relying party is a broker for somebody else. */
  readonly brokeredName?: string | undefined;
}

interface AnyRequest {
  /** Default: the configured one. */
  readonly relyingParty?: RelyingPartyName | undefined;
  /** What the app shows the person, e.g. `Log in to Sample app`. Cut to what the app can show; never blank. */
  readonly displayText: string;
  /** Added to it, after a space, where the app can show both uncut. */
  readonly displayDetails?: string | undefined;
  /** The level that is demanded at least. Default: the configured one, which applies also where it is higher. */
  readonly certificateLevel?: CertificateLevel | undefined;
  /** Whether the result is to have the evidence for a receipt. Default: false. */
  readonly keepsEvidence?: boolean | undefined;
}

/** The shortest time that a poll may wait for an answer, in milliseconds. */
export const SHORTEST_POLL_MS = 1_000;

/** A push to a person, or to one account of a person. */
export type NotificationRequest = AnyRequest & {
  readonly flow: FlowOf<'notification'>;
  /** Whether this person has used a device link in this browser before; elsewhere the app asks for more care. */
  readonly knownBrowser: boolean;
  /** Whether the app must show the whole text: then it is not cut, but refused where no screen can show it. Default: false. */
  readonly wholeText?: boolean | undefined;
} & (
    | {
        /** Semantics identifier of the person, e.g. `PNOEE-47101010033`. */
        readonly identifier: string;
        readonly documentNumber?: undefined;
      }
    | {
        /** The account, e.g. `PNOEE-47101010033-MOCK-Q`. */
        readonly documentNumber: string;
        readonly identifier?: undefined;
      }
  );

/** A session with device links, which anybody who has the link may open. */
export type DeviceLinkRequest = AnyRequest & {
  /** The flow to begin with. The session serves all device-link flows. */
  readonly flow: DeviceLinkFlow;
  /** Semantics identifier of the one person who may answer; absent: anybody may. */
  readonly identifier?: string | undefined;
  /** The device-link flows by which the person may answer. Default: all that are configured, and never more. */
  readonly answerBy?: readonly DeviceLinkFlow[] | undefined;
  /** Where the app leads the browser back to, with an unpredictable parameter: {@link initialCallbackUrl} in callback.ts. */
  readonly callbackUrl: string;
};

/** A request to authenticate a person. */
export type AuthenticationRequest = NotificationRequest | DeviceLinkRequest;

/** A request with its challenge that has not been sent. JSON; its other members are internal to the implementation. */
export interface PreparedAuthentication {
  /** Internal to the implementation. */
  readonly session: object;
  /** Semantics identifier of the person who must answer; absent: anybody may. */
  readonly expectedIdentifier?: string | undefined;
  /** Four digits that the person compares; with a notification only. */
  readonly verificationCode?: string | undefined;
}

export interface FailedStart {
  readonly kind: 'failed';
  readonly failure: Failure;
  /** Whether the session may have been created nevertheless, so that a phone may ring. Default: false. */
  readonly mayHaveStarted?: boolean;
}

export type StartResult = { readonly kind: 'started'; readonly session: object } | FailedStart;

/** What the app sent through the callback, unverified. */
export interface CallbackParameters {
  readonly sessionSecretDigest: string;
  readonly userChallengeVerifier: string;
}

/** Longer than any value that the app sends, and short enough to store. */
const MAX_PARAMETER_LENGTH = 512;

/** Takes any text: a callback with wrong parameters is used up and refused like any other. */
export const callbackParametersSchema = z.object({
  sessionSecretDigest: z.string().max(MAX_PARAMETER_LENGTH),
  userChallengeVerifier: z.string().max(MAX_PARAMETER_LENGTH),
}) satisfies z.ZodType<CallbackParameters>;

declare const verified: unique symbol;

/**
 * The person of a verified answer. Only an implementation of {@link Authenticator} creates one, in one place, from the result
 * of its verification. Claims are made from this type only.
 */
export interface AuthenticatedPerson extends AuthenticationFacts {
  readonly [verified]: true;
  readonly person: Person;
  /** With which the authentication can be verified once more; only where the request asked for it. JSON of the eID. */
  readonly evidence?: object | undefined;
}

export type PollResult =
  | { readonly kind: 'running' }
  /** The person has confirmed, but the app has not opened the callback yet. */
  | { readonly kind: 'callback_required' }
  /** The eID cannot be reached. Polling again is safe. */
  | { readonly kind: 'unreachable'; readonly detail: string }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'authenticated'; readonly authentication: AuthenticatedPerson };

export interface Authenticator {
  /** What the eID supports. */
  readonly flows: readonly Flow[];
  /** @throws RangeError when the text to show is blank, or has to be whole and is too long, or the eID does not accept the callback URL */
  prepare(request: AuthenticationRequest): PreparedAuthentication;
  /**
   * Creates the session: one request, never repeated, or none while the eID keeps failing. Every answer of the eID is a
   * result and not an exception.
   */
  start(prepared: PreparedAuthentication): Promise<StartResult>;
  /**
   * Polls the session once, for at most `waitMs` (1,000–120,000), and verifies a completed answer. If the eID cannot be
   * reached it tries again within that time. When `signal` aborts, the result is `running`.
   *
   * @param callback the parameters of the callback, after the browser of this session has opened it
   */
  poll(
    session: object,
    waitMs: number,
    signal?: AbortSignal,
    callback?: CallbackParameters,
  ): Promise<PollResult>;
  /**
   * The content of the QR code at this moment. It changes each second.
   *
   * @param now milliseconds since the epoch
   * @param language of the page, a BCP 47 tag
   * @throws TypeError for a session without device links
   */
  qrLink(session: object, now: number, language: string): string;
  /** The link that opens the app on this device. @throws TypeError for a session without device links */
  appLink(session: object, language: string): string;
  /** When the device links were created, in milliseconds since the epoch. @throws TypeError for a session without them */
  linksCreatedAt(session: object): number;
}
