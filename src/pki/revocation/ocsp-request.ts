import { id_pkix_ocsp_nonce as NONCE } from '@peculiar/asn1-ocsp';
import { AsnObjectIdentifierConverter } from '@peculiar/asn1-schema';
import { encodeDer } from '../der/encoding.ts';
import { type Asked, encodeCertId } from './cert-id.ts';

export interface OcspQuestion extends Asked {
  /** Random, at most 32 bytes: binds the response to this request. (RFC 9654 2.1) */
  readonly nonce: Uint8Array;
}

const OCTET_STRING = 0x04;
const SEQUENCE = 0x30;
const REQUEST_EXTENSIONS = 0xa2;
/** The type of the extension, in DER. */
const NONCE_TYPE = new Uint8Array(AsnObjectIdentifierConverter.toASN(NONCE).toBER());

/** Encodes an unsigned request for one certificate. (RFC 6960 4.1) */
export function encodeOcspRequest(question: OcspQuestion): Uint8Array {
  const requests = encodeDer(SEQUENCE, encodeDer(SEQUENCE, encodeCertId(question)));
  const nonce = encodeDer(SEQUENCE, NONCE_TYPE, encodeDer(OCTET_STRING, nonceValue(question.nonce)));
  const extensions = encodeDer(REQUEST_EXTENSIONS, encodeDer(SEQUENCE, nonce));
  return encodeDer(SEQUENCE, encodeDer(SEQUENCE, requests, extensions));
}

/** The value of the nonce extension, which the responder returns unchanged. */
export function nonceValue(nonce: Uint8Array): Uint8Array {
  return encodeDer(OCTET_STRING, nonce);
}
