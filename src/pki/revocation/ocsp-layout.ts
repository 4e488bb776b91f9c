import { id_pkix_ocsp_basic } from '@peculiar/asn1-ocsp';
import { AsnObjectIdentifierConverter } from '@peculiar/asn1-schema';
import {
  type DerElement,
  malformed,
  readSequence,
  requireAll,
  requireOrdered,
  requireParts,
} from '../der/der.ts';
import { readSignature, type Signature } from '../signature.ts';
import { RevocationSourceError } from './errors.ts';

const BOOLEAN = 0x01;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const OBJECT_IDENTIFIER = 0x06;
const ENUMERATED = 0x0a;
const GENERALIZED_TIME = 0x18;
const SEQUENCE = 0x30;
const TAGGED_0 = 0xa0;
const TAGGED_1 = 0xa1;
const GOOD = 0x80;
const REVOKED = 0xa1;
const UNKNOWN = 0x82;
const SUCCESSFUL = 0;
/** The type of the response, in DER. */
const BASIC = new Uint8Array(AsnObjectIdentifierConverter.toASN(id_pkix_ocsp_basic).toBER());

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
  const [type, response] = requireParts(responseBytes, [OBJECT_IDENTIFIER, OCTET_STRING]);
  // Some parsers also accept the response itself inside of the OCTET STRING.
  if (Buffer.compare(type.bytes, BASIC) !== 0) throw malformed('not a basic response');
  return response.content;
}

function readBasicResponse(basic: DerElement): OcspLayout {
  const signed = [SEQUENCE, SEQUENCE, BIT_STRING] as const;
  const [data, algorithm, value] = requireParts(basic, basic.children[3] ? [...signed, TAGGED_0] : signed);
  const responderId = readResponseData(data);
  const tagged = basic.children[3];
  return {
    data,
    responderId,
    signature: readSignature(data, algorithm, value),
    certificates: tagged ? requireParts(tagged, [SEQUENCE])[0].children : [],
  };
}

/**
 * Checks the layout of ResponseData and returns the responder's identifier. Other parsers ignore values that a type does
 * not have. (RFC 6960 4.2.1)
 */
function readResponseData(data: DerElement): DerElement {
  const [first, second] = data.children;
  const isVersioned = first?.tag === TAGGED_0;
  const responderId = isVersioned ? second : first;
  if (responderId?.children.length !== 1) throw malformed('it names no responder');
  const withVersion = isVersioned ? [TAGGED_0] : [];
  const [extensions] = data.children.slice(withVersion.length + 3);
  const parts = requireParts(data, [
    ...withVersion,
    responderId.tag,
    GENERALIZED_TIME,
    SEQUENCE,
    ...(extensions ? [TAGGED_1] : []),
  ]);
  if (extensions) requireExtensions(extensions);
  for (const single of parts[withVersion.length + 2]?.children ?? []) requireSingleResponse(single);
  return responderId;
}

function requireSingleResponse(single: DerElement): void {
  const [certId, status] = single.children;
  if (!certId || !status) throw malformed('an answer that is none');
  requireOrdered(single, [SEQUENCE, status.tag, GENERALIZED_TIME, TAGGED_0, TAGGED_1]);
  const [algorithm] = requireParts(certId, [SEQUENCE, OCTET_STRING, OCTET_STRING, INTEGER]);
  if (algorithm.children.length > 2) throw malformed('not an algorithm');
  requireStatus(status);
  const [nextUpdate, extensions] = [TAGGED_0, TAGGED_1].map((tag) =>
    single.children.slice(3).find((part) => part.tag === tag),
  );
  if (nextUpdate) requireParts(nextUpdate, [GENERALIZED_TIME]);
  if (extensions) requireExtensions(extensions);
}

function requireExtensions(tagged: DerElement): void {
  for (const extension of requireAll(requireParts(tagged, [SEQUENCE])[0], SEQUENCE)) {
    requireOrdered(extension, [OBJECT_IDENTIFIER, BOOLEAN, OCTET_STRING]);
  }
}

/** The statuses good and unknown have no content; other parsers accept good with content. (RFC 6960 4.2.1) */
function requireStatus({ tag, content }: DerElement): void {
  const isEmpty = content.length === 0;
  if (tag === REVOKED || (isEmpty && (tag === GOOD || tag === UNKNOWN))) return;
  throw malformed('a status that is none');
}
