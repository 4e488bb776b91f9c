/** What a client gets for a login that failed. The description is the code of the failure, from a closed set. */
import { errors } from 'oidc-provider';
import type { Failure } from '../../login/failure.ts';
import { TooManyRequests } from '../provider/stored-requests.ts';

/** Where the login could not be started: the answer to the request. (CIBA Core 13) */
export function startRefusal({ code, retryAt }: Failure): errors.OIDCProviderError {
  switch (code) {
    case 'account_not_found':
      return new errors.UnknownUserId(code);
    case 'account_not_suitable':
    case 'attention_required':
    case 'country_not_allowed':
    case 'person_mismatch':
      return forbidden(code);
    case 'too_many_logins':
    case 'too_many_logins_of_person':
    case 'push_too_soon':
    case 'too_many_waiting':
      return new TooManyRequests(code, retryAt);
    case 'request_malformed':
    case 'relying_party_not_allowed':
    case 'client_too_old':
    case 'maintenance':
    case 'service_failed':
    case 'session_not_found':
    case 'user_refused':
    case 'user_refused_interaction':
    case 'user_refused_certificate_choice':
    case 'timeout':
    case 'wrong_verification_code':
    case 'document_unusable':
    case 'account_unusable':
    case 'interaction_not_supported':
    case 'protocol_failure':
    case 'server_error':
    case 'expected_linked_session':
    case 'unknown_end_result':
    case 'response_malformed':
    case 'response_refused':
    case 'revocation_unavailable':
    case 'callback_refused':
      return new Unavailable(code);
  }
}

/**
 * Where it failed later: the answer of the token endpoint. (CIBA Core 11) `access_denied` where the person or their account is the
 * reason, also for an essential `acr`: `unmet_authentication_requirements` is an error of the authorization endpoint;
 * `expired_token` where a new request may succeed.
 */
export function endRefusal({ code }: Failure): errors.OIDCProviderError {
  switch (code) {
    case 'user_refused':
    case 'user_refused_interaction':
    case 'user_refused_certificate_choice':
    case 'wrong_verification_code':
    case 'document_unusable':
    case 'account_unusable':
    case 'account_not_found':
    case 'account_not_suitable':
    case 'attention_required':
    case 'person_mismatch':
    case 'country_not_allowed':
    case 'interaction_not_supported':
    case 'response_malformed':
    case 'response_refused':
    case 'callback_refused':
      return new errors.AccessDenied(code);
    case 'timeout':
    case 'request_malformed':
    case 'relying_party_not_allowed':
    case 'client_too_old':
    case 'maintenance':
    case 'service_failed':
    case 'session_not_found':
    case 'protocol_failure':
    case 'server_error':
    case 'expected_linked_session':
    case 'unknown_end_result':
    case 'revocation_unavailable':
    case 'too_many_logins':
    case 'too_many_logins_of_person':
    case 'push_too_soon':
    case 'too_many_waiting':
      return new errors.ExpiredToken(code);
  }
}

/** Before the person was asked, `access_denied` has the status 403. (CIBA Core 13) */
export function forbidden(description: string): errors.OIDCProviderError {
  return Object.assign(new errors.AccessDenied(description), { status: 403, statusCode: 403 });
}

class Unavailable extends errors.OIDCProviderError {
  constructor(description: string) {
    super(503, 'temporarily_unavailable');
    // Smart-ID's failure, and not one of this server: the client gets the code.
    this.expose = true;
    this.error_description = description;
  }
}
