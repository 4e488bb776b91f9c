import { parseCertificate } from '../../../pki/certificate.ts';
import { PkiError } from '../../../pki/errors.ts';
import { validatePath, type VerifiedPath } from '../../../pki/path-validation.ts';
import type { TrustStore } from '../../../pki/trust-store.ts';
import { decodeCanonicalBase64 } from '../base64.ts';
import { VerificationError } from '../errors.ts';

/**
 * Step 4: the certificate has a valid path to a configured Smart-ID CA at the time `now`. (RFC 5280, 6.1)
 *
 * @param value Base64 of the DER
 * @throws VerificationError response_part_malformed, and the codes of path validation
 */
export function trustedPath(value: string, trust: TrustStore, now: Date): VerifiedPath {
  const der = decodeCanonicalBase64(value, 'cert.value');
  try {
    return validatePath(parseCertificate(der), trust, now);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    throw new VerificationError(error.code, error.message, { cause: error });
  }
}
