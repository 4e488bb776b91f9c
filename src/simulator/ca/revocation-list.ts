import 'reflect-metadata';
import { AsnConvert } from '@peculiar/asn1-schema';
import { CRLNumber, id_ce_cRLNumber } from '@peculiar/asn1-x509';
import { AuthorityKeyIdentifierExtension, Extension, X509CrlGenerator, X509CrlReason } from '@peculiar/x509';
import { CA_ALGORITHM } from './certificate-authority.ts';
import { type Defect, type PublishingAuthority, validityOf } from './publishing-authority.ts';

/** The CA's complete CRL, in DER. (RFC 5280 5) */
export async function revocationList(
  { slug, issuer, issued, revocation, now }: PublishingAuthority,
  defect: Defect,
): Promise<Buffer> {
  const updates = validityOf(now(), defect);
  const revoked = issued.all(slug).filter(([, holder]) => revocation.isRevoked(holder));
  const crl = await X509CrlGenerator.create({
    ...updates,
    issuer: issuer.certificate.subjectName,
    signingAlgorithm: CA_ALGORITHM,
    signingKey: defect === 'wrong-key' ? await anotherKey() : issuer.signingKey,
    entries: revoked.map(([serialNumber]) => ({
      serialNumber,
      revocationDate: updates.thisUpdate,
      reason: X509CrlReason.cessationOfOperation,
    })),
    extensions: [
      await AuthorityKeyIdentifierExtension.create(issuer.certificate.publicKey),
      // The time in seconds, so that the number increases.
      new Extension(
        id_ce_cRLNumber,
        false,
        AsnConvert.serialize(new CRLNumber(updates.thisUpdate.getTime() / 1000)),
      ),
    ],
  });
  return Buffer.from(crl.rawData);
}

async function anotherKey(): Promise<CryptoKey> {
  return (await crypto.subtle.generateKey(CA_ALGORITHM, false, ['sign', 'verify'])).privateKey;
}
