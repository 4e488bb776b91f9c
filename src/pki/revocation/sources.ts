/**
 * The two revocation sources, OCSP responder and revocation list, at the addresses in the certificate. Both are requested over
 * plain http, and trusted only by their signatures.
 */
import type { Asked } from './cert-id.ts';
import { isListed, MAX_CRL_BYTES, verifyCrl, type VerifiedCrl } from './crl/crl.ts';
import { RevocationSourceError } from './errors.ts';
import type { RevocationEvidence } from './evidence.ts';
import type { RevocationFetch } from './http.ts';
import type { ExpiringCache } from './expiring-cache.ts';
import { MAX_OCSP_BYTES } from './ocsp-layout.ts';
import { encodeOcspRequest } from './ocsp-request.ts';
import { type RevocationAnswer, verifyOcspResponse } from './ocsp-response.ts';

export interface SourceContext {
  readonly fetch: RevocationFetch;
  readonly randomBytes: (size: number) => Uint8Array;
  readonly now: () => Date;
  /** Revocation lists by address and CA, until their nextUpdate. Each instance has its own cache. */
  readonly crls: ExpiringCache<VerifiedCrl>;
}

/** The answer of a source, with what is needed to verify it once more. */
export interface SourcedAnswer extends RevocationAnswer {
  readonly evidence: RevocationEvidence;
}

/** For each of the two sources, which are requested one after the other while the person waits. */
const TIMEOUT_MS = 5_000;
/** The length that RFC 9654 2.1 recommends to clients. */
const NONCE_BYTES = 32;

/** Requests the status from the CA's OCSP responder. @throws RevocationSourceError if there is no valid answer */
export async function askOcsp(
  asked: Asked,
  { fetch, randomBytes, now }: Omit<SourceContext, 'crls'>,
): Promise<SourcedAnswer> {
  const question = { ...asked, nonce: randomBytes(NONCE_BYTES) };
  const response = await fetch({
    url: onlyAddress(asked.certificate.ocspUrls),
    ocspRequest: encodeOcspRequest(question),
    type: 'application/ocsp-response',
    maxBytes: MAX_OCSP_BYTES,
    timeoutMs: TIMEOUT_MS,
  });
  const at = now();
  const { fingerprint } = asked.certificate;
  return {
    ...verifyOcspResponse(response, question, at),
    evidence: { source: 'ocsp', fingerprint, response, nonce: question.nonce, at },
  };
}

/** Looks the certificate up in the CA's revocation list. @throws RevocationSourceError if there is no valid list */
export async function askCrl(
  { certificate, issuer }: Asked,
  { fetch, now, crls }: Omit<SourceContext, 'randomBytes'>,
): Promise<SourcedAnswer> {
  const url = onlyAddress(certificate.crlUrls);
  const crl = await crls(`${issuer.fingerprint} ${url}`, async () => {
    const list = await fetch({
      url,
      maxBytes: MAX_CRL_BYTES,
      timeoutMs: TIMEOUT_MS,
    });
    const value = verifyCrl(list, issuer, now());
    return { value, until: value.nextUpdate };
  });
  const { fingerprint } = certificate;
  return {
    status: isListed(crl, certificate) ? 'revoked' : 'good',
    nextUpdate: crl.nextUpdate,
    evidence: { source: 'crl', fingerprint, list: crl.bytes },
  };
}

/** Certificates of Smart-ID contain one address for each source. */
function onlyAddress(urls: readonly string[]): string {
  const url = urls.find((one) => one.startsWith('http://') && URL.canParse(one));
  if (url === undefined) {
    throw new RevocationSourceError('no_address', 'the certificate names no http address');
  }
  return url;
}
