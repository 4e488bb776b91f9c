/**
 * What a developer gets to read about a refused request: a fixed reason, and the section of the documentation.
 *
 * Descriptions of errors can contain text of the request, and anybody can send one. So a description is shown only if it
 * is one of the sentences below, which consist of words and names of parameters.
 */

/** oidc-provider's sentences for requests that cannot be answered to the client, and for request objects. */
const SENTENCES: readonly RegExp[] = [
  /^client is invalid$/,
  /^redirect_uri did not match any of the client's registered redirect_uris$/,
  /^missing required parameters? '[a-z_]+'(?:(?:, | and |, and )'[a-z_]+')*$/,
  /^'[a-z_]+'(?:(?:, | and |, and )'[a-z_]+')* parameters? must not be provided twice$/,
  /^authorization request has expired$/,
  /^interaction session not found$/,
  /^authorization session and cookie identifier mismatch$/,
  /^interaction session and authentication session mismatch$/,
  /^invalid request_uri$/,
  /^request_uri is invalid, expired, or was already used$/,
  /^request and request_uri parameters MUST NOT be used together$/,
  /^Pushed Authorization Request must be used$/,
  /^Request Object must be used by this client$/,
  /^could not (?:parse|validate) Request Object$/,
  /^could not decrypt request object$/,
  /^Request Object claims are invalid$/,
  /^unsupported signed request alg$/,
  /^the preregistered alg must be used in request or request_uri$/,
  /^request (?:response_type|client_id) must equal the one in request parameters$/,
  /^the openid scope is required$/,
  /^Authorization Server policy requires PKCE to be used for this request$/,
  /^unsupported response_(?:type|mode) requested$/,
  /^post_logout_redirect_uri not registered$/,
  /^could not validate id_token_hint$/,
];

/** @returns the description if it is one of the fixed sentences */
export function fixedReason(description: string | undefined): string | undefined {
  return SENTENCES.some((sentence) => sentence.test(description ?? '')) ? description : undefined;
}

/** The section of the documentation about a refusal. @param code OAuth's error code */
export function documentationOf(purpose: 'login' | 'logout', code: string): string {
  if (purpose === 'logout') return 'docs/claims.md#logout';
  return code === 'invalid_redirect_uri'
    ? 'docs/clients.md#redirect-uris'
    : 'docs/clients.md#when-a-client-is-refused';
}
