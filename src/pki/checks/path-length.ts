import { type CertificateContents, isSelfIssued } from '../certificate.ts';
import { PkiError } from '../errors.ts';

/**
 * No CA has more CAs below it than its pathLenConstraint allows; self-issued ones do not count. (RFC 5280 4.2.1.9) The
 * constraint of the trust anchor applies too.
 *
 * @param chain the end entity's issuer first, the trust anchor last
 */
export function pathLength(chain: readonly CertificateContents[]): void {
  for (const [index, { basicConstraints, fingerprint }] of chain.entries()) {
    const allowed = basicConstraints?.pathLength ?? Infinity;
    const below = chain.slice(0, index).filter((ca) => !isSelfIssued(ca)).length;
    if (below > allowed) {
      throw new PkiError(
        'path_length_exceeded',
        `${fingerprint} allows ${allowed} CAs below it, not ${below}`,
      );
    }
  }
}
