/** The metadata that a client can be registered with; ../client-members.ts describes each member. */
import type { ClientMetadata } from 'oidc-provider';
import { z } from 'zod';
import { looksRandom } from '../../looks-random.ts';
import { PROTOCOL, SCOPES } from '../provider/protocol.ts';
import { ALGORITHMS } from '../algorithms.ts';
import { claimsProfileMetadata } from '../claims-profiles/profiles.ts';
import { loginMetadata } from '../login-settings/login-metadata.ts';
import { servicesMetadata } from '../services/client-services.ts';
import { cibaMetadata, refineCiba } from '../ciba/ciba-client.ts';
import { fapiMetadata, refineFapi, withFapi } from '../fapi/fapi-client.ts';
import { MTLS_METHODS, mtlsMetadata, refineMtls } from '../mtls/mutual-tls.ts';
import { brandingMetadata, clientName } from './client-branding.ts';
import { clientJwks } from './client-keys.ts';
import { givenRememberLogin } from '../remember-login.ts';
import { refineTexts } from './readable-texts.ts';
import { httpsUri, loginUri, redirectUris, webUri } from './registered-uri.ts';
import { OWN_CLIENT_ID } from '../own-client.ts';
import { isHashedSecret } from './secrets/secret-hash.ts';

/**
 * Characters that an ID has in every place in which it is written: addresses, HTTP Basic authentication (where libraries that
 * do not encode it, as RFC 6749 2.3.1 demands, would have it misread), the log.
 */
const clientId = z
  .string()
  .max(255)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._~:/@-]*$/,
    'must begin with a letter or a digit, and have letters, digits and . _ ~ : / @ - only: no space (RFC 6749 2.2, 2.3.1)',
  )
  .refine(
    (id) => id !== OWN_CLIENT_ID,
    'is the client by which people see their own logins at /me: take another one',
  );

export const clientSecret = z
  .string()
  .min(16)
  .max(255)
  .refine(looksRandom, 'must be made at random: openssl rand -base64 32')
  .refine((secret) => !isHashedSecret(secret), 'must not begin with sha256:');

const members = {
  client_id: clientId.optional(),
  client_secret: clientSecret.optional(),
  client_name: clientName.optional(),
  client_uri: webUri.optional(),
  initiate_login_uri: loginUri.optional(),
  redirect_uris: redirectUris.default([]),
  post_logout_redirect_uris: redirectUris.optional(),
  application_type: z.enum(['web', 'native']).optional(),
  token_endpoint_auth_method: z.enum([...PROTOCOL.clientAuthMethods, ...MTLS_METHODS]).optional(),
  require_pkce: z.boolean().optional(),
  require_pushed_authorization_requests: z.boolean().optional(),
  token_endpoint_auth_signing_alg: z.enum(ALGORITHMS.clientAuthSigningAlgValues).optional(),
  jwks: clientJwks.optional(),
  jwks_uri: httpsUri.optional(),
  require_signed_request_object: z.boolean().optional(),
  request_object_signing_alg: z.enum(ALGORITHMS.requestObjectSigningAlgValues).optional(),
  dpop_bound_access_tokens: z.boolean().optional(),
  id_token_signed_response_alg: z.enum(ALGORITHMS.idTokenSigningAlgValues).optional(),
  id_token_encrypted_response_alg: z.enum(ALGORITHMS.idTokenEncryptionAlgValues).optional(),
  id_token_encrypted_response_enc: z.enum(ALGORITHMS.idTokenEncryptionEncValues).optional(),
  userinfo_signed_response_alg: z.enum(ALGORITHMS.userinfoSigningAlgValues).optional(),
  userinfo_encrypted_response_alg: z.enum(ALGORITHMS.userinfoEncryptionAlgValues).optional(),
  userinfo_encrypted_response_enc: z.enum(ALGORITHMS.userinfoEncryptionEncValues).optional(),
  scope: z
    .string()
    .refine(
      (scope) => scope.split(' ').every((name) => (SCOPES as readonly string[]).includes(name)),
      `must be of ${SCOPES.join(' ')}`,
    )
    .refine((scope) => scope.split(' ').includes('openid'), 'must have openid, which each request needs')
    .optional(),
  subject_type: z.enum(PROTOCOL.subjectTypes).optional(),
  sector_identifier_uri: httpsUri.optional(),
  default_max_age: z.int().nonnegative().optional(),
  remember_login: givenRememberLogin.optional(),
  ...cibaMetadata,
  backchannel_client_notification_endpoint: httpsUri.optional(),
  ...fapiMetadata,
  ...mtlsMetadata,
  ...brandingMetadata,
  ...loginMetadata,
  ...claimsProfileMetadata,
  ...servicesMetadata,
};

export type ClientMember = keyof typeof members;

/** The names of all members. */
export const CLIENT_METADATA: readonly string[] = Object.keys(members);

/** An unknown member is an error: it is probably misspelled, and must not be ignored silently. */
export const clientMembers = z.strictObject(members);
export const clientSchema = clientMembers
  .superRefine(refineTexts)
  .superRefine(refineFapi)
  .superRefine(refineCiba)
  .superRefine(refineMtls)
  .transform(withFapi);

/** The authentication method of a client: from its given metadata, or else from its profile. */
export function authMethodOf(
  given: Readonly<Record<string, unknown>>,
): ClientMetadata['token_endpoint_auth_method'] {
  return withFapi(given).token_endpoint_auth_method as ClientMetadata['token_endpoint_auth_method'];
}
