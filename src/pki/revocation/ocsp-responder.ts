import { createHash } from 'node:crypto';
import { id_kp_OCSPSigning as OCSP_SIGNING } from '@peculiar/asn1-ocsp';
import { LRUCache } from 'lru-cache';
import { type CertificateContents, parseCertificate } from '../certificate.ts';
import { criticalExtensions } from '../checks/critical-extensions.ts';
import { endEntity } from '../checks/end-entity.ts';
import { signature } from '../checks/signature.ts';
import { validity } from '../checks/validity.ts';
import type { DerElement } from '../der/der.ts';
import { mayHaveIssued } from '../path-building.ts';
import { RevocationSourceError, under } from './errors.ts';

const BY_NAME = 0xa1;
const BY_KEY = 0xa2;
/** Limit of parsed certificates. A responder sends its own certificate, and possibly the CA's; parsing each takes time. */
const MAX_CERTIFICATES = 8;

/**
 * Responders whose certificates a CA has issued for this purpose, by CA and certificate: the same one signs thousands of answers.
 * Only what has passed every check but that of the time is here.
 */
const delegated = new LRUCache<string, CertificateContents>({ max: 32 });

/**
 * Returns the certificate of the responder that the response names, if it may sign responses for certificates of `issuer`: the
 * CA itself, or a responder that the CA has certified for this purpose. (RFC 6960 4.2.2.2)
 *
 * Locally configured responders, the third kind of RFC 6960, are not supported.
 *
 * @param responderId a ResponderID
 * @param certificates the certificates in the response
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
    const key = `${issuer.fingerprint} ${Buffer.from(bytes).toString('base64')}`;
    const known = delegated.get(key);
    const candidate = known ?? under('ocsp_malformed', () => parseCertificate(bytes));
    if (!isNamed(candidate, responderId)) continue;
    under('ocsp_responder_not_authorised', () => {
      if (!known) requireDelegated(candidate, issuer);
      validity(candidate, at);
    });
    delegated.set(key, candidate);
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
 * The responder's certificate is issued directly by the CA, with the same key as the certificate in question, for OCSP
 * signing. Without id-pkix-ocsp-nocheck its own revocation would have to be looked up in the CA's list; but with that list
 * the responder is not needed. Therefore such a responder is not accepted, and the list is used.
 */
function requireDelegated(responder: CertificateContents, issuer: CertificateContents): void {
  if (!mayHaveIssued(issuer, responder)) throw notAuthorised('is of another CA');
  signature(responder, issuer);
  endEntity(responder);
  criticalExtensions(responder);
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
