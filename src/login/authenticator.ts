/**
 * What a login needs of an eID. `smart-id/` implements it; another eID is another module that does.
 *
 *   prepare ─ challenge, text to show ─▶ PreparedAuthentication            nothing is sent yet
 *   start ─── one request ─────────────▶ a session                         or a failure
 *   qrLink, appLink ─ of a session with device links: what the page shows now
 *   poll ──── long poll ───────────────▶ running, or failed, or an AuthenticatedPerson
 *
 * An implementation keeps nothing in memory between the calls, so that any instance can continue a login: whatever a later
 * call needs is in the session. A login stores the session and hands it back without reading it; the implementation
 * validates it again when it gets it back.
 */
import { z } from 'zod';
import type { DeviceLinkFlow, Flow, FlowOf } from '../flows/flows.ts';
import type { AuthenticationFacts } from '../identity/claims.ts';
import type { Person } from '../identity/person.ts';
import type { Failure } from './failure.ts';

interface ShownText {
  /** What the app shows the person, e.g. `Log in to Sample app`. Cut to what the app can show; never blank. */
  readonly displayText: string;
}

/** A push to a person, or to one account of a person. */
export type NotificationRequest = ShownText & {
  readonly flow: FlowOf<'notification'>;
  /** Whether this person has used a device link in this browser before; elsewhere the app asks for more care. */
  readonly knownBrowser: boolean;
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

/** A link for whoever opens it. */
export type DeviceLinkRequest = ShownText & {
  /** The one to begin with. The session serves all of them. */
  readonly flow: DeviceLinkFlow;
  /** Semantics identifier of the one person who may answer; anybody may where it is absent. */
  readonly identifier?: string | undefined;
  /** Where the app leads the browser back to, with an unpredictable parameter: {@link initialCallbackUrl} in callback.ts. */
  readonly callbackUrl: string;
};

/** Somebody asks to be authenticated. */
export type AuthenticationRequest = NotificationRequest | DeviceLinkRequest;

/** A request with its challenge that has not been sent. JSON; whatever else it has is the implementation's own. */
export interface PreparedAuthentication {
  /** The implementation's own. */
  readonly session: object;
  /** Semantics identifier of the person who must answer; absent where anybody may. */
  readonly expectedIdentifier?: string | undefined;
  /** Four digits that the person compares; with a notification only. */
  readonly verificationCode?: string | undefined;
}

export interface FailedStart {
  readonly kind: 'failed';
  readonly failure: Failure;
  /** Whether the session may exist nevertheless, and a phone may ring. Default: it does not. */
  readonly mayHaveBegun?: boolean;
}

export type StartResult = { readonly kind: 'started'; readonly session: object } | FailedStart;

/** What the app sent through the callback, unverified. */
export interface CallbackParameters {
  readonly sessionSecretDigest: string;
  readonly userChallengeVerifier: string;
}

/** Longer than what an app sends, short enough to store. */
const MAX_PARAMETER_LENGTH = 512;

/** Takes any text: a callback with wrong parameters is used up and refused like any other. */
export const callbackParametersSchema = z.object({
  sessionSecretDigest: z.string().max(MAX_PARAMETER_LENGTH),
  userChallengeVerifier: z.string().max(MAX_PARAMETER_LENGTH),
}) satisfies z.ZodType<CallbackParameters>;

declare const verified: unique symbol;

/**
 * The person of an answer whose verification has succeeded. Only an implementation of {@link Authenticator} may make one,
 * in one place, from the result of its verification; claims are made from nothing else.
 */
export interface AuthenticatedPerson extends AuthenticationFacts {
  readonly [verified]: true;
  readonly person: Person;
}

export type PollResult =
  | { readonly kind: 'running' }
  /** The person has confirmed, and the app leads the browser through the callback: nothing to do until then. */
  | { readonly kind: 'return_needed' }
  /** The eID cannot be reached; polling again is harmless. */
  | { readonly kind: 'unreachable'; readonly detail: string }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'authenticated'; readonly authentication: AuthenticatedPerson };

export interface Authenticator {
  /** What the eID supports. */
  readonly flows: readonly Flow[];
  /** @throws RangeError when the text to show is blank, or the eID does not accept the callback URL */
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
   * @param callback what the callback brought, once the browser of this session has come back through it
   */
  poll(
    session: object,
    waitMs: number,
    signal?: AbortSignal,
    callback?: CallbackParameters,
  ): Promise<PollResult>;
  /**
   * The content of the QR code at this moment; to be made again each second.
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
