/**
 * The evidence of an authentication: what was asked, what Smart-ID answered, and what the CAs said, as JSON. With it the
 * authentication can be verified once more without Sild (`verify-evidence.ts`). Members of requests and answers are named as in
 * the RP API.
 *
 *   session that keeps evidence ─ verify/ ─▶ VerifiedAuthentication ─ evidenceOf ─▶ Evidence ─▶ a receipt
 *
 * The IDs of the session at Smart-ID, and the links of a device link, prove nothing and are left out.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type CallbackParameters, callbackParametersSchema } from '../../login/authenticator.ts';
import type { RevocationEvidence } from '../../pki/revocation/evidence.ts';
import {
  type AskedAuthentication,
  type AuthenticationSession,
  authenticationSessionSchema,
  type VerifiedAuthentication,
} from '../authentication.ts';

export type RpApiVersion = '3' | '2';

/** Longer revocation lists are named by their hash: a list can have megabytes, and its signature covers it as a whole. In bytes. */
export const MAX_LIST_BYTES = 64 * 1024;

const time = z.iso.datetime();

const revocationSchema = z.discriminatedUnion('source', [
  z.object({
    source: z.literal('ocsp'),
    /** SHA-256 of the certificate that the answer is about, upper-case hexadecimal. */
    certificate: z.string(),
    response: z.base64(),
    nonce: z.base64(),
    at: time,
  }),
  z.object({
    source: z.literal('crl'),
    certificate: z.string(),
    /** Of the list, lower-case hexadecimal. */
    sha256: z.string(),
    /** Absent where it is longer than `MAX_LIST_BYTES`. */
    list: z.base64().optional(),
  }),
]);

export const evidenceSchema = z.object({
  rpApi: z.enum(['3', '2']),
  /** When the answer was verified. */
  verifiedAt: time,
  request: authenticationSessionSchema
    .omit({ sessionId: true, deviceLink: true, keepsEvidence: true })
    .extend({
      deviceLink: z
        .object({ sessionSecret: z.base64().min(1), initialCallbackUrl: z.string().min(1) })
        .optional(),
    }),
  /** The completed session, as the RP API has it; it is parsed again for each verification. */
  answer: z.looseObject({}),
  callback: callbackParametersSchema.optional(),
  /** The CAs of the path in DER: the certificate's issuer first. For information: being listed here does not make them trusted. */
  issuers: z.array(z.base64()),
  revocation: z.array(revocationSchema),
  /** What the person's signature does not cover, so that it rests on Sild and on Smart-ID's word. */
  notSigned: z.array(z.string()),
});

export type Evidence = z.output<typeof evidenceSchema>;
export type RecordedRevocation = z.output<typeof revocationSchema>;

/** An ACSP_V2 signature covers the request but for these. (RP API 3.2, Signature protocols) */
const NOT_SIGNED_V3 = ['certificateLevel', 'documentNumber'];
/** In RP API v2 the person signs the challenge alone. (RP API v2, 2.3.10.4) */
const NOT_SIGNED_V2 = [
  'schemeName',
  'relyingPartyName',
  'brokeredRpName',
  'interactions',
  'interactionFlowUsed',
  'flow',
  ...NOT_SIGNED_V3,
];

const NOT_SIGNED: Readonly<Record<RpApiVersion, readonly string[]>> = {
  '3': NOT_SIGNED_V3,
  '2': NOT_SIGNED_V2,
};

/** @param verifiedAt the time at which `authentication` was verified */
export function evidenceOf(
  rpApi: RpApiVersion,
  session: AuthenticationSession,
  answer: object,
  callback: CallbackParameters | undefined,
  { issuers, revocationEvidence }: VerifiedAuthentication,
  verifiedAt: Date,
): Evidence {
  return {
    rpApi,
    verifiedAt: verifiedAt.toISOString(),
    request: askedBy(session),
    answer: { ...answer },
    ...(callback && { callback: { ...callback } }),
    issuers: issuers.map(({ der }) => base64(der)),
    revocation: revocationEvidence.map(recorded),
    notSigned: [...NOT_SIGNED[rpApi]],
  };
}

function askedBy({
  sessionId: _,
  keepsEvidence: __,
  deviceLink,
  flows,
  ...asked
}: AuthenticationSession): Evidence['request'] {
  return {
    ...(asked satisfies Omit<AskedAuthentication, 'deviceLink' | 'flows'>),
    flows: [...flows],
    ...(deviceLink && {
      deviceLink: {
        sessionSecret: deviceLink.sessionSecret,
        initialCallbackUrl: deviceLink.initialCallbackUrl,
      },
    }),
  };
}

function recorded(evidence: RevocationEvidence): RecordedRevocation {
  const { source, fingerprint: certificate } = evidence;
  switch (source) {
    case 'ocsp':
      return {
        source,
        certificate,
        response: base64(evidence.response),
        nonce: base64(evidence.nonce),
        at: evidence.at.toISOString(),
      };
    case 'crl': {
      const { list } = evidence;
      const sha256 = sha256Of(list);
      return {
        source,
        certificate,
        sha256,
        ...(list.length <= MAX_LIST_BYTES && { list: base64(list) }),
      };
    }
  }
}

/** Lower-case hexadecimal. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
