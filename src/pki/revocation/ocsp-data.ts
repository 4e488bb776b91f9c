import { type DerElement, malformed, requireAll, requireOrdered, requireParts } from '../der/der.ts';
import { identifierOf, timeOf } from '../der/values.ts';
import { requireName } from '../distinguished-name.ts';
import { type Extension, readExtension } from '../extensions.ts';
import type { CertId } from './cert-id.ts';

const INTEGER = 0x02;
const OCTET_STRING = 0x04;
const OBJECT_IDENTIFIER = 0x06;
const ENUMERATED = 0x0a;
const GENERALIZED_TIME = 0x18;
const SEQUENCE = 0x30;
const TAGGED_0 = 0xa0;
const TAGGED_1 = 0xa1;
const BY_NAME = 0xa1;
const BY_KEY = 0xa2;
const GOOD = 0x80;
const REVOKED = 0xa1;
const UNKNOWN = 0x82;

/** The status of a certificate as its CA states it. `unknown`: the CA has no record of issuing it. */
export type RevocationStatus = 'good' | 'revoked' | 'unknown';

/** What a responder has signed. */
export interface OcspData {
  /** The ResponderID. */
  readonly responderId: DerElement;
  readonly producedAt: Date;
  readonly responses: readonly SingleResponse[];
  readonly extensions: readonly Extension[];
}

/** The answer about one certificate. */
export interface SingleResponse {
  readonly certId: CertId;
  readonly status: RevocationStatus;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  readonly extensions: readonly Extension[];
}

/**
 * Reads ResponseData, and refuses values that a type does not have: other parsers ignore them. (RFC 6960 4.2.1)
 *
 * @throws PkiError certificate_malformed
 */
export function readOcspData(data: DerElement): OcspData {
  const [version] = data.children;
  const isVersioned = version?.tag === TAGGED_0;
  if (isVersioned) requireParts(version, [INTEGER]);
  const [responderId, producedAt, responses, extensions, ...more] = data.children.slice(isVersioned ? 1 : 0);
  if (more.length > 0) throw malformed('more than the data of an answer');
  return {
    responderId: requireResponderId(responderId),
    producedAt: timeOf(requireTag(producedAt, GENERALIZED_TIME)),
    responses: requireAll(requireTag(responses, SEQUENCE), SEQUENCE).map(readSingleResponse),
    extensions: extensions ? readExtensions(requireTag(extensions, TAGGED_1)) : [],
  };
}

function requireResponderId(responderId: DerElement | undefined): DerElement {
  if (responderId?.tag === BY_NAME) {
    requireName(requireParts(responderId, [SEQUENCE])[0]);
    return responderId;
  }
  const byKey = requireTag(responderId, BY_KEY);
  requireParts(byKey, [OCTET_STRING]);
  return byKey;
}

function readSingleResponse(single: DerElement): SingleResponse {
  const [certId, status, thisUpdate, ...optional] = single.children;
  const [nextUpdate, extensions] = [TAGGED_0, TAGGED_1].map((tag) =>
    optional.find((part) => part.tag === tag),
  );
  const read = {
    certId: readCertId(requireTag(certId, SEQUENCE)),
    status: statusOf(status),
    thisUpdate: timeOf(requireTag(thisUpdate, GENERALIZED_TIME)),
    nextUpdate: nextUpdate && timeOf(requireParts(nextUpdate, [GENERALIZED_TIME])[0]),
    extensions: extensions ? readExtensions(extensions) : [],
  };
  requireOrdered({ children: optional }, [TAGGED_0, TAGGED_1]);
  return read;
}

function readCertId(certId: DerElement): CertId {
  const [algorithm, nameHash, keyHash, serialNumber] = requireParts(certId, [
    SEQUENCE,
    OCTET_STRING,
    OCTET_STRING,
    INTEGER,
  ]);
  if (algorithm.children.length > 2) throw malformed('not an algorithm');
  return {
    hashAlgorithm: identifierOf(requireTag(algorithm.children[0], OBJECT_IDENTIFIER)),
    issuerNameHash: nameHash.content,
    issuerKeyHash: keyHash.content,
    serialNumber: serialNumber.content,
  };
}

/** The statuses good and unknown have no content; other parsers accept good with content. */
function statusOf(status: DerElement | undefined): RevocationStatus {
  if (status?.tag === REVOKED) {
    requireRevokedInfo(status);
    return 'revoked';
  }
  if (status?.content.length === 0 && status.tag === GOOD) return 'good';
  if (status?.content.length === 0 && status.tag === UNKNOWN) return 'unknown';
  throw malformed('not a certificate status');
}

/** The time, and possibly the reason. */
function requireRevokedInfo(info: DerElement): void {
  const [, reason] = info.children;
  requireParts(info, reason ? [GENERALIZED_TIME, TAGGED_0] : [GENERALIZED_TIME]);
  if (reason) requireParts(reason, [ENUMERATED]);
}

function readExtensions(tagged: DerElement): readonly Extension[] {
  return requireAll(requireParts(tagged, [SEQUENCE])[0], SEQUENCE).map(readExtension);
}

function requireTag(value: DerElement | undefined, tag: number): DerElement {
  if (value?.tag !== tag) throw malformed('not the data of an answer');
  return value;
}
