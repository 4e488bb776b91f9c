import { id_pkix_ocsp_basic } from '@peculiar/asn1-ocsp';
import { AsnObjectIdentifierConverter } from '@peculiar/asn1-schema';
import { type DerElement, malformed, readSequence, requireParts } from '../der/der.ts';
import { readSignature, type Signature } from '../signature.ts';
import { RevocationSourceError } from './errors.ts';
import { type OcspData, readOcspData } from './ocsp-data.ts';

const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OBJECT_IDENTIFIER = 0x06;
const ENUMERATED = 0x0a;
const SEQUENCE = 0x30;
const TAGGED_0 = 0xa0;
const SUCCESSFUL = 0;
/** The type of the response, in DER. */
const BASIC = new Uint8Array(AsnObjectIdentifierConverter.toASN(id_pkix_ocsp_basic).toBER());

/** More than a response with its responder's certificates needs. */
export const MAX_OCSP_BYTES = 64 * 1024;

/** The parts of a basic OCSP response. */
export interface OcspLayout {
  /** The signed part: to be believed when the signature is verified. */
  readonly data: OcspData;
  readonly signature: Signature;
  /** The certificates in the response. */
  readonly certificates: readonly DerElement[];
}

/**
 * Splits an OCSPResponse into its parts. (RFC 6960 4.2.1)
 *
 * @throws PkiError certificate_malformed, or RevocationSourceError ocsp_not_successful
 */
export function readOcspLayout(bytes: Uint8Array): OcspLayout {
  if (bytes.length > MAX_OCSP_BYTES) throw malformed('larger than 64 KiB');
  const response = readSequence(bytes);
  const [status] = requireParts(response, response.children[1] ? [ENUMERATED, TAGGED_0] : [ENUMERATED]);
  const code = status.content[0];
  if (status.content.length !== 1 || code !== SUCCESSFUL) {
    throw new RevocationSourceError('ocsp_not_successful', `the responder’s status is ${code ?? 'missing'}`);
  }
  return readBasicResponse(readSequence(basicResponse(response.children[1])));
}

function basicResponse(tagged: DerElement | undefined): Uint8Array {
  if (!tagged) throw malformed('successful, and without an answer');
  const [responseBytes] = requireParts(tagged, [SEQUENCE]);
  const [type, response] = requireParts(responseBytes, [OBJECT_IDENTIFIER, OCTET_STRING]);
  // Some parsers also accept the response itself inside of the OCTET STRING.
  if (Buffer.compare(type.bytes, BASIC) !== 0) throw malformed('not a basic response');
  return response.content;
}

function readBasicResponse(basic: DerElement): OcspLayout {
  const signed = [SEQUENCE, SEQUENCE, BIT_STRING] as const;
  const [data, algorithm, value] = requireParts(basic, basic.children[3] ? [...signed, TAGGED_0] : signed);
  const tagged = basic.children[3];
  return {
    data: readOcspData(data),
    signature: readSignature(data, algorithm, value),
    certificates: tagged ? requireParts(tagged, [SEQUENCE])[0].children : [],
  };
}
