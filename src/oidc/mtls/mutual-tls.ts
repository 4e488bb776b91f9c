/**
 * Clients that authenticate with a TLS client certificate, and access tokens that are bound to one. (RFC 8705)
 *
 *   connection or proxy's header ─▶ certificate ─┬─ self_signed_tls_client_auth: one of the client's own keys
 *                                                ├─ tls_client_auth: issued by a CA of the operator, with the client's name
 *                                                └─ token: bound to its SHA-256, and compared at each use
 */
import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { z } from 'zod';
import { ENDPOINTS } from '../endpoints.ts';
import type { PresentedCertificate } from './presented-certificate.ts';
import { SUBJECT_MEMBERS, type SubjectMember, subjectMatches } from './subject-matches.ts';
import { readSubjectName } from './subject-name.ts';

export const MTLS_METHODS = ['tls_client_auth', 'self_signed_tls_client_auth'] as const;

/** The endpoints that take a certificate, by the name of the member of discovery. */
export const MTLS_ENDPOINTS = {
  token_endpoint: ENDPOINTS.token,
  userinfo_endpoint: ENDPOINTS.userinfo,
  pushed_authorization_request_endpoint: ENDPOINTS.pushed_authorization_request,
  backchannel_authentication_endpoint: ENDPOINTS.backchannel_authentication,
  introspection_endpoint: ENDPOINTS.introspection,
  revocation_endpoint: ENDPOINTS.revocation,
} as const;

/** Schemas of the client metadata. A name that no certificate can have would be registered without effect. */
export const mtlsMetadata = {
  tls_client_auth_subject_dn: subject(
    (name) => readSubjectName(name) !== undefined,
    'must be a distinguished name like CN=client,O=Example,C=EE, the most specific part first (RFC 4514)',
  ),
  tls_client_auth_san_dns: subject(
    (name) => /^(?:\*\.)?[a-z\d](?:[a-z\d._-]*[a-z\d])?$/i.test(name),
    'must be a host name like client.example.ee',
  ),
  tls_client_auth_san_uri: subject(
    (uri) => URL.canParse(uri) && !/\s/.test(uri),
    'must be an absolute URI like urn:example:client',
  ),
  tls_client_auth_san_ip: subject((address) => isIP(address) !== 0, 'must be an IP address like 10.0.3.7'),
  tls_client_auth_san_email: subject(
    (address) => /^[^\s@]+@[^\s@]+$/.test(address),
    'must be an e-mail address like client@example.ee',
  ),
  tls_client_certificate_bound_access_tokens: z.boolean().optional(),
} satisfies Record<SubjectMember, z.ZodType> & Record<string, z.ZodType>;

function subject(isName: (text: string) => boolean, must: string) {
  return z.string().max(1_000).refine(isName, must).optional();
}

/** Refinement of given metadata: a subject has an effect with `tls_client_auth` only. (RFC 8705 2.1.2) */
export function refineMtls(client: Readonly<Record<string, unknown>>, context: z.core.$RefinementCtx): void {
  if (client.token_endpoint_auth_method === 'tls_client_auth') return;
  for (const name of SUBJECT_MEMBERS) {
    if (client[name] !== undefined)
      context.addIssue({ code: 'custom', path: [name], message: 'is for tls_client_auth' });
  }
}

export interface MutualTls {
  readonly presented: PresentedCertificate;
  /** Whether a certificate is valid now and issued for clients by one of the operator's CAs. Undefined: there are none. */
  readonly isIssued?: ((certificate: X509Certificate) => boolean) | undefined;
  /** The origin of the endpoints that take a certificate, where it is not the issuer. */
  readonly origin?: string | undefined;
}

type Feature = NonNullable<NonNullable<Configuration['features']>['mTLS']>;

/** oidc-provider's configuration. */
export function mtlsConfiguration(mutualTls: MutualTls | undefined): {
  readonly feature: Feature;
  readonly methods: readonly (typeof MTLS_METHODS)[number][];
  readonly discovery: Readonly<Record<string, unknown>>;
} {
  if (!mutualTls) return { feature: { enabled: false }, methods: [], discovery: {} };
  const { presented, isIssued, origin } = mutualTls;
  const certificateOf = ({ req }: KoaContextWithOIDC) => presented(req);
  return {
    feature: {
      enabled: true,
      certificateBoundAccessTokens: true,
      selfSignedTlsClientAuth: true,
      tlsClientAuth: isIssued !== undefined,
      getCertificate: certificateOf,
      certificateAuthorized: (ctx) => {
        const certificate = certificateOf(ctx);
        return certificate !== undefined && isIssued?.(certificate) === true;
      },
      certificateSubjectMatches: (ctx, member, expected) => {
        const certificate = certificateOf(ctx);
        return certificate !== undefined && subjectMatches(certificate, member, expected);
      },
    },
    methods: MTLS_METHODS.filter((method) => method !== 'tls_client_auth' || isIssued !== undefined),
    discovery: origin === undefined ? {} : { mtls_endpoint_aliases: aliasesAt(origin) },
  };
}

/** RFC 8705 5 */
function aliasesAt(origin: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(MTLS_ENDPOINTS).map(([name, path]) => [name, `${origin}${path}`]));
}
