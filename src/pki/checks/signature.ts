import { verify, type KeyObject } from 'node:crypto';
import type { CertificateContents } from '../certificate.ts';
import { PkiError } from '../errors.ts';
import type { Signature } from '../signature.ts';

interface Algorithm {
  readonly keyType: 'rsa' | 'ec';
  readonly hash: 'sha256' | 'sha384' | 'sha512';
}

/** RFC 4055 5 and RFC 5758 3.2. Other algorithms, such as those with SHA-1, are refused. */
const ALGORITHMS: ReadonlyMap<string, Algorithm> = new Map<string, Algorithm>([
  ['1.2.840.113549.1.1.11', { keyType: 'rsa', hash: 'sha256' }],
  ['1.2.840.113549.1.1.12', { keyType: 'rsa', hash: 'sha384' }],
  ['1.2.840.113549.1.1.13', { keyType: 'rsa', hash: 'sha512' }],
  ['1.2.840.10045.4.3.2', { keyType: 'ec', hash: 'sha256' }],
  ['1.2.840.10045.4.3.3', { keyType: 'ec', hash: 'sha384' }],
  ['1.2.840.10045.4.3.4', { keyType: 'ec', hash: 'sha512' }],
]);

const CURVES: readonly (string | undefined)[] = ['prime256v1', 'secp384r1', 'secp521r1'];
const MIN_RSA_BITS = 2048;
const NULL = '0500';

/** The issuer's key signed the certificate, with an accepted algorithm and key. (RFC 5280 6.1.3 (a)(1)) */
export function signature(certificate: CertificateContents, issuer: CertificateContents): void {
  signatureBy(issuer, certificate.signature);
}

/** The same check for other signed data: a revocation list, the response of an OCSP responder. */
export function signatureBy({ publicKey }: CertificateContents, made: Signature): void {
  const algorithm = acceptedAlgorithm(made);
  requireAcceptedKey(publicKey);
  if (publicKey.asymmetricKeyType !== algorithm.keyType) throw invalid('the issuer’s key is of another type');
  if (!verify(algorithm.hash, made.signed, publicKey, made.value))
    throw invalid('the issuer’s key did not make it');
}

function acceptedAlgorithm({ algorithm: oid, parameters }: Signature): Algorithm {
  const algorithm = ALGORITHMS.get(oid);
  if (!algorithm) throw refused(`signature algorithm ${oid}`);
  // RSA parameters are NULL, and absent ones must be accepted too; ECDSA parameters are absent.
  const isNull = parameters !== undefined && Buffer.from(parameters).toString('hex') === NULL;
  if (parameters !== undefined && !(isNull && algorithm.keyType === 'rsa')) {
    throw refused(`parameters of signature algorithm ${oid}`);
  }
  return algorithm;
}

/** Only named curves: with explicit curve parameters an attacker can construct a key with another key's public point. */
function requireAcceptedKey({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): void {
  const accepted =
    asymmetricKeyType === 'rsa'
      ? (asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_RSA_BITS
      : asymmetricKeyType === 'ec' && CURVES.includes(asymmetricKeyDetails?.namedCurve);
  if (!accepted) throw refused(`an issuer’s key of type ${asymmetricKeyType ?? 'unknown'}`);
}

function refused(what: string): PkiError {
  return new PkiError('signature_algorithm_refused', `${what} is not accepted`);
}

function invalid(reason: string): PkiError {
  return new PkiError('certificate_signature_invalid', `the signature does not hold: ${reason}`);
}
