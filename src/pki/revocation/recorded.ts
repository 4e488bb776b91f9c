/**
 * The revocation check of an earlier login, once more and without a network: the recorded answers take the place of the sources,
 * and pass the same checks as when they arrived.
 */
import { PkiError } from '../errors.ts';
import type { Asked } from './cert-id.ts';
import { isListed, verifyCrl } from './crl/crl.ts';
import { RevocationSourceError } from './errors.ts';
import type { RevocationEvidence } from './evidence.ts';
import { verifyOcspResponse } from './ocsp-response.ts';
import { CA_GOOD_MS, type Finding, linksOf, requireGood, type RevocationCheck } from './revocation.ts';
import { CLOCK_TOLERANCE_MS } from './update-window.ts';

/**
 * Creates the check with the policy `required`.
 *
 * @param at the time at which the certificates must have been good; a CA's answer may be an hour older, for which time a
 *   check caches it
 */
export function recordedRevocation(recorded: readonly RevocationEvidence[], at: Date): RevocationCheck {
  return async (path) => {
    const [person, ...above] = linksOf(path);
    const problems: RevocationSourceError[] = [];
    const findings = [find(person, false), ...above.map((ca) => find(ca, true))] as const;
    try {
      requireGood(findings, 'required', () => undefined);
    } catch (error) {
      throw withReason(error, problems);
    }
    return findings.flatMap(({ evidence }) => evidence ?? []);

    function find(asked: Asked, isCa: boolean): Finding {
      const evidence = recorded.find(({ fingerprint }) => fingerprint === asked.certificate.fingerprint);
      if (evidence === undefined) return { status: 'unavailable' };
      try {
        return { status: statusBy(evidence, asked, isCa ? arrivalOf(evidence, at) : at), evidence };
      } catch (error) {
        if (!(error instanceof RevocationSourceError)) throw error;
        problems.push(error);
        return { status: 'unavailable' };
      }
    }
  };
}

function statusBy(evidence: RevocationEvidence, asked: Asked, at: Date): Finding['status'] {
  switch (evidence.source) {
    case 'ocsp':
      return verifyOcspResponse(evidence.response, { ...asked, nonce: evidence.nonce }, at).status;
    case 'crl':
      return isListed(verifyCrl(evidence.list, asked.issuer, at), asked.certificate) ? 'revoked' : 'good';
  }
}

/** When a CA's answer arrived, if it was cached until `at`; otherwise `at`, at which it is outdated. */
function arrivalOf(evidence: RevocationEvidence, at: Date): Date {
  if (evidence.source === 'crl') return at;
  const age = at.getTime() - evidence.at.getTime();
  return age >= -CLOCK_TOLERANCE_MS && age <= CA_GOOD_MS + CLOCK_TOLERANCE_MS ? evidence.at : at;
}

/** Names the code of the source, which says what is wrong with the recorded answer. */
function withReason(error: unknown, [cause]: readonly RevocationSourceError[]): unknown {
  if (!(error instanceof PkiError) || cause === undefined) return error;
  return new PkiError(error.code, `${cause.message} (${cause.code})`, { cause });
}
