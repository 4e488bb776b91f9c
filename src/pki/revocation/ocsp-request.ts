import { id_pkix_ocsp_nonce as NONCE, Nonce, OCSPRequest, Request, TBSRequest } from '@peculiar/asn1-ocsp';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { Extension } from '@peculiar/asn1-x509';
import { type Asked, certIdOf } from './cert-id.ts';

export interface OcspQuestion extends Asked {
  /** Random, at most 32 bytes: binds the response to this request. (RFC 9654 2.1) */
  readonly nonce: Uint8Array;
}

/** Encodes an unsigned request for one certificate. (RFC 6960 4.1) */
export function encodeOcspRequest(question: OcspQuestion): Uint8Array {
  const nonce = new Extension({ extnID: NONCE, extnValue: new OctetString(nonceValue(question.nonce)) });
  const tbsRequest = new TBSRequest({
    requestList: [new Request({ reqCert: certIdOf(question) })],
    requestExtensions: [nonce],
  });
  return new Uint8Array(AsnConvert.serialize(new OCSPRequest({ tbsRequest })));
}

/** The value of the nonce extension, which the responder returns unchanged. */
export function nonceValue(nonce: Uint8Array): Uint8Array {
  return new Uint8Array(AsnConvert.serialize(new Nonce(nonce)));
}
