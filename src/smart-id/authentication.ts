import { z } from 'zod';
import { type Flow, FLOWS } from '../flows/flows.ts';
import { CERTIFICATE_LEVELS, type CertificateLevel } from '../identity/certificate-level.ts';
import type { CertificateContents, VerifiedCertificate } from '../pki/certificate.ts';
import type { RevocationEvidence } from '../pki/revocation/evidence.ts';
import type { InteractionType } from '../login/failure.ts';

const HASH_ALGORITHMS = ['SHA-256', 'SHA-384', 'SHA-512', 'SHA3-256', 'SHA3-384', 'SHA3-512'] as const;
const SCHEME_NAMES = ['smart-id', 'smart-id-demo'] as const;

export type HashAlgorithm = (typeof HASH_ALGORITHMS)[number];

/** First field of every signed payload: `smart-id` on live, `smart-id-demo` on demo and in the simulator. */
export type SchemeName = (typeof SCHEME_NAMES)[number];

/** One element of `interactions`, or in RP API v2 of `allowedInteractionsOrder`. (RP API 3.2, Interactions) */
export type Interaction =
  | { readonly type: 'displayTextAndPIN'; readonly displayText60: string }
  | { readonly type: 'confirmationMessage'; readonly displayText200: string }
  | { readonly type: 'confirmationMessageAndVerificationCodeChoice'; readonly displayText200: string }
  /** RP API v2 only. */
  | { readonly type: 'verificationCodeChoice'; readonly displayText60: string };

/**
 * The parts of a session from which device links are built. The browser sees only what a link contains: the token, the
 * base, and an authCode computed with the secret. (RP API 3.2, Device link flows)
 */
export interface DeviceLinkParts {
  /** URL-safe; used unchanged. */
  readonly sessionToken: string;
  /** Base64. The HMAC key of every link's authCode; it never leaves the server. */
  readonly sessionSecret: string;
  readonly deviceLinkBase: string;
  /** Exactly as sent: the app signs it. */
  readonly initialCallbackUrl: string;
  /** When the response that created the session arrived, in milliseconds since the epoch. */
  readonly receivedAt: number;
}

/**
 * The authentication request sent to Smart-ID. It is stored until the response is verified against each of its members.
 * It is plain JSON, so that any instance can continue the login. `rpChallenge` and `sessionId` never reach the browser.
 */
export interface AuthenticationSession {
  readonly sessionId: string;
  readonly schemeName: SchemeName;
  readonly relyingPartyName: string;
  /** The name registered with SK beside `relyingPartyName`, if that is a broker's. No request has it; the app signs it. */
  readonly brokeredRpName?: string | undefined;
  /** Standard Base64. RP API v3 sends this text; RP API v2 sends the hash of its bytes. */
  readonly rpChallenge: string;
  readonly hashAlgorithm: HashAlgorithm;
  readonly certificateLevel: CertificateLevel;
  /**
   * Base64 of the interactions' JSON. In RP API v3 it is the exact text sent, since the signature covers its digest.
   */
  readonly interactions: string;
  /** The flows that this login offers. A response of any other flow is refused. */
  readonly flows: readonly Flow[];
  /** Semantics identifier of the person who must answer (`PNOEE-47101010033`); absent in an anonymous session. */
  readonly expectedIdentifier?: string | undefined;
  /** The account that must answer, if a known browser requested one; `expectedIdentifier` then names its holder. */
  readonly expectedDocumentNumber?: string | undefined;
  /** Present in device-link sessions only. */
  readonly deviceLink?: DeviceLinkParts | undefined;
  /** Whether the authentication carries the evidence for a receipt. Default: false. */
  readonly keepsEvidence?: boolean | undefined;
}

/** The part of a session against which a response is verified. */
export interface AskedAuthentication extends Omit<
  AuthenticationSession,
  'sessionId' | 'deviceLink' | 'keepsEvidence'
> {
  readonly deviceLink?: Pick<DeviceLinkParts, 'sessionSecret' | 'initialCallbackUrl'> | undefined;
}

/** Validates a session that is read from storage. */
export const authenticationSessionSchema = z.object({
  sessionId: z.string().min(1),
  schemeName: z.enum(SCHEME_NAMES),
  relyingPartyName: z.string().min(1),
  brokeredRpName: z.string().min(1).optional(),
  rpChallenge: z.base64().min(1),
  hashAlgorithm: z.enum(HASH_ALGORITHMS),
  certificateLevel: z.enum(CERTIFICATE_LEVELS),
  interactions: z.base64().min(1),
  flows: z.array(z.enum(FLOWS)).min(1),
  expectedIdentifier: z.string().min(1).optional(),
  expectedDocumentNumber: z.string().min(1).optional(),
  deviceLink: z
    .object({
      sessionToken: z.string().min(1),
      sessionSecret: z.base64().min(1),
      deviceLinkBase: z.string().min(1),
      initialCallbackUrl: z.string().min(1),
      receivedAt: z.int(),
    })
    .optional(),
  keepsEvidence: z.boolean().optional(),
}) satisfies z.ZodType<AuthenticationSession>;

declare const verified: unique symbol;

/** A completed authentication that passed every verification step. Only `verify/` creates values of this type. */
export interface VerifiedAuthentication {
  readonly [verified]: true;
  readonly certificate: VerifiedCertificate;
  readonly certificateLevel: CertificateLevel;
  readonly documentNumber: string;
  readonly flow: Flow;
  readonly interaction: InteractionType;
  /** The CAs of the path: the certificate's issuer first, the trust anchor last. */
  readonly issuers: readonly CertificateContents[];
  /** What the CAs have said about revocation; nothing if it was not checked. */
  readonly revocationEvidence: readonly RevocationEvidence[];
}
