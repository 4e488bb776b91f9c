import { z } from 'zod';
import type { PreparedAuthentication } from '../login/authenticator.ts';
import { type AuthenticationSession, authenticationSessionSchema } from './authentication.ts';

/**
 * A request with a new challenge, not sent yet. It exists before it is sent so that, if the browser runs on the phone
 * that receives the push, the verification code is shown first. (RP API 3.2, Notification based flows)
 */
export interface PreparedSession extends PreparedAuthentication {
  readonly session: Omit<AuthenticationSession, 'sessionId' | 'deviceLink'>;
  /** Four digits; notifications only. */
  readonly verificationCode?: string | undefined;
  /** Device links only. */
  readonly initialCallbackUrl?: string | undefined;
}

/** Validates a prepared session that is read from storage. */
export const preparedSessionSchema = z.object({
  session: authenticationSessionSchema.omit({ sessionId: true, deviceLink: true }),
  verificationCode: z
    .string()
    .regex(/^\d{4}$/)
    .optional(),
  initialCallbackUrl: z.string().min(1).optional(),
  expectedIdentifier: z.string().min(1).optional(),
}) satisfies z.ZodType<PreparedSession>;
