/**
 * Maps every HTTP status and every end result of Smart-ID to a failure of a login.
 *
 *   HTTP answer to session creation ──failureFromCreationStatus──▶
 *   HTTP answer to a status poll ─────failureFromPollStatus──────▶ Failure
 *   end result of a session ──────────failureFromEndResult───────▶
 *
 * All three functions are total: a status or end result that Smart-ID adds later is also a failure.
 */
import { type Failure, type FailureCode, INTERACTION_TYPES, type InteractionType } from '../login/failure.ts';
import type { Problem } from './rp-api/problem.ts';

/** Maps an HTTP status other than 200, answered to session creation, to a failure. (RP API 3.2, HTTP status codes) */
export function failureFromCreationStatus(status: number, problem: Problem): Failure {
  return { code: creationCode(status, problem), detail: describeStatus(status, problem) };
}

/**
 * Maps the HTTP status of a status poll to a failure, or to `undefined` if a retry may succeed: maintenance (580),
 * another 5xx, or 429. (RP API 3.2, HTTP status codes)
 */
export function failureFromPollStatus(status: number): Failure | undefined {
  if (status >= 500 || status === 429) return undefined;
  const code = POLL_STATUSES.get(status) ?? (isSuccess(status) ? 'response_malformed' : 'service_failed');
  return { code, detail: `HTTP ${status}` };
}

/**
 * Maps the end result of a completed session to a failure. Callers handle `OK` before; here it maps to
 * `unknown_end_result`, so that a call by mistake cannot become a success. (RP API 3.2, Response verification; RP API
 * v2, 2.3.12.5 Session status end result codes)
 *
 * @param interaction `result.details.interaction`, if present
 */
export function failureFromEndResult(endResult: string, interaction?: string): Failure {
  const refusedOn = V2_REFUSALS.get(endResult);
  if (refusedOn) return { code: 'user_refused_interaction', screen: refusedOn, detail: endResult };
  const code = END_RESULTS.get(endResult);
  if (code === undefined) {
    return {
      code: 'unknown_end_result',
      detail: /^[A-Z_]{1,64}$/.test(endResult) ? endResult : 'malformed end result',
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

/** RP API v2 encodes the interaction in the end result. (RP API v2, 2.3.12.5 Session status end result codes) */
const V2_REFUSALS: ReadonlyMap<string, InteractionType> = new Map([
  ['USER_REFUSED_DISPLAYTEXTANDPIN', 'displayTextAndPIN'],
  ['USER_REFUSED_VC_CHOICE', 'verificationCodeChoice'],
  ['USER_REFUSED_CONFIRMATIONMESSAGE', 'confirmationMessage'],
  ['USER_REFUSED_CONFIRMATIONMESSAGE_WITH_VC_CHOICE', 'confirmationMessageAndVerificationCodeChoice'],
]);

function creationCode(status: number, problem: Problem): FailureCode {
  // RP API 3.2 reports with a 404 and this code what earlier versions report with a 471.
  if (status === 404 && problem.codes.includes(NO_SUITABLE_ACCOUNT)) return 'account_not_suitable';
  return CREATION_STATUSES.get(status) ?? (isSuccess(status) ? 'response_malformed' : 'service_failed');
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function describeStatus(status: number, { codes, parameters }: Problem): string {
  return [`HTTP ${status}`, ...codes, ...parameters].join(' ');
}
