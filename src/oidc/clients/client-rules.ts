/**
 * Sild's rules for client metadata, in addition to oidc-provider's validation, and Sild's own metadata:
 *
 * `require_pkce`: whether each authorization request must use PKCE (RFC 7636) with S256; true by default. `false` is for
 * clients that do not support PKCE, and allowed only for confidential clients.
 *
 * `logo`, `logo_dark`, `accent_color`, `display_text` and names by language: the branding, in `client-branding.ts`.
 *
 * `flows`, `countries`, `certificate_level`, `notification_policy`, `relying_party_name`: how people log in, in
 * `../login-settings/`.
 *
 * `services`: the services behind a broker, in `../services/`.
 *
 * `claims_profile`: what the claims look like, in `../claims-profiles/`.
 *
 * `remember_login`: for how long its logins are remembered, in `remembered/`.
 *
 * `profile`: a security profile, in `fapi/`.
 *
 * `previous_client_secret`: the secret before the last change, in `secrets/previous-secret.ts`; `managed_by`: what a client is changed
 * with, in `managed-client.ts`. Only stored clients have these two.
 */
import { type ClientMetadata, errors } from 'oidc-provider';
import { z } from 'zod';
import { isLoopbackUrl } from '../../loopback-host.ts';
import { inWords, problemText } from '../../schema-problems.ts';
import { claimsProfileMetadata } from '../claims-profiles/profiles.ts';
import { loginMetadata } from '../login-settings/login-metadata.ts';
import { servicesMetadata } from '../services/client-services.ts';
import { fapiMetadata, fapiProblem } from '../fapi/fapi-client.ts';
import { brandingMetadata } from './client-branding.ts';
import { managedByMembers } from './managed-client.ts';
import { previousSecretMembers } from './secrets/previous-secret.ts';
import { rememberLoginMetadata } from '../remember-login.ts';

export const EXTRA_CLIENT_METADATA = [
  'require_pkce',
  ...Object.keys(brandingMetadata),
  ...Object.keys(loginMetadata),
  ...Object.keys(claimsProfileMetadata),
  ...Object.keys(servicesMetadata),
  ...Object.keys(rememberLoginMetadata),
  ...Object.keys(fapiMetadata),
  ...Object.keys(previousSecretMembers),
  ...Object.keys(managedByMembers),
] as const;

const ruled = z.looseObject({
  token_endpoint_auth_method: z.string().optional(),
  token_endpoint_auth_signing_alg: z.string().optional(),
  require_pkce: z.boolean().default(true),
  redirect_uris: z.array(z.string()).default([]),
  post_logout_redirect_uris: z.array(z.string()).default([]),
  ...brandingMetadata,
  ...loginMetadata,
  ...claimsProfileMetadata,
  ...servicesMetadata,
  subject_type: z.string().optional(),
  ...rememberLoginMetadata,
  ...fapiMetadata,
});

/** @throws {errors.InvalidClientMetadata} */
export function clientRules(metadata: ClientMetadata): void {
  const parsed = ruled.safeParse(metadata, inWords);
  if (!parsed.success) throw new errors.InvalidClientMetadata(problemText(parsed.error));
  const client = parsed.data;
  const notFapi = fapiProblem({ ...metadata, ...client });
  if (notFapi !== undefined) throw new errors.InvalidClientMetadata(notFapi);
  if (!client.require_pkce && client.token_endpoint_auth_method === 'none') {
    throw new errors.InvalidClientMetadata('require_pkce must be true for a client without a secret');
  }
  if (client.claims_profile === 'tara' && client.subject_type === 'pairwise') {
    throw new errors.InvalidClientMetadata('claims_profile tara has its own subjects, and no pairwise ones');
  }
  if (client.claims_profile === 'tara' && client.remember_login !== undefined) {
    throw new errors.InvalidClientMetadata(
      'remember_login is not for claims_profile tara, whose claims are of one request',
    );
  }
  if (client.logo_dark !== undefined && client.logo === undefined) {
    throw new errors.InvalidClientMetadata('logo_dark is for the dark theme, beside logo, which is missing');
  }
  const { token_endpoint_auth_method: method, token_endpoint_auth_signing_alg: alg } = client;
  if (alg !== undefined && method !== (alg === 'HS256' ? 'client_secret_jwt' : 'private_key_jwt')) {
    throw new errors.InvalidClientMetadata(
      `token_endpoint_auth_signing_alg ${alg} is not for token_endpoint_auth_method ${method}`,
    );
  }
  for (const name of ['redirect_uris', 'post_logout_redirect_uris'] as const) {
    // An eavesdropper can read a code that is sent over plain http; on loopback it stays on the machine. (RFC 8252 8.3)
    if (client[name].some((uri) => URL.parse(uri)?.protocol === 'http:' && !isLoopbackUrl(uri))) {
      throw new errors.InvalidClientMetadata(`${name} must begin with https:// unless they are on localhost`);
    }
  }
}
