import { type DerElement, malformed, readSequence, requireParts } from '../../der/der.ts';
import { timeOf } from '../../der/values.ts';
import { authorityKeyIdentifier, type Extension, readExtensionList } from '../../extensions.ts';
import { readSignature, type Signature } from '../../signature.ts';

const INTEGER = 0x02;
const BIT_STRING = 0x03;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;
const SEQUENCE = 0x30;
const EXTENSIONS = 0xa0;

/** The content of `INTEGER 1`, which encodes version 2. */
const VERSION_2 = 1;

/** The parts of a revocation list. */
export interface CrlLayout {
  readonly issuer: DerElement;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  /** The content of revokedCertificates: consecutive entries. They can be a million, so they are not parsed here. */
  readonly entries: Uint8Array;
  /** The key that has signed the list, if the list says so. */
  readonly authorityKeyIdentifier: string | undefined;
  /** By OID. */
  readonly extensions: ReadonlyMap<string, Extension>;
  readonly signature: Signature;
}

/**
 * Splits a CertificateList into its parts. Accepts only version 2 with a nextUpdate, as RFC 5280 5.1 demands of CAs: a list
 * without nextUpdate could be replayed forever.
 *
 * @throws PkiError certificate_malformed
 */
export function readCrlLayout(bytes: Uint8Array): CrlLayout {
  const [signed, outerAlgorithm, value] = requireParts(readSequence(bytes), [SEQUENCE, SEQUENCE, BIT_STRING]);
  const [version, algorithm, issuer, thisUpdate, nextUpdate, ...rest] = signed.children;
  if (version?.tag !== INTEGER || version.content.length !== 1 || version.content[0] !== VERSION_2) {
    throw malformed('not version 2');
  }
  if (algorithm?.tag !== SEQUENCE || issuer?.tag !== SEQUENCE) throw malformed('not laid out as a list');
  // RFC 5280 5.1.1.2: the outer algorithm is not signed, so it must equal the signed inner one.
  if (Buffer.compare(algorithm.bytes, outerAlgorithm.bytes) !== 0) throw malformed('two algorithms');
  const entries = rest[0]?.tag === SEQUENCE ? rest.shift() : undefined;
  const tagged = rest[0]?.tag === EXTENSIONS ? rest.shift() : undefined;
  if (rest.length > 0) throw malformed('more parts than a list has');
  const extensions = tagged
    ? readExtensionList(requireParts(tagged, [SEQUENCE])[0])
    : new Map<string, Extension>();
  return {
    issuer,
    thisUpdate: time(thisUpdate),
    nextUpdate: time(nextUpdate),
    entries: entries?.content ?? new Uint8Array(),
    authorityKeyIdentifier: authorityKeyIdentifier(extensions),
    extensions,
    signature: readSignature(signed, algorithm, value),
  };
}

function time(element: DerElement | undefined): Date {
  if (element?.tag !== UTC_TIME && element?.tag !== GENERALIZED_TIME) throw malformed('not a time');
  return timeOf(element);
}
