/**
 * Whether the certificates of a validated path have been revoked. (RFC 5280 6.3, RFC 6960)
 *
 *   each certificate under the anchor ─ OCSP ─▶ good, revoked, unknown
 *                                        └ no answer that counts ─ CRL ─▶ good, revoked
 *                                                                   └ none ─▶ the policy says
 *
 * All certificates of the path are asked about at once. The trust anchor is not: whom the operator trusts is for the
 * operator to say. Only a path that has been validated comes here, so that nothing is sent to an address of anybody
 * else's choosing.
 */
import type { VerifiedPath } from '../path-validation.ts';
import { PkiError } from '../errors.ts';
import type { Asked } from './cert-id.ts';
import type { VerifiedCrl } from './crl.ts';
import { RevocationSourceError, type RevocationSourceErrorCode } from './errors.ts';
import type { RevocationFetch } from './http.ts';
import { createExpiringCache, type Expiring } from './expiring-cache.ts';
import type { RevocationStatus } from './ocsp-response.ts';
import { askCrl, askOcsp } from './sources.ts';

/**
 * How much it matters. `required`: a certificate passes where its CA says that it is good. `best-effort`: it passes
 * unless its CA says that it is revoked.
 */
export type RevocationPolicy = 'required' | 'best-effort';

/**
 * Resolves where every certificate of the path may be believed.
 *
 * @throws PkiError certificate_revoked, issuer_revoked; and where the policy requires an answer, revocation_unknown for a
 * CA that does not know the certificate, revocation_unavailable where nobody answers
 */
export type RevocationCheck = (path: VerifiedPath) => Promise<void>;

/** For the operator: what did not work, or was let pass. No personal data. */
export type RevocationReport =
  | {
      readonly kind: 'source_failed';
      readonly source: 'ocsp' | 'crl';
      readonly code: RevocationSourceErrorCode;
      readonly detail: string;
    }
  /** Under `best-effort`: nobody said that the certificate is good. */
  | { readonly kind: 'unchecked'; readonly detail: string };

export interface RevocationOptions {
  readonly policy: RevocationPolicy;
  readonly fetch: RevocationFetch;
  readonly randomBytes: (size: number) => Uint8Array;
  readonly now: () => Date;
  readonly report: (report: RevocationReport) => void;
}

type Finding = RevocationStatus | 'unavailable';

/**
 * How long a CA's certificate counts as good once its responder or list has said so. There are few of them, and the same
 * ones in every login; a person's is asked about each time.
 */
const CA_GOOD_MS = 3_600_000;

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
    requireGood(findings);
  };

  function requireGood([person, ...issuers]: readonly [Finding, ...Finding[]]): void {
    if (issuers.includes('revoked')) throw new PkiError('issuer_revoked', 'a CA of the path is revoked');
    if (person === 'revoked') throw new PkiError('certificate_revoked', 'the certificate is revoked');
    const unproven = [person, ...issuers].find((finding) => finding !== 'good');
    if (unproven === undefined) return;
    const [code, detail] =
      unproven === 'unknown'
        ? (['revocation_unknown', 'a CA says that it does not know the certificate'] as const)
        : (['revocation_unavailable', 'neither OCSP responder nor revocation list answers'] as const);
    if (policy === 'required') throw new PkiError(code, detail);
    report({ kind: 'unchecked', detail });
  }

  async function findingOf(asked: Asked): Promise<Expiring<Finding>> {
    for (const [source, ask] of [
      ['ocsp', askOcsp],
      ['crl', askCrl],
    ] as const) {
      try {
        const { status, nextUpdate } = await ask(asked, context);
        return { value: status, until: status === 'good' ? cachedUntil(nextUpdate) : undefined };
      } catch (error) {
        failed(source, error);
      }
    }
    return { value: 'unavailable', until: undefined };
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

/** Each certificate under the anchor with its issuer, the end entity's first. */
function linksOf({ certificate, chain }: VerifiedPath): [Asked, ...Asked[]] {
  const [issuer, ...above] = chain;
  return [
    { certificate, issuer },
    ...above.map((ca, index): Asked => ({ certificate: chain[index] ?? issuer, issuer: ca })),
  ];
}
