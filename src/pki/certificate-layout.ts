import { malformed, requireParts, type DerElement } from './der.ts';

const BIT_STRING = 0x03;
const INTEGER = 0x02;
const SEQUENCE = 0x30;
const VERSION = 0xa0;
const EXTENSIONS = 0xa3;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;

/** `INTEGER 2`, which encodes version 3. */
const VERSION_3 = '020102';

/** The parts of a certificate. */
export interface CertificateLayout {
  readonly signed: DerElement;
  readonly serialNumber: DerElement;
  readonly algorithm: DerElement;
  readonly issuer: DerElement;
  readonly validity: DerElement;
  readonly subject: DerElement;
  readonly publicKeyInfo: DerElement;
  readonly extensions: DerElement;
  readonly signature: DerElement;
}

/**
 * Splits a certificate into its parts (RFC 5280 4.1). Accepts only version 3 with extensions, and without unique identifiers,
 * which RFC 5280 4.1.2.8 forbids CAs to generate.
 *
 * @throws PkiError certificate_malformed
 */
export function readLayout(certificate: DerElement): CertificateLayout {
  const [signed, outerAlgorithm, signature] = requireParts(certificate, [SEQUENCE, SEQUENCE, BIT_STRING]);
  const [version, serialNumber, algorithm, issuer, validity, subject, publicKeyInfo, tagged] = requireParts(
    signed,
    [VERSION, INTEGER, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE, EXTENSIONS],
  );
  const [extensions] = requireParts(tagged, [SEQUENCE]);
  if (Buffer.from(version.content).toString('hex') !== VERSION_3) throw malformed('not version 3');
  // RFC 5280 4.1.1.2: the outer algorithm is not signed, so it must equal the signed inner one.
  if (Buffer.compare(algorithm.bytes, outerAlgorithm.bytes) !== 0) throw malformed('two algorithms');
  requireTimes(validity);
  return { signed, serialNumber, algorithm, issuer, validity, subject, publicKeyInfo, extensions, signature };
}

function requireTimes({ children }: DerElement): void {
  const times = children.filter(({ tag }) => tag === UTC_TIME || tag === GENERALIZED_TIME);
  if (children.length !== 2 || times.length !== 2) throw malformed('not a validity');
}
