import { PkiError } from '../../../pki/errors.ts';
import type { VerifiedPath } from '../../../pki/path-validation.ts';
import type { RevocationEvidence } from '../../../pki/revocation/evidence.ts';
import type { RevocationCheck } from '../../../pki/revocation/revocation.ts';
import { VerificationError } from '../errors.ts';

/** `off`: revocation is not checked, and a revoked certificate is accepted until it expires. */
export type Revocation = RevocationCheck | 'off';

/**
 * Step 5: the certificate and its issuing CAs are not revoked. The configuration decides which of them are checked.
 *
 * @returns what the CAs have said; nothing if revocation is not checked
 * @throws VerificationError the codes of the revocation check
 */
export async function requireNotRevoked(
  path: VerifiedPath,
  revocation: Revocation,
): Promise<readonly RevocationEvidence[]> {
  if (revocation === 'off') return [];
  try {
    return await revocation(path);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    throw new VerificationError(error.code, error.message, { cause: error });
  }
}
