import { z } from 'zod';
import type { VerifiedCertificate } from '../pki/certificate.ts';
import { COMMON_NAME } from '../pki/distinguished-name.ts';

/** Which certificate identified a person: the evidence of a login. Plain JSON; the schema parses stored facts. */
export const certificateFactsSchema = z
  .object({
    /** The common name of the issuing CA. */
    issuer: z.string(),
    /** Upper-case hexadecimal, without zeros in front that only make the number positive. */
    serialNumber: z.string(),
    /** Seconds since the epoch. */
    validFrom: z.int(),
    /** Seconds since the epoch. */
    validUntil: z.int(),
  })
  .readonly();

export type CertificateFacts = z.output<typeof certificateFactsSchema>;

export function certificateFactsOf(certificate: VerifiedCertificate): CertificateFacts {
  return {
    issuer: certificate.issuer.values(COMMON_NAME).join(' '),
    serialNumber: Buffer.from(certificate.serialNumber)
      .toString('hex')
      .toUpperCase()
      .replace(/^(?:00)+(?=..)/, ''),
    validFrom: Math.floor(certificate.notBefore.getTime() / 1000),
    validUntil: Math.floor(certificate.notAfter.getTime() / 1000),
  };
}
