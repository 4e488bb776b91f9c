import { id_pkix_ocsp_nonce as NONCE } from '@peculiar/asn1-ocsp';
import { signatureBy } from '../checks/signature.ts';
import type { Extension } from '../extensions.ts';
import { isCertIdOf } from './cert-id.ts';
import { RevocationSourceError, under } from './errors.ts';
import type { RevocationStatus, SingleResponse } from './ocsp-data.ts';
import { readOcspLayout } from './ocsp-layout.ts';
import { nonceValue, type OcspQuestion } from './ocsp-request.ts';
import { authorisedSigner } from './ocsp-responder.ts';
import { outside } from './update-window.ts';

export interface RevocationAnswer {
  readonly status: RevocationStatus;
  /** The latest time of the next update; undefined: newer information can be available at any time. */
  readonly nextUpdate: Date | undefined;
}

/**
 * Verifies the response to an OCSP request. The signature of an authorised signer is verified before the signed data are
 * used. (RFC 6960 3.2)
 *
 * @param bytes an OCSPResponse in DER, without further bytes
 * @param at when the response arrived
 * @throws RevocationSourceError with an `ocsp_…` code if a check fails
 */
export function verifyOcspResponse(bytes: Uint8Array, question: OcspQuestion, at: Date): RevocationAnswer {
  const { data, certificates, signature } = under('ocsp_malformed', () => readOcspLayout(bytes));
  const signer = authorisedSigner(data.responderId, certificates, question.issuer, at);
  under('ocsp_signature_invalid', () => {
    signatureBy(signer, signature);
  });
  requireNonce(data.extensions, question.nonce);
  requireProducedNow(data.producedAt, at);
  const single = theOneAbout(question, data.responses);
  requireUpToDate(single, at);
  return { status: single.status, nextUpdate: single.nextUpdate };
}

/**
 * A response with another nonce is refused. A response without a nonce is accepted: every response must have been produced
 * within the last minutes, so a replayed one is no older than the information in a revocation list.
 */
function requireNonce(extensions: readonly Extension[], nonce: Uint8Array): void {
  requireUnderstood(extensions, [NONCE]);
  const answered = extensions.filter(({ type }) => type === NONCE);
  const sent = nonceValue(nonce);
  if (answered.some(({ value }) => Buffer.compare(value, sent) !== 0)) {
    throw new RevocationSourceError('ocsp_nonce_mismatch', 'the answer is to another question');
  }
}

function requireProducedNow(producedAt: Date, at: Date): void {
  requireInside({ thisUpdate: producedAt, nextUpdate: producedAt }, at);
}

/** Without nextUpdate newer information can be available at any time, so thisUpdate must be the current time. */
function requireUpToDate({ thisUpdate, nextUpdate = thisUpdate }: SingleResponse, at: Date): void {
  requireInside({ thisUpdate, nextUpdate }, at);
}

function requireInside(window: { readonly thisUpdate: Date; readonly nextUpdate: Date }, at: Date): void {
  const problem = outside(window, at);
  if (problem) throw new RevocationSourceError(`ocsp_${problem}`, 'the answer is not of this time');
}

function theOneAbout(question: OcspQuestion, responses: readonly SingleResponse[]): SingleResponse {
  const [single, ...more] = responses.filter(({ certId }) => isCertIdOf(certId, question));
  if (!single || more.length > 0) {
    throw new RevocationSourceError('ocsp_other_certificate', 'not one answer about the certificate');
  }
  requireUnderstood(single.extensions, []);
  return single;
}

/** RFC 6960 4.4: an unknown critical extension makes the response unusable. */
function requireUnderstood(extensions: readonly Extension[], understood: readonly string[]): void {
  const unknown = extensions.find(({ critical, type }) => critical && !understood.includes(type));
  if (unknown) {
    throw new RevocationSourceError(
      'ocsp_critical_extension',
      `critical extension ${unknown.type} is not understood`,
    );
  }
}
