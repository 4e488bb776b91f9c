/** Builds what clients with a TLS certificate need: the CAs that count, and where certificates come from. */
import type { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Config } from '../../config/config.ts';
import type { Logger } from '../../log/logger.ts';
import type { MutualTls } from '../../oidc/mtls/mutual-tls.ts';
import { createPresentedCertificate } from '../../oidc/mtls/presented-certificate.ts';
import { type CertificateContents, parseCertificate } from '../../pki/certificate.ts';
import { PkiError } from '../../pki/errors.ts';
import { validatePath } from '../../pki/path-validation.ts';
import { parseCertificates } from '../../pki/trust-directory.ts';
import { buildTrustStore } from '../../pki/trust-store-building.ts';
import type { TrustStore } from '../../pki/trust-store.ts';
import { systemReason } from '../../system-reason.ts';
import { StartError } from '../start-error.ts';

/** id-kp-clientAuth, anyExtendedKeyUsage. (RFC 5280 4.2.1.12) */
const CLIENT_PURPOSES: readonly string[] = ['1.3.6.1.5.5.7.3.2', '2.5.29.37.0'];

/**
 * @param now milliseconds since the epoch
 * @returns undefined where the configuration has no client certificates
 * @throws {StartError} when MTLS_CA_FILE has no usable CA
 */
export function mutualTlsOf(
  { mtls }: Pick<Config, 'mtls'>,
  { log, now }: { readonly log: Logger; readonly now: () => number },
): MutualTls | undefined {
  if (!mtls) return undefined;
  let warned = false;
  return {
    presented: createPresentedCertificate({
      header: mtls.header,
      onUntrusted: () => {
        if (warned) return;
        warned = true;
        log.warn(
          { event: 'client_certificate_ignored' },
          'the header MTLS_CERT_HEADER came from an address that is not in MTLS_PROXIES, and was ignored',
        );
      },
    }),
    isIssued: mtls.caFile === undefined ? undefined : issuedBy(readAuthorities(mtls.caFile), now),
    origin: mtls.origin,
  };
}

/** Whether a certificate has a valid path to one of the CAs now, and is for TLS clients. Revocation is not checked. */
export function issuedBy(
  authorities: TrustStore,
  now: () => number,
): (certificate: X509Certificate) => boolean {
  return ({ raw }) => {
    try {
      return isForClients(validatePath(parseCertificate(raw), authorities, new Date(now())).certificate);
    } catch (error) {
      if (error instanceof PkiError) return false;
      throw error;
    }
  };
}

/** Without an extension of purposes a certificate is for all. (RFC 5280 4.2.1.3, 4.2.1.12) */
function isForClients({ extendedKeyUsage, keyUsage }: CertificateContents): boolean {
  const isPurpose =
    extendedKeyUsage.length === 0 || extendedKeyUsage.some((purpose) => CLIENT_PURPOSES.includes(purpose));
  return isPurpose && (keyUsage?.has('digitalSignature') ?? true);
}

function readAuthorities(path: string): TrustStore {
  try {
    return buildTrustStore(parseCertificates(readFileSync(path)));
  } catch (cause) {
    const reason = cause instanceof PkiError ? cause.message : systemReason(cause);
    throw new StartError(`MTLS_CA_FILE: ${path} must have CA certificates, in PEM (${reason}).`, { cause });
  }
}
