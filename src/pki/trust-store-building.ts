import { isSelfIssued, type UnverifiedCertificate } from './certificate.ts';
import { signature } from './checks/signature.ts';
import { PkiError } from './errors.ts';
import { mayHaveIssued } from './path-building.ts';
import { createTrustStore, requireUsable, type TrustStore } from './trust-store.ts';

/**
 * Builds a trust store from the CAs that the operator trusts: roots and issuing CAs. An issuing CA whose root is trusted too
 * becomes an intermediate under it, so that its own revocation is checked; any other becomes a trust anchor.
 *
 * @throws PkiError as `createTrustStore`, also for an intermediate
 */
export function buildTrustStore(authorities: readonly UnverifiedCertificate[]): TrustStore {
  const distinct = [...new Map(authorities.map((one) => [one.fingerprint, one])).values()];
  const roots = distinct.filter(isSelfIssued);
  const isBelowRoot = (one: UnverifiedCertificate) =>
    !isSelfIssued(one) && roots.some((root) => hasIssued(root, one));
  const intermediates = distinct.filter(isBelowRoot);
  for (const intermediate of intermediates) requireUsable(intermediate);
  return createTrustStore({ anchors: distinct.filter((one) => !isBelowRoot(one)), intermediates });
}

function hasIssued(root: UnverifiedCertificate, certificate: UnverifiedCertificate): boolean {
  if (!mayHaveIssued(root, certificate)) return false;
  try {
    signature(certificate, root);
    return true;
  } catch (error) {
    // Path validation would refuse this signature too, for example one with SHA-1, so there is no such path.
    if (error instanceof PkiError) return false;
    throw error;
  }
}
