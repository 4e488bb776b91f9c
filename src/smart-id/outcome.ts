/**
 * Translates every HTTP status and every end result of Smart-ID into a failure of a login.
 *
 *   HTTP answer to session creation ──failureFromCreationStatus──▶
 *   HTTP answer to a status poll ─────failureFromPollStatus──────▶ Failure
 *   end result of a session ──────────failureFromEndResult───────▶
 *
 * All three are total: a status or end result that Smart-ID adds later is a failure too.
 */
import { type Failure, type FailureCode, INTERACTION_TYPES, type InteractionType } from '../login/failure.ts';
import type { Problem } from './rp-api/problem.ts';

/** The failure of a session creation that was answered with anything but the session. (RP API 3.2, HTTP status codes) */
export function failureFromCreationStatus(status: number, problem: Problem): Failure {
  return { code: creationCode(status, problem), detail: describeStatus(status, problem) };
}

/**
 * The failure that a status poll's HTTP status means, or `undefined` where asking again may help: maintenance, a failing
 * or an overloaded service.
 */
export function failureFromPollStatus(status: number): Failure | undefined {
  if (status >= 500 || status === 429) return undefined;
  const code = POLL_STATUSES.get(status) ?? (isSuccess(status) ? 'response_malformed' : 'service_failed');
  return { code, detail: `HTTP ${status}` };
}

/**
 * The failure of a session that ended. `OK` is no failure and does not belong here; it would be an unknown one, so that
 * nobody takes it for a success.
 *
 * @param interaction `result.details.interaction`, where the answer has it
 */
export function failureFromEndResult(endResult: string, interaction?: string): Failure {
  const refusedOn = V2_REFUSALS.get(endResult);
  if (refusedOn) return { code: 'user_refused_interaction', screen: refusedOn, detail: endResult };
  const code = END_RESULTS.get(endResult);
  if (code === undefined) {
    return {
      code: 'unknown_end_result',
      detail: /^[A-Z_]{1,64}$/.test(endResult) ? endResult : 'not a word',
    };
  }
  const screen = INTERACTION_TYPES.find((type) => type === interaction);
  return code === 'user_refused_interaction' && screen !== undefined
    ? { code, screen, detail: `${endResult} ${screen}` }
    : { code, detail: endResult };
}

const NO_SUITABLE_ACCOUNT = 'NO_SUITABLE_ACCOUNT_FOUND';

const CREATION_STATUSES: ReadonlyMap<number, FailureCode> = new Map([
  [400, 'request_malformed'],
  [401, 'relying_party_not_allowed'],
  [403, 'relying_party_not_allowed'],
  [404, 'account_not_found'],
  [471, 'account_not_suitable'],
  [472, 'attention_required'],
  [480, 'client_too_old'],
  [580, 'maintenance'],
]);

const POLL_STATUSES: ReadonlyMap<number, FailureCode> = new Map([
  [400, 'request_malformed'],
  [401, 'relying_party_not_allowed'],
  [403, 'relying_party_not_allowed'],
  [404, 'session_not_found'],
  [480, 'client_too_old'],
]);

const END_RESULTS: ReadonlyMap<string, FailureCode> = new Map([
  ['USER_REFUSED', 'user_refused'],
  ['USER_REFUSED_INTERACTION', 'user_refused_interaction'],
  ['USER_REFUSED_CERT_CHOICE', 'user_refused_certificate_choice'],
  ['TIMEOUT', 'timeout'],
  ['WRONG_VC', 'wrong_verification_code'],
  ['DOCUMENT_UNUSABLE', 'document_unusable'],
  ['ACCOUNT_UNUSABLE', 'account_unusable'],
  ['REQUIRED_INTERACTION_NOT_SUPPORTED_BY_APP', 'interaction_not_supported'],
  ['PROTOCOL_FAILURE', 'protocol_failure'],
  ['SERVER_ERROR', 'server_error'],
  ['EXPECTED_LINKED_SESSION', 'expected_linked_session'],
]);

/** RP API v2 names the screen in the end result itself. (RP API v2 §2.3.x, session status) */
const V2_REFUSALS: ReadonlyMap<string, InteractionType> = new Map([
  ['USER_REFUSED_DISPLAYTEXTANDPIN', 'displayTextAndPIN'],
  ['USER_REFUSED_VC_CHOICE', 'verificationCodeChoice'],
  ['USER_REFUSED_CONFIRMATIONMESSAGE', 'confirmationMessage'],
  ['USER_REFUSED_CONFIRMATIONMESSAGE_WITH_VC_CHOICE', 'confirmationMessageAndVerificationCodeChoice'],
]);

function creationCode(status: number, problem: Problem): FailureCode {
  // RP API 3.2 says with a 404 what the versions before it say with a 471.
  if (status === 404 && problem.codes.includes(NO_SUITABLE_ACCOUNT)) return 'account_not_suitable';
  return CREATION_STATUSES.get(status) ?? (isSuccess(status) ? 'response_malformed' : 'service_failed');
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function describeStatus(status: number, { codes, parameters }: Problem): string {
  return [`HTTP ${status}`, ...codes, ...parameters].join(' ');
}
