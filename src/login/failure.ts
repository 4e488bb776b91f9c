/**
 * How a login can fail, as one closed union. Each code has a text in the message catalogue, so that every eID that is added
 * reports its failures by codes that have a text for people.
 */
import { z } from 'zod';

export const INTERACTION_TYPES = [
  'displayTextAndPIN',
  'confirmationMessage',
  'confirmationMessageAndVerificationCodeChoice',
  'verificationCodeChoice',
] as const;

/** The screens of the app that a person can refuse on. (RP API 3.2, Interactions) */
export type InteractionType = (typeof INTERACTION_TYPES)[number];

const FAILURE_CODES = [
  // The session could not be created.
  'request_malformed',
  'relying_party_not_allowed',
  'account_not_found',
  'account_not_suitable',
  'attention_required',
  'client_too_old',
  'maintenance',
  'service_failed',
  'session_not_found',
  // The session ended without a login.
  'user_refused',
  'user_refused_interaction',
  'user_refused_certificate_choice',
  'timeout',
  'wrong_verification_code',
  'document_unusable',
  'account_unusable',
  'interaction_not_supported',
  'protocol_failure',
  'server_error',
  'expected_linked_session',
  'unknown_end_result',
  // Sild refuses the answer.
  'response_malformed',
  'response_refused',
  // The revocation status is unknown.
  'revocation_unavailable',
  // Another person, country or browser than expected.
  'callback_refused',
  'person_mismatch',
  'country_not_allowed',
  // A limit; no request was sent to the eID.
  'too_many_logins',
  'too_many_logins_of_person',
  'push_too_soon',
  'too_many_waiting',
] as const;

/** A failure that is unknown to this release is reported as `unknown_end_result` or `service_failed`. */
export type FailureCode = (typeof FAILURE_CODES)[number];

/** A failed login. `detail` is for the operator: protocol words and codes, never personal data. */
export interface Failure {
  readonly code: FailureCode;
  /** Set with `user_refused_interaction` when the eID names the screen. */
  readonly screen?: InteractionType | undefined;
  /** The earliest time for another try, if it is known; milliseconds since the epoch. */
  readonly retryAt?: number | undefined;
  readonly detail: string;
}

export const failureSchema = z.object({
  code: z.enum(FAILURE_CODES),
  screen: z.enum(INTERACTION_TYPES).optional(),
  retryAt: z.int().optional(),
  detail: z.string(),
}) satisfies z.ZodType<Failure>;
