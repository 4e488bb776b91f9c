/**
 * The client metadata `profile: fapi2`: the FAPI 2.0 Security Profile as one switch. (FAPI 2.0 Security Profile Final, 5.3.2)
 *
 *   metadata ─▶ contradictions? refused, with the reason ─▶ what the profile needs is filled in ─▶ stored
 *
 * The filled-in metadata are stored like any other. So they hold on an instance of an earlier release too, which does not know the
 * profile. What a client sends is checked in `fapi-requests.ts`.
 */
import { z } from 'zod';

/** The signing algorithms of the profile. (5.4.1) */
export const FAPI_ALGORITHMS: readonly string[] = ['PS256', 'ES256', 'EdDSA', 'Ed25519'];
const METHODS: readonly string[] = ['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth'];

export const fapiMetadata = { profile: z.enum(['fapi2'], 'must be fapi2').optional() };

type Metadata = Readonly<Record<string, unknown>>;

/** What a client of the profile must have or may not have, by the name of its metadata. */
const RULES: Readonly<
  Record<string, { readonly allows: (value: unknown, client: Metadata) => boolean; readonly must: string }>
> = {
  token_endpoint_auth_method: {
    allows: (method) => METHODS.includes(method as string),
    must: `must be ${METHODS.join(' or ')}`,
  },
  token_endpoint_auth_signing_alg: ofTheProfile(),
  request_object_signing_alg: ofTheProfile(),
  backchannel_authentication_request_signing_alg: ofTheProfile(),
  id_token_signed_response_alg: ofTheProfile(),
  userinfo_signed_response_alg: ofTheProfile(),
  require_pkce: { allows: (value) => value === true, must: 'must be true' },
  require_pushed_authorization_requests: { allows: (value) => value === true, must: 'must be true' },
  dpop_bound_access_tokens: {
    allows: (value, client) => value === true || client.tls_client_certificate_bound_access_tokens === true,
    must: 'must be true, unless tls_client_certificate_bound_access_tokens is',
  },
  application_type: {
    allows: (type) => type === 'web',
    must: 'must be web: redirect URIs are compared exactly',
  },
};

export function isFapi(client: Metadata | undefined): boolean {
  return client?.profile === 'fapi2';
}

/** Refinement of given metadata: each contradiction to the profile, with its reason. Members that are absent contradict nothing. */
export function refineFapi(client: Metadata, context: z.core.$RefinementCtx): void {
  for (const [name, must] of contradictionsOf(client)) {
    if (client[name] === undefined) continue;
    context.addIssue({ code: 'custom', path: [name], message: `${must} with the profile fapi2` });
  }
}

/** Given metadata with what the profile needs; unchanged without the profile. */
export function withFapi<T extends Metadata>(client: T): T {
  if (!isFapi(client)) return client;
  return {
    token_endpoint_auth_method: 'private_key_jwt',
    id_token_signed_response_alg: 'ES256',
    require_pkce: true,
    require_pushed_authorization_requests: true,
    ...(client.tls_client_certificate_bound_access_tokens === true ? {} : { dpop_bound_access_tokens: true }),
    ...client,
  };
}

/** @returns why complete metadata, with all defaults, are not those of the profile; undefined if they are, or have no profile */
export function fapiProblem(client: Metadata): string | undefined {
  const [problem] = contradictionsOf(client);
  return problem && `${problem.join(' ')} with the profile fapi2`;
}

function contradictionsOf(client: Metadata): readonly (readonly [name: string, must: string])[] {
  if (!isFapi(client)) return [];
  return Object.entries(RULES)
    .filter(([name, { allows }]) => !allows(client[name], client))
    .map(([name, { must }]) => [name, must]);
}

/** An algorithm, if one is given. */
function ofTheProfile() {
  return {
    allows: (alg: unknown) => alg === undefined || FAPI_ALGORITHMS.includes(alg as string),
    must: `must be ${FAPI_ALGORITHMS.join(' or ')}`,
  };
}
