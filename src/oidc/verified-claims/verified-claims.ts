/**
 * `verified_claims`: what Sild states about a person, together with how it was verified. (OpenID Connect for Identity
 * Assurance 1.0; OpenID Identity Assurance Schema Definition 1.0)
 *
 *   LoginResult ─▶ verification (trust framework, level, time, evidence) ─┐
 *   request in the `claims` parameter ─ request.ts ───────────────────────┴─ selection.ts ─▶ verified_claims
 *
 * A constraint that is not met in `verification` omits the whole element; one on a claim omits that claim. Nothing is said
 * that is not requested.
 */
import { AGE_CLAIMS, ageClaimsOf } from '../../identity/age.ts';
import type { CertificateLevel } from '../../identity/certificate-level.ts';
import { CLAIMS_BY_SCOPE, claimsOf } from '../../identity/claims.ts';
import type { LoginResult } from '../../login/login-result.ts';
import { type VerifiedClaimsRequest, verifiedClaimsRequests } from './request.ts';
import { ifMet, type Json, select } from './selection.ts';

/** The claims about a person that their certificate proves. */
const VERIFIED = [...CLAIMS_BY_SCOPE.profile, ...CLAIMS_BY_SCOPE.identity, ...AGE_CLAIMS] as const;

/**
 * The type of the record: the certificate policy of Smart-ID under which the certificate was issued, an object identifier of
 * SK. (Certificate and OCSP profile for Smart-ID)
 */
const RECORD_TYPES: Readonly<Record<CertificateLevel, string>> = {
  QUALIFIED: 'urn:oid:1.3.6.1.4.1.10015.17.2',
  ADVANCED: 'urn:oid:1.3.6.1.4.1.10015.17.1',
};

/** The levels of assurance of eIDAS that correspond to `acr`. */
const ASSURANCE_LEVELS: Readonly<Record<CertificateLevel, string>> = { QUALIFIED: 'high', ADVANCED: 'low' };

/** For discovery. (OpenID Connect for Identity Assurance 1.0, OP metadata) */
export const VERIFIED_CLAIMS_METADATA = {
  // Of earlier drafts, which some clients look for.
  verified_claims_supported: true,
  trust_frameworks_supported: ['eidas'],
  evidence_supported: ['electronic_record'],
  electronic_records_supported: Object.values(RECORD_TYPES),
  claims_in_verified_claims_supported: VERIFIED,
} as const;

/**
 * The `verified_claims` of a login.
 *
 * @param requested the member of the `claims` parameter; undefined: not requested
 * @param scopes that the client may ask for: it gets no claims of others
 * @returns undefined where nothing is requested or no request is met
 */
export function verifiedClaimsOf(
  login: LoginResult,
  requested: unknown,
  scopes: readonly string[] | undefined,
): Json | undefined {
  const requests = verifiedClaimsRequests.safeParse(requested).data;
  if (!requests) return undefined;
  const met = requests.flatMap((request) => {
    const statement = ifMet(() => statementFor(request, login, scopes));
    return statement === undefined ? [] : [statement];
  });
  if (Array.isArray(requested)) return met.length === 0 ? undefined : met;
  return met[0];
}

/** @throws UnmetConstraint of the verification */
function statementFor(
  request: VerifiedClaimsRequest,
  login: LoginResult,
  scopes: readonly string[] | undefined,
): Json | undefined {
  const now = login.authenticatedAt;
  const verification = select('verification', verificationOf(login), request.verification, now);
  if (verification === undefined) return undefined;
  const stated: Readonly<Record<string, Json>> = {
    ...claimsOf(login.person, login),
    ...ageClaimsOf(login.person, now),
  };
  const allowed = namesOf(scopes);
  const claims = Object.entries(request.claims).flatMap(([name, constraint]) => {
    const value = allowed.includes(name) ? stated[name] : undefined;
    const selected = value === undefined ? undefined : ifMet(() => select(name, value, constraint, now));
    return selected === undefined ? [] : [[name, selected] as const];
  });
  return { verification, claims: Object.fromEntries(claims) };
}

function namesOf(scopes: readonly string[] | undefined): readonly string[] {
  const allowed = Object.entries(CLAIMS_BY_SCOPE)
    .filter(([scope]) => scopes?.includes(scope) ?? true)
    .flatMap(([, names]): readonly string[] => names);
  return VERIFIED.filter((name) => allowed.includes(name));
}

function verificationOf({ certificateLevel, certificate, authenticatedAt, attempt }: LoginResult): Json {
  const time = timeOf(authenticatedAt);
  const reference = attempt === undefined ? {} : { check_id: attempt };
  const record = certificate && {
    type: RECORD_TYPES[certificateLevel],
    source: { name: certificate.issuer },
    // Not in the schema, whose records have no number. Issuer and number together identify the certificate.
    serial_number: certificate.serialNumber,
    created_at: timeOf(certificate.validFrom),
    date_of_expiry: timeOf(certificate.validUntil).slice(0, 10),
  };
  return {
    trust_framework: 'eidas',
    assurance_level: ASSURANCE_LEVELS[certificateLevel],
    time,
    ...(attempt === undefined ? {} : { verification_process: attempt }),
    evidence: [
      {
        type: 'electronic_record',
        check_details: [{ check_method: 'vcrypt', ...reference, time }],
        ...(record && { record }),
      },
    ],
  };
}

/** In UTC: a time zone could tell where a person is. (Privacy consideration) @param at seconds since the epoch */
function timeOf(at: number): string {
  return `${new Date(at * 1000).toISOString().slice(0, 19)}Z`;
}
