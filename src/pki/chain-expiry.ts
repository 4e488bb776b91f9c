import { X509Certificate } from 'node:crypto';

/**
 * When the first certificate of a PEM chain expires: clients refuse the whole chain from then on.
 *
 * @returns an invalid Date if the text has no certificate
 * @throws errors of `X509Certificate`, for a certificate that cannot be parsed
 */
export function chainExpiry(chain: string): Date {
  const certificates = chain.match(/-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs) ?? [];
  return new Date(Math.min(...certificates.map((pem) => new X509Certificate(pem).validToDate.getTime())));
}
