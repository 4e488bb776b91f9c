/**
 * The schemas of RP API v3 authentication requests: SK's NotificationAuthenticationRequestBody and
 * DeviceLinkAuthenticationRequestBody, as the real service applies them. Unknown members are ignored.
 */
import { z } from 'zod';
import { type AcspRequest, HASH_ALGORITHMS, PKCS1_ALGORITHMS } from '../accounts/authentication-request.ts';
import { isLoopback } from '../accounts/callback.ts';
import {
  DEVICE_LINK_INTERACTIONS,
  type InteractionType,
  InteractionsError,
  NOTIFICATION_INTERACTIONS,
  readInteractions,
} from '../accounts/interactions.ts';
import { invalid } from '../problem.ts';
import {
  base64,
  brokeredNameOf,
  errorDetail,
  ignoredPropertiesOf,
  readBody,
  relyingPartyMembers,
  type RelyingPartyRights,
} from '../request-members.ts';

const rpChallenge = base64
  .min(44, 'shorter than 44 characters')
  .max(88, 'longer than 88 characters')
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
    z.object({
      rpChallenge,
      signatureAlgorithm: z.enum(PKCS1_ALGORITHMS),
      signatureAlgorithmParameters: z.looseObject({}).optional(),
    }),
  ],
  'missing, or unknown signature algorithm',
);

/** https as in SK's schema. http is also allowed on loopback, for development. */
const initialCallbackUrl = z
  .string('not a string')
  .max(1800, 'longer than 1,800 characters')
  .regex(/^https?:\/\//, 'not an https address')
  .regex(/^[^|]*$/, 'has | that is not percent-encoded')
  .regex(/^[^#]*$/, 'has a fragment')
  .refine((text) => /^[\x21-\x7e]*$/.test(text) && URL.canParse(text), {
    error: 'not a URI',
    // The next check parses the URL.
    abort: true,
  })
  .refine((text) => text.startsWith('https:') || isLoopback(text), 'http is for this machine alone');

const acspMembers = {
  ...relyingPartyMembers,
  signatureProtocol: z.literal('ACSP_V2', 'must be ACSP_V2'),
  signatureProtocolParameters,
  interactions: base64,
};
const notificationBody = z.object(
  { ...acspMembers, vcType: z.literal('numeric4', 'must be numeric4') },
  'a JSON object is required',
);
/** SK's schema requires initialCallbackUrl; its service, and its clients, leave it out where only a QR code is used. */
const deviceLinkBody = z.object(
  { ...acspMembers, initialCallbackUrl: initialCallbackUrl.optional() },
  'a JSON object is required',
);
type AcspBody = z.infer<z.ZodObject<typeof acspMembers>>;

/** @throws {Problem} 400 with all invalid members, 401 or 403 for a relying party without permission */
export function readNotificationRequest(json: unknown, rights: RelyingPartyRights): AcspRequest {
  return acspRequest(readBody(notificationBody, json, rights), NOTIFICATION_INTERACTIONS, rights);
}

/** @throws {Problem} as {@link readNotificationRequest} */
export function readDeviceLinkRequest(json: unknown, rights: RelyingPartyRights): AcspRequest {
  const body = readBody(deviceLinkBody, json, rights);
  return {
    ...acspRequest(body, DEVICE_LINK_INTERACTIONS, rights),
    ...(body.initialCallbackUrl !== undefined && { initialCallbackUrl: body.initialCallbackUrl }),
  };
}

function acspRequest(
  body: AcspBody,
  allowed: readonly InteractionType[],
  rights: RelyingPartyRights,
): AcspRequest {
  const { rpChallenge, ...algorithm } = body.signatureProtocolParameters;
  return {
    api: 'v3',
    relyingPartyName: body.relyingPartyName,
    brokeredRpName: brokeredNameOf(rights, body.relyingPartyName),
    certificateLevel: body.certificateLevel,
    rpChallenge,
    signatureAlgorithm:
      algorithm.signatureAlgorithm === 'rsassa-pss'
        ? { name: 'rsassa-pss', hashAlgorithm: algorithm.signatureAlgorithmParameters.hashAlgorithm }
        : { name: algorithm.signatureAlgorithm },
    interactions: body.interactions,
    offered: decodeInteractions(body.interactions, allowed),
    ignoredProperties: ignoredPropertiesOf(body),
  };
}

function decodeInteractions(text: string, allowed: readonly InteractionType[]): AcspRequest['offered'] {
  try {
    return readInteractions(text, allowed);
  } catch (error) {
    if (error instanceof InteractionsError) throw invalid([errorDetail(['interactions'], error.message)]);
    throw error;
  }
}

function isBetween(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}
