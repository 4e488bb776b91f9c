import { isSelfIssued, type UnverifiedCertificate } from './certificate.ts';
import { signature } from './checks/signature.ts';
import { PkiError } from './errors.ts';
import { mayHaveIssued } from './path-building.ts';
import { createTrustStore, requireUsable, type TrustStore } from './trust-store.ts';

/**
 * A trust store of the CAs that an operator trusts, roots and issuing CAs alike. An issuing CA whose root is trusted too
 * is an intermediate under it, so that its own revocation is looked at; any other is an anchor itself.
 *
 * @throws PkiError as `createTrustStore`, an intermediate being held to the same
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
    // A signature that path validation would refuse, such as one with SHA-1, makes no path.
    if (error instanceof PkiError) return false;
    throw error;
  }
}
