import { type DerElement, malformed } from './der/der.ts';
import { identifierOf } from './der/values.ts';

const OBJECT_IDENTIFIER = 0x06;

/** The signature of a certificate, a revocation list or an OCSP response. */
export interface Signature {
  /** OID of the algorithm. If the signed part contains one too, they are equal. */
  readonly algorithm: string;
  /** DER of the algorithm's parameters. */
  readonly parameters: Uint8Array | undefined;
  readonly signed: Uint8Array;
  readonly value: Uint8Array;
}

/**
 * The signature of a SIGNED structure, from its three parts. (RFC 5280 4.1.1)
 *
 * @throws PkiError certificate_malformed
 */
export function readSignature(signed: DerElement, algorithm: DerElement, value: DerElement): Signature {
  if (value.content[0] !== 0) throw malformed('a signature that is not whole octets');
  const [identifier, parameters, ...more] = algorithm.children;
  if (identifier?.tag !== OBJECT_IDENTIFIER || more.length > 0) throw malformed('not an algorithm');
  return {
    algorithm: identifierOf(identifier),
    parameters: parameters?.bytes,
    signed: signed.bytes,
    value: value.content.subarray(1),
  };
}
