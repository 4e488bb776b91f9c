import { id_pkix_ocsp_basic as BASIC, ResponseBytes } from '@peculiar/asn1-ocsp';
import { AsnConvert } from '@peculiar/asn1-schema';
import { type DerElement, malformed, readSequence, requireParts } from '../der.ts';
import { readSignature, type Signature } from '../signature.ts';
import { RevocationSourceError } from './errors.ts';

const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OBJECT_IDENTIFIER = 0x06;
const ENUMERATED = 0x0a;
const SEQUENCE = 0x30;
const TAGGED_0 = 0xa0;
const GOOD = 0x80;
const REVOKED = 0xa1;
const UNKNOWN = 0x82;
const SUCCESSFUL = 0;

/** More than a response with its responder's certificates needs. */
export const MAX_OCSP_BYTES = 64 * 1024;

/** The parts of a basic OCSP response. */
export interface OcspLayout {
  /** ResponseData, the signed part. */
  readonly data: DerElement;
  readonly responderId: DerElement;
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
  const [, response] = requireParts(responseBytes, [OBJECT_IDENTIFIER, OCTET_STRING]);
  const { responseType } = AsnConvert.parse(responseBytes.bytes, ResponseBytes);
  if (responseType !== BASIC) throw malformed('not a basic response');
  return response.content;
}

function readBasicResponse(basic: DerElement): OcspLayout {
  const signed = [SEQUENCE, SEQUENCE, BIT_STRING] as const;
  const [data, algorithm, value] = requireParts(basic, basic.children[3] ? [...signed, TAGGED_0] : signed);
  const [first, second] = data.children;
  const responderId = first?.tag === TAGGED_0 ? second : first;
  if (!responderId) throw malformed('it names no responder');
  for (const single of data.children.find(({ tag }) => tag === SEQUENCE)?.children ?? [])
    requireStatus(single);
  const tagged = basic.children[3];
  return {
    data,
    responderId,
    signature: readSignature(data, algorithm, value),
    certificates: tagged ? requireParts(tagged, [SEQUENCE])[0].children : [],
  };
}

/** The statuses good and unknown have no content; the general parser accepts good with content. (RFC 6960 4.2.1) */
function requireStatus({ children: [, status] }: DerElement): void {
  const isEmpty = status?.content.length === 0;
  if (status?.tag === REVOKED || (isEmpty && (status.tag === GOOD || status.tag === UNKNOWN))) return;
  throw malformed('a status that is none');
}
