import { createHash } from 'node:crypto';
import { id_kp_OCSPSigning as OCSP_SIGNING } from '@peculiar/asn1-ocsp';
import { type CertificateContents, parseCertificate } from '../certificate.ts';
import { criticalExtensions } from '../checks/critical-extensions.ts';
import { endEntity } from '../checks/end-entity.ts';
import { signature } from '../checks/signature.ts';
import { validity } from '../checks/validity.ts';
import type { DerElement } from '../der.ts';
import { RevocationSourceError, under } from './errors.ts';

const BY_NAME = 0xa1;
const BY_KEY = 0xa2;
/** A responder sends its own certificate, perhaps with the CA's; each costs time to parse. */
const MAX_CERTIFICATES = 8;

/**
 * Who may sign answers about the certificates of `issuer`, and is named as having done so: the CA itself, or a responder
 * that the CA has certified for nothing but that. (RFC 6960 4.2.2.2)
 *
 * The operator names no responders of his own, so RFC 6960's third kind does not exist.
 *
 * @param responderId a ResponderID
 * @param certificates what came with the answer
 * @throws RevocationSourceError ocsp_malformed, ocsp_responder_unknown, ocsp_responder_not_authorised
 */
export function authorisedSigner(
  responderId: DerElement,
  certificates: readonly DerElement[],
  issuer: CertificateContents,
  at: Date,
): CertificateContents {
  if (isNamed(issuer, responderId)) return issuer;
  for (const { bytes } of certificates.slice(0, MAX_CERTIFICATES)) {
    const candidate = under('ocsp_malformed', () => parseCertificate(bytes));
    if (!isNamed(candidate, responderId)) continue;
    under('ocsp_responder_not_authorised', () => {
      requireDelegated(candidate, issuer, at);
    });
    return candidate;
  }
  throw new RevocationSourceError('ocsp_responder_unknown', 'there is no certificate of the responder');
}

function isNamed({ subject, publicKeyBits }: CertificateContents, { tag, children }: DerElement): boolean {
  const [named] = children;
  if (!named) return false;
  if (tag === BY_NAME) return Buffer.compare(named.bytes, subject.der) === 0;
  return tag === BY_KEY && createHash('sha1').update(publicKeyBits).digest().equals(named.content);
}

/**
 * Issued by the CA directly, with the very key that issued the certificate in question, for signing such answers. One
 * without id-pkix-ocsp-nocheck would have to be looked up in the CA's list; but with that list at hand, nobody need ask
 * the responder. So it does not count, and the list does.
 */
function requireDelegated(responder: CertificateContents, issuer: CertificateContents, at: Date): void {
  if (Buffer.compare(responder.issuer.der, issuer.subject.der) !== 0) throw notAuthorised('is of another CA');
  signature(responder, issuer);
  endEntity(responder);
  criticalExtensions(responder);
  validity(responder, at);
  if (!responder.extendedKeyUsage.includes(OCSP_SIGNING)) throw notAuthorised('is not for OCSP signing');
  if (!responder.keyUsage?.has('digitalSignature')) throw notAuthorised('is not for digital signatures');
  if (!responder.ocspNoCheck) throw notAuthorised('would have to be checked itself');
}

function notAuthorised(reason: string): RevocationSourceError {
  return new RevocationSourceError(
    'ocsp_responder_not_authorised',
    `the certificate of the responder ${reason}`,
  );
}
