import { z } from 'zod';
import type { PreparedAuthentication } from '../login/authenticator.ts';
import { type AuthenticationSession, authenticationSessionSchema } from './authentication.ts';

/**
 * A request with its fresh challenge, not sent yet. The verification code of a notification may be shown on the device
 * that will also get the push a moment before the push goes out. (RP API 3.2, Notification based flows)
 */
export interface PreparedSession extends PreparedAuthentication {
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
  expectedIdentifier: z.string().min(1).optional(),
}) satisfies z.ZodType<PreparedSession>;
