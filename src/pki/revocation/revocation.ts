/**
 * Whether the certificates of a validated path have been revoked. (RFC 5280 6.3, RFC 6960)
 *
 *   each certificate under the anchor ─ OCSP ─▶ good, revoked, unknown
 *                                        └ no valid answer ─ CRL ─▶ good, revoked
 *                                                             └ no valid list ─▶ the policy decides
 *
 * All certificates of the path are checked concurrently. The trust anchor is not checked: trusting it is the operator's
 * decision. Only a validated path is checked, so that requests go only to addresses that trusted CAs have signed.
 */
import type { VerifiedPath } from '../path-validation.ts';
import { PkiError } from '../errors.ts';
import type { Asked } from './cert-id.ts';
import type { VerifiedCrl } from './crl/crl.ts';
import type { RevocationEvidence } from './evidence.ts';
import { RevocationSourceError, type RevocationSourceErrorCode } from './errors.ts';
import type { RevocationFetch } from './http.ts';
import { createExpiringCache, type Expiring } from './expiring-cache.ts';
import type { RevocationStatus } from './ocsp-data.ts';
import { askCrl, askOcsp } from './sources.ts';

/**
 * How strict the check is. `required`: a certificate is accepted only if its CA says that it is good. `best-effort`: it is
 * accepted unless its CA says that it is revoked.
 */
export type RevocationPolicy = 'required' | 'best-effort';

/**
 * Resolves if every certificate of the path is accepted, with what their CAs have said.
 *
 * @throws PkiError certificate_revoked, issuer_revoked; and with the policy `required`, revocation_unknown if the CA does not
 * know the certificate, revocation_unavailable if no source gives a valid answer
 */
export type RevocationCheck = (path: VerifiedPath) => Promise<readonly RevocationEvidence[]>;

/** For the operator: a failure of a source, or an accepted certificate without a valid answer. No personal data. */
export type RevocationReport =
  | {
      readonly kind: 'source_failed';
      readonly source: 'ocsp' | 'crl';
      readonly code: RevocationSourceErrorCode;
      readonly detail: string;
    }
  /** With `best-effort`: the certificate is accepted although its CA has not said that it is good. */
  | { readonly kind: 'unchecked'; readonly detail: string };

export interface RevocationOptions {
  readonly policy: RevocationPolicy;
  readonly fetch: RevocationFetch;
  readonly randomBytes: (size: number) => Uint8Array;
  readonly now: () => Date;
  readonly report: (report: RevocationReport) => void;
}

/** What is known of one certificate. */
export interface Finding {
  readonly status: RevocationStatus | 'unavailable';
  /** Undefined if no source gave a valid answer. */
  readonly evidence?: RevocationEvidence | undefined;
}

/**
 * How long the good status of a CA certificate is cached. There are few of them, and every login uses the same ones; a
 * person's certificate is checked each time.
 */
export const CA_GOOD_MS = 3_600_000;

export function createRevocationCheck(options: RevocationOptions): RevocationCheck {
  const { policy, now, report } = options;
  const context = { ...options, crls: createExpiringCache<VerifiedCrl>(now) };
  const cas = createExpiringCache<Finding>(now);

  return async (path) => {
    const [person, ...above] = linksOf(path);
    const findings = await Promise.all([
      findingOf(person).then(({ value }) => value),
      ...above.map((ca) => cas(ca.certificate.fingerprint, () => findingOf(ca))),
    ]);
    requireGood(findings, policy, report);
    return findings.flatMap(({ evidence }) => evidence ?? []);
  };

  async function findingOf(asked: Asked): Promise<Expiring<Finding>> {
    for (const [source, ask] of [
      ['ocsp', askOcsp],
      ['crl', askCrl],
    ] as const) {
      try {
        const { status, nextUpdate, evidence } = await ask(asked, context);
        return {
          value: { status, evidence },
          until: status === 'good' ? cachedUntil(nextUpdate) : undefined,
        };
      } catch (error) {
        failed(source, error);
      }
    }
    return { value: { status: 'unavailable' }, until: undefined };
  }

  function cachedUntil(nextUpdate: Date | undefined): Date {
    const hour = now().getTime() + CA_GOOD_MS;
    return new Date(Math.min(hour, nextUpdate?.getTime() ?? hour));
  }

  function failed(source: 'ocsp' | 'crl', error: unknown): void {
    if (!(error instanceof RevocationSourceError)) throw error;
    report({ kind: 'source_failed', source, code: error.code, detail: error.message });
  }
}

/**
 * Applies the policy to the findings of a path, those of the person's certificate first.
 *
 * @throws PkiError as {@link RevocationCheck}
 */
export function requireGood(
  [person, ...issuers]: readonly [Finding, ...Finding[]],
  policy: RevocationPolicy,
  report: RevocationOptions['report'],
): void {
  if (issuers.some(({ status }) => status === 'revoked')) {
    throw new PkiError('issuer_revoked', 'a CA of the path is revoked');
  }
  if (person.status === 'revoked') throw new PkiError('certificate_revoked', 'the certificate is revoked');
  const unproven = [person, ...issuers].find(({ status }) => status !== 'good');
  if (unproven === undefined) return;
  const [code, detail] =
    unproven.status === 'unknown'
      ? (['revocation_unknown', 'a CA says that it does not know the certificate'] as const)
      : (['revocation_unavailable', 'neither OCSP responder nor revocation list answers'] as const);
  if (policy === 'required') throw new PkiError(code, detail);
  report({ kind: 'unchecked', detail });
}

/** Each certificate under the anchor with its issuer, starting with the end entity. */
export function linksOf({ certificate, chain }: VerifiedPath): [Asked, ...Asked[]] {
  const [issuer, ...above] = chain;
  return [
    { certificate, issuer },
    ...above.map((ca, index): Asked => ({ certificate: chain[index] ?? issuer, issuer: ca })),
  ];
}
