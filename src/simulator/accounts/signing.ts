/**
 * The signature of an authentication. (RP API 3.2, Signature protocols, ACSP_V2 digest calculation)
 */
import { constants, createHash, type KeyObject, privateEncrypt, sign as signData } from 'node:crypto';
import { promisify } from 'node:util';
import type { HashAlgorithm, HashType, SignatureAlgorithm } from './authentication-request.ts';

/** The first field of every signed payload; `smart-id-demo` is the value for test environments. */
export const SCHEME_NAME = 'smart-id-demo';

export interface AcspV2Context {
  readonly schemeName: string;
  readonly serverRandom: string;
  readonly rpChallenge: string;
  readonly userChallenge: string;
  readonly relyingPartyName: string;
  /** Empty without a broker. */
  readonly brokeredRpName: string;
  /** Base64 as sent by the relying party. */
  readonly interactions: string;
  readonly interactionTypeUsed: string;
  /** Empty in QR and notification flows. */
  readonly initialCallbackUrl: string;
  readonly flowType: string;
}

const sign = promisify(signData);

const SALT_LENGTHS: Readonly<Record<HashAlgorithm, number>> = {
  'SHA-256': 32,
  'SHA-384': 48,
  'SHA-512': 64,
  'SHA3-256': 32,
  'SHA3-384': 48,
  'SHA3-512': 64,
};

/** The DER of DigestInfo before the digest. (RFC 8017, 9.2, note 1) */
const DIGEST_INFO: Readonly<Record<HashType, string>> = {
  SHA256: '3031300d060960864801650304020105000420',
  SHA384: '3041300d060960864801650304020205000430',
  SHA512: '3051300d060960864801650304020305000440',
};

/** The payload to sign. Base64 fields are not decoded. */
export function acspV2Payload(context: AcspV2Context): string {
  return [
    context.schemeName,
    'ACSP_V2',
    context.serverRandom,
    context.rpChallenge,
    context.userChallenge,
    Buffer.from(context.relyingPartyName).toString('base64'),
    Buffer.from(context.brokeredRpName).toString('base64'),
    createHash('sha256').update(context.interactions).digest('base64'),
    context.interactionTypeUsed,
    context.initialCallbackUrl,
    context.flowType,
  ].join('|');
}

/** Signs in the thread pool. Returns standard Base64. */
export async function signPayload(
  payload: string,
  algorithm: SignatureAlgorithm,
  key: KeyObject,
): Promise<string> {
  const data = Buffer.from(payload);
  const signature =
    algorithm.name === 'rsassa-pss'
      ? await sign(nodeName(algorithm.hashAlgorithm), data, {
          key,
          padding: constants.RSA_PKCS1_PSS_PADDING,
          saltLength: SALT_LENGTHS[algorithm.hashAlgorithm],
        })
      : await sign(algorithm.name.slice(0, 'sha256'.length), data, {
          key,
          padding: constants.RSA_PKCS1_PADDING,
        });
  return signature.toString('base64');
}

/** Signs a given digest with RSASSA-PKCS1-v1_5. Returns standard Base64. (RP API v2, Authentication session) */
export function signDigest(digest: Buffer, hashType: HashType, key: KeyObject): string {
  const digestInfo = Buffer.concat([Buffer.from(DIGEST_INFO[hashType], 'hex'), digest]);
  // crypto.sign() would hash again. privateEncrypt with PKCS#1 padding uses block type 1, as a signature does.
  return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, digestInfo).toString('base64');
}

/** The algorithm members of `signature` in a session's status. */
export function describeAlgorithm(algorithm: SignatureAlgorithm): object {
  if (algorithm.name !== 'rsassa-pss') return { signatureAlgorithm: algorithm.name };
  const { hashAlgorithm } = algorithm;
  return {
    signatureAlgorithm: algorithm.name,
    signatureAlgorithmParameters: {
      hashAlgorithm,
      maskGenAlgorithm: { algorithm: 'id-mgf1', parameters: { hashAlgorithm } },
      saltLength: SALT_LENGTHS[hashAlgorithm],
      trailerField: '0xbc',
    },
  };
}

/** The OpenSSL name: `sha256` for `SHA-256`, `sha3-256` for `SHA3-256`. */
function nodeName(hashAlgorithm: HashAlgorithm): string {
  return hashAlgorithm.replace('SHA-', 'sha').toLowerCase();
}
