/**
 * The authentication context class (`acr`) that a request asks for: voluntarily with `acr_values` or the `claims` parameter, or
 * as an essential claim with the latter. (OpenID Connect Core 3.1.2.1, 5.5.1.1)
 *
 * An eID cannot prefer one level: it is asked for the weakest one that the request accepts, and answers with the person's.
 */
import { CERTIFICATE_LEVELS, type CertificateLevel } from '../../identity/certificate-level.ts';
import { acrOf } from '../../identity/claims.ts';
import { requestedClaims } from './requested-claims.ts';

/** The parameters of an authorization request. */
type Parameters = Readonly<Record<string, unknown>>;

/** The level that a login must have at least for this request; undefined if it asks for no supported `acr`. */
export function requestedLevel(parameters: Parameters): CertificateLevel | undefined {
  const { acr_values: voluntary } = parameters;
  const asked = [
    weakestOf(typeof voluntary === 'string' ? voluntary.split(' ') : []),
    weakestOf(requestOf(parameters).values),
  ];
  return CERTIFICATE_LEVELS.findLast((level) => asked.includes(level));
}

/** Whether the request fails if its `acr` is not met. */
export function isAcrEssential(parameters: Parameters): boolean {
  return requestOf(parameters).essential;
}

/**
 * The `acr` of a login for this request: normally that of its level. An essential request gets one of its own values: the
 * strongest that the login satisfies, since a login of the high level also satisfies the low one.
 *
 * @returns undefined if the login does not satisfy an essential request
 */
export function acrOfLogin(parameters: Parameters, level: CertificateLevel): string | undefined {
  const { essential, values } = requestOf(parameters);
  if (!essential || values.length === 0) return acrOf(level);
  const satisfied = CERTIFICATE_LEVELS.slice(0, CERTIFICATE_LEVELS.indexOf(level) + 1).map(acrOf);
  return satisfied.findLast((acr) => values.includes(acr));
}

function requestOf(parameters: Parameters) {
  const { essential = false, value, values = [] } = requestedClaims(parameters.claims).id_token?.acr ?? {};
  return { essential, values: value === undefined ? values : [value] };
}

function weakestOf(values: readonly string[]): CertificateLevel | undefined {
  return CERTIFICATE_LEVELS.find((level) => values.includes(acrOf(level)));
}
