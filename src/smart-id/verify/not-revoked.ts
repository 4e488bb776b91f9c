import { PkiError } from '../../pki/errors.ts';
import type { VerifiedPath } from '../../pki/path-validation.ts';
import { checkRevocation, type RevocationPolicy } from '../../pki/revocation.ts';
import { VerificationError } from './errors.ts';

/**
 * Step 5: the certificate and its issuing CAs are not revoked, as far as the policy asks.
 *
 * @throws VerificationError what the revocation check refuses, under its own code
 */
export async function requireNotRevoked(path: VerifiedPath, policy: RevocationPolicy): Promise<void> {
  try {
    await checkRevocation(path, policy);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    throw new VerificationError(error.code, error.message, { cause: error });
  }
}
