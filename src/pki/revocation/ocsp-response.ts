import { id_pkix_ocsp_nonce as NONCE, ResponseData, type SingleResponse } from '@peculiar/asn1-ocsp';
import { AsnConvert } from '@peculiar/asn1-schema';
import type { Extension } from '@peculiar/asn1-x509';
import { signatureBy } from '../checks/signature.ts';
import { isCertIdOf } from './cert-id.ts';
import { RevocationSourceError, under } from './errors.ts';
import { readOcspLayout } from './ocsp-layout.ts';
import { nonceValue, type OcspQuestion } from './ocsp-request.ts';
import { authorisedSigner } from './ocsp-responder.ts';
import { outside } from './update-window.ts';

/** What a CA says of a certificate of its own. `unknown`: that it does not know of having issued it. */
export type RevocationStatus = 'good' | 'revoked' | 'unknown';

export interface RevocationAnswer {
  readonly status: RevocationStatus;
  /** When there will be news at the latest; absent where there may be any time. */
  readonly nextUpdate: Date | undefined;
}

/**
 * Verifies what a responder answered to a question. Nothing of it counts before its signature holds, by somebody who may
 * sign. (RFC 6960 3.2)
 *
 * @param bytes an OCSPResponse, in DER to the last byte
 * @param at when the answer came
 * @throws RevocationSourceError under an `ocsp_…` code for anything that does not hold
 */
export function verifyOcspResponse(bytes: Uint8Array, question: OcspQuestion, at: Date): RevocationAnswer {
  const layout = under('ocsp_malformed', () => readOcspLayout(bytes));
  const signer = authorisedSigner(layout.responderId, layout.certificates, question.issuer, at);
  under('ocsp_signature_invalid', () => {
    signatureBy(signer, layout.signature);
  });
  const data = under('ocsp_malformed', () => AsnConvert.parse(layout.data.bytes, ResponseData));
  requireNonce(data.responseExtensions, question.nonce);
  requireProducedNow(data.producedAt, at);
  const single = theOneAbout(question, data.responses);
  requireUpToDate(single, at);
  return { status: statusOf(single), nextUpdate: single.nextUpdate };
}

/**
 * An answer to another question is refused. One to no question in particular is not: made within the last minutes, as
 * every answer has to be, it can be a replay of no older news than a revocation list brings.
 */
function requireNonce(extensions: readonly Extension[] | undefined, nonce: Uint8Array): void {
  requireUnderstood(extensions, [NONCE]);
  const answered = (extensions ?? []).filter(({ extnID }) => extnID === NONCE);
  const sent = nonceValue(nonce);
  if (answered.some(({ extnValue }) => Buffer.compare(new Uint8Array(extnValue.buffer), sent) !== 0)) {
    throw new RevocationSourceError('ocsp_nonce_mismatch', 'the answer is to another question');
  }
}

function requireProducedNow(producedAt: Date, at: Date): void {
  requireInside({ thisUpdate: producedAt, nextUpdate: producedAt }, at);
}

/** Without nextUpdate there may be news at any time, so that what is told has to be of this moment. */
function requireUpToDate({ thisUpdate, nextUpdate = thisUpdate }: SingleResponse, at: Date): void {
  requireInside({ thisUpdate, nextUpdate }, at);
}

function requireInside(window: { readonly thisUpdate: Date; readonly nextUpdate: Date }, at: Date): void {
  const problem = outside(window, at);
  if (problem) throw new RevocationSourceError(`ocsp_${problem}`, 'the answer is not of this time');
}

function theOneAbout(question: OcspQuestion, responses: readonly SingleResponse[]): SingleResponse {
  const [single, ...more] = responses.filter(({ certID }) => isCertIdOf(certID, question));
  if (!single || more.length > 0) {
    throw new RevocationSourceError('ocsp_other_certificate', 'not one answer about the certificate');
  }
  requireUnderstood(single.singleExtensions, []);
  return single;
}

/** RFC 6960 4.4: an extension that is critical must be understood. */
function requireUnderstood(extensions: readonly Extension[] = [], understood: readonly string[]): void {
  const unknown = extensions.find(({ critical, extnID }) => critical && !understood.includes(extnID));
  if (unknown) {
    throw new RevocationSourceError(
      'ocsp_critical_extension',
      `critical extension ${unknown.extnID} is not understood`,
    );
  }
}

function statusOf({ certStatus }: SingleResponse): RevocationStatus {
  if (certStatus.revoked !== undefined) return 'revoked';
  return certStatus.good === null ? 'good' : 'unknown';
}
