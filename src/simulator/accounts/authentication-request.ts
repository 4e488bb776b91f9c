/** A validated authentication request of either API version. */
import type { CertificateLevel } from './account.ts';
import type { Interaction } from './interactions.ts';

export const HASH_ALGORITHMS = ['SHA-256', 'SHA-384', 'SHA-512', 'SHA3-256', 'SHA3-384', 'SHA3-512'] as const;
export type HashAlgorithm = (typeof HASH_ALGORITHMS)[number];

export const PKCS1_ALGORITHMS = [
  'sha256WithRSAEncryption',
  'sha384WithRSAEncryption',
  'sha512WithRSAEncryption',
] as const;
export type Pkcs1Algorithm = (typeof PKCS1_ALGORITHMS)[number];

export type SignatureAlgorithm =
  { readonly name: 'rsassa-pss'; readonly hashAlgorithm: HashAlgorithm } | { readonly name: Pkcs1Algorithm };

/** The hash functions of RP API v2. */
export type HashType = 'SHA256' | 'SHA384' | 'SHA512';

interface CommonRequest {
  readonly relyingPartyName: string;
  /** The minimum level. */
  readonly certificateLevel: CertificateLevel;
  /** The offered interactions, in the relying party's order of preference. */
  readonly offered: readonly [Interaction, ...Interaction[]];
  /** Members of `requestProperties` that the service does not support. */
  readonly ignoredProperties: readonly string[];
}

/** RP API v3: the app signs an ACSP_V2 payload. */
export interface AcspRequest extends CommonRequest {
  readonly api: 'v3';
  /** The name that is registered beside `relyingPartyName`; empty where the relying party is no broker. */
  readonly brokeredRpName: string;
  /** Standard Base64 as received. */
  readonly rpChallenge: string;
  readonly signatureAlgorithm: SignatureAlgorithm;
  /** Base64 as received; the app signs a digest of this text. */
  readonly interactions: string;
  /** As received; only for device links, and absent where only a QR code is used. */
  readonly initialCallbackUrl?: string;
}

/** RP API v2: the app signs the received hash. */
export interface HashRequest extends CommonRequest {
  readonly api: 'v2';
  /** Standard Base64 as received. */
  readonly hash: string;
  readonly hashType: HashType;
}

export type AuthenticationRequest = AcspRequest | HashRequest;
