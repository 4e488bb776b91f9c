/**
 * What an authentication request must look like: SK's schema of RP API v3, NotificationAuthenticationRequestBody, as
 * the service itself applies it. Unknown members are ignored.
 */
import { z } from 'zod';
import type { CertificateLevel } from './accounts.ts';
import { type Interaction, InteractionsError, readInteractions } from './interactions.ts';
import { type ErrorDetail, Problem } from './problem.ts';

export type HashAlgorithm = (typeof HASH_ALGORITHMS)[number];
export type SignatureAlgorithm =
  | { readonly name: 'rsassa-pss'; readonly hashAlgorithm: HashAlgorithm }
  | { readonly name: (typeof PKCS1_ALGORITHMS)[number] };

export interface AuthenticationRequest {
  readonly relyingPartyName: string;
  /** The least level that will do. */
  readonly certificateLevel: CertificateLevel;
  /** Standard Base64 as received. */
  readonly rpChallenge: string;
  readonly signatureAlgorithm: SignatureAlgorithm;
  /** Base64 as received: its digest is signed. */
  readonly interactions: string;
  readonly offered: readonly Interaction[];
  /** Members of `requestProperties` that the service does not know. */
  readonly ignoredProperties: readonly string[];
}

const HASH_ALGORITHMS = ['SHA-256', 'SHA-384', 'SHA-512', 'SHA3-256', 'SHA3-384', 'SHA3-512'] as const;
const PKCS1_ALGORITHMS = [
  'sha256WithRSAEncryption',
  'sha384WithRSAEncryption',
  'sha512WithRSAEncryption',
] as const;
const RELYING_PARTY = { uuid: '00000000-0000-4000-8000-000000000000', name: 'DEMO' };
const BASE64 = /^[a-zA-Z0-9+/]+={0,2}$/;

const rpChallenge = z
  .string()
  .regex(BASE64, 'not Base64')
  .min(44, 'shorter than 44 characters')
  .max(88, 'longer than 88 characters')
  .refine(isCanonicalBase64, 'not Base64')
  .refine((text) => isBetween(Buffer.from(text, 'base64').length, 32, 64), 'not 32 to 64 bytes');

const signatureProtocolParameters = z.discriminatedUnion(
  'signatureAlgorithm',
  [
    z.object({
      rpChallenge,
      signatureAlgorithm: z.literal('rsassa-pss'),
      signatureAlgorithmParameters: z.object(
        { hashAlgorithm: z.enum(HASH_ALGORITHMS, 'unknown hash algorithm') },
        'required with rsassa-pss',
      ),
    }),
    z.object({ rpChallenge, signatureAlgorithm: z.enum(PKCS1_ALGORITHMS) }),
  ],
  'missing, or unknown signature algorithm',
);

const body = z.object(
  {
    relyingPartyUUID: z.guid('not a UUID'),
    relyingPartyName: z
      .string('missing')
      .min(1, 'empty')
      .refine((name) => Buffer.byteLength(name) <= 32, 'longer than 32 bytes of UTF-8'),
    certificateLevel: z.enum(['ADVANCED', 'QUALIFIED'], 'unknown certificate level').nullish(),
    signatureProtocol: z.literal('ACSP_V2', 'must be ACSP_V2'),
    signatureProtocolParameters,
    interactions: z.string('missing').regex(BASE64, 'not Base64').refine(isCanonicalBase64, 'not Base64'),
    requestProperties: z.looseObject({ shareMdClientIpAddress: z.boolean().nullish() }).nullish(),
    capabilities: z.array(z.string()).nullish(),
    vcType: z.literal('numeric4', 'must be numeric4'),
  },
  'a JSON object is required',
);

/** @throws {Problem} 400 with every invalid member at once, 401 or 403 for a relying party without the right */
export function readAuthenticationRequest(json: unknown): AuthenticationRequest {
  const parsed = body.safeParse(json);
  if (!parsed.success)
    throw invalid(parsed.error.issues.map(({ path, message }) => errorDetail(path, message)));
  const { data } = parsed;
  checkRelyingParty(data);
  const { rpChallenge, ...algorithm } = data.signatureProtocolParameters;
  return {
    relyingPartyName: data.relyingPartyName,
    certificateLevel: data.certificateLevel ?? 'QUALIFIED',
    rpChallenge,
    signatureAlgorithm:
      algorithm.signatureAlgorithm === 'rsassa-pss'
        ? { name: 'rsassa-pss', hashAlgorithm: algorithm.signatureAlgorithmParameters.hashAlgorithm }
        : { name: algorithm.signatureAlgorithm },
    interactions: data.interactions,
    offered: decodeInteractions(data.interactions),
    ignoredProperties: Object.keys(data.requestProperties ?? {}).filter(
      (name) => name !== 'shareMdClientIpAddress',
    ),
  };
}

/** A 400 that names its parameters, as SK's InvalidRequestErrorResponse does. */
export function invalid(errors: readonly ErrorDetail[]): Problem {
  // A parameter that breaks two rules is named once.
  const first = errors.filter(
    ({ detail }, index) => errors.findIndex((other) => other.detail === detail) === index,
  );
  return new Problem(400, { detail: 'Invalid request parameters found', errors: first });
}

function checkRelyingParty({
  relyingPartyUUID,
  relyingPartyName,
  requestProperties,
  capabilities,
}: z.infer<typeof body>) {
  if (relyingPartyUUID.toLowerCase() !== RELYING_PARTY.uuid) throw new Problem(403);
  if (relyingPartyName !== RELYING_PARTY.name) throw new Problem(401);
  if (requestProperties?.shareMdClientIpAddress === true) {
    const detail = 'Relying Party does not have permissions to request the MD client IP address sharing';
    const pointer = '/requestProperties/shareMdClientIpAddress';
    throw new Problem(403, { errors: [{ detail, paramName: 'shareMdClientIpAddress', pointer }] });
  }
  // Capabilities are by agreement with SK, and DEMO has none.
  if (capabilities && capabilities.length > 0) {
    const detail = 'Relying Party does not have permissions to request capabilities';
    throw new Problem(403, { errors: [{ detail, paramName: 'capabilities', pointer: '/capabilities' }] });
  }
}

function decodeInteractions(base64: string): Interaction[] {
  try {
    return readInteractions(base64);
  } catch (error) {
    if (error instanceof InteractionsError) throw invalid([errorDetail(['interactions'], error.message)]);
    throw error;
  }
}

function errorDetail(path: readonly PropertyKey[], reason: string): ErrorDetail {
  const paramName = path.findLast((step) => typeof step === 'string') ?? 'body';
  return {
    detail: `Invalid ${paramName}: ${reason}`,
    paramName,
    pointer: path.map((step) => `/${String(step)}`).join(''),
  };
}

function isCanonicalBase64(text: string): boolean {
  return Buffer.from(text, 'base64').toString('base64') === text;
}

function isBetween(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}
