import { z } from 'zod';
import type { DeviceLinkFlow, FlowOf } from '../flows/flows.ts';
import { type AuthenticationSession, authenticationSessionSchema } from './authentication.ts';

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

/**
 * A request with its fresh challenge, not sent yet. The verification code of a notification may be shown on the device
 * that will also get the push a moment before the push goes out. (RP API 3.2, Notification based flows)
 */
export interface PreparedSession {
  readonly session: Omit<AuthenticationSession, 'sessionId' | 'deviceLink'>;
  /** Four digits; with a notification only. */
  readonly verificationCode?: string | undefined;
  /** With a device link only. */
  readonly initialCallbackUrl?: string | undefined;
}

/** Reads a prepared session back from where it was kept. */
export const preparedSessionSchema = z.object({
  session: authenticationSessionSchema.omit({ sessionId: true, deviceLink: true }),
  verificationCode: z
    .string()
    .regex(/^\d{4}$/)
    .optional(),
  initialCallbackUrl: z.string().min(1).optional(),
}) satisfies z.ZodType<PreparedSession>;
