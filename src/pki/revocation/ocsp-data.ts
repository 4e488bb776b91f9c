import { type DerElement, malformed, requireAll, requireParts } from '../der/der.ts';
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
 * Reads ResponseData. (RFC 6960 4.2.1)
 *
 * @param data of a layout that `readOcspLayout` has returned
 * @throws PkiError certificate_malformed
 */
export function readOcspData(data: DerElement): OcspData {
  const [version] = data.children;
  const isVersioned = version?.tag === TAGGED_0;
  if (isVersioned) requireParts(version, [INTEGER]);
  const [responderId, producedAt, responses, extensions] = data.children.slice(isVersioned ? 1 : 0);
  requireResponderId(responderId);
  return {
    producedAt: timeOf(requireTag(producedAt, GENERALIZED_TIME)),
    responses: requireAll(requireTag(responses, SEQUENCE), SEQUENCE).map(readSingleResponse),
    extensions: readExtensions(extensions),
  };
}

function requireResponderId(responderId: DerElement | undefined): void {
  if (responderId?.tag === BY_NAME) requireName(requireParts(responderId, [SEQUENCE])[0]);
  else requireParts(requireTag(responderId, BY_KEY), [OCTET_STRING]);
}

function readSingleResponse({ children }: DerElement): SingleResponse {
  const [certId, status, thisUpdate, ...optional] = children;
  const [nextUpdate, extensions] = [TAGGED_0, TAGGED_1].map((tag) =>
    optional.find((part) => part.tag === tag),
  );
  return {
    certId: readCertId(requireTag(certId, SEQUENCE)),
    status: statusOf(status),
    thisUpdate: timeOf(requireTag(thisUpdate, GENERALIZED_TIME)),
    nextUpdate: nextUpdate && timeOf(requireParts(nextUpdate, [GENERALIZED_TIME])[0]),
    extensions: readExtensions(extensions),
  };
}

function readCertId(certId: DerElement): CertId {
  const [algorithm, nameHash, keyHash, serialNumber] = requireParts(certId, [
    SEQUENCE,
    OCTET_STRING,
    OCTET_STRING,
    INTEGER,
  ]);
  return {
    hashAlgorithm: identifierOf(requireTag(algorithm.children[0], OBJECT_IDENTIFIER)),
    issuerNameHash: nameHash.content,
    issuerKeyHash: keyHash.content,
    serialNumber: serialNumber.content,
  };
}

function statusOf(status: DerElement | undefined): RevocationStatus {
  switch (status?.tag) {
    case GOOD:
      return 'good';
    case UNKNOWN:
      return 'unknown';
    default:
      requireRevokedInfo(requireTag(status, REVOKED));
      return 'revoked';
  }
}

/** The time, and possibly the reason. */
function requireRevokedInfo(info: DerElement): void {
  const [, reason] = info.children;
  requireParts(info, reason ? [GENERALIZED_TIME, TAGGED_0] : [GENERALIZED_TIME]);
  if (reason) requireParts(reason, [ENUMERATED]);
}

function readExtensions(tagged: DerElement | undefined): readonly Extension[] {
  return tagged ? requireParts(tagged, [SEQUENCE])[0].children.map(readExtension) : [];
}

function requireTag(value: DerElement | undefined, tag: number): DerElement {
  if (value?.tag !== tag) throw malformed('not the data of an answer');
  return value;
}
