import { malformed, requireParts, type DerElement } from './der/der.ts';

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
  readonly notBefore: DerElement;
  readonly notAfter: DerElement;
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
  const [notBefore, notAfter] = requireTimes(validity);
  return {
    signed,
    serialNumber,
    algorithm,
    issuer,
    notBefore,
    notAfter,
    subject,
    publicKeyInfo,
    extensions,
    signature,
  };
}

function requireTimes({ children }: DerElement): readonly [DerElement, DerElement] {
  const [notBefore, notAfter, ...more] = children;
  if (!isTime(notBefore) || !isTime(notAfter) || more.length > 0) throw malformed('not a validity');
  return [notBefore, notAfter];
}

function isTime(element: DerElement | undefined): element is DerElement {
  return element?.tag === UTC_TIME || element?.tag === GENERALIZED_TIME;
}
