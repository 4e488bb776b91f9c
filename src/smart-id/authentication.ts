import { z } from 'zod';
import { type Flow, flowOfWireName, FLOWS } from '../flows/flows.ts';
import type { VerifiedCertificate } from '../pki/certificate.ts';
import type { InteractionType } from '../login/failure.ts';

const CERTIFICATE_LEVELS = ['QUALIFIED', 'ADVANCED'] as const;
const HASH_ALGORITHMS = ['SHA-256', 'SHA-384', 'SHA-512', 'SHA3-256', 'SHA3-384', 'SHA3-512'] as const;
const SCHEME_NAMES = ['smart-id', 'smart-id-demo'] as const;

export type CertificateLevel = (typeof CERTIFICATE_LEVELS)[number];
export type HashAlgorithm = (typeof HASH_ALGORITHMS)[number];

/** First field of every signed payload: `smart-id` on live, `smart-id-demo` on demo and in the simulator. */
export type SchemeName = (typeof SCHEME_NAMES)[number];

/** One element of `interactions`, or in RP API v2 of `allowedInteractionsOrder`. (RP API 3.2, Interactions) */
export type Interaction =
  | { readonly type: 'displayTextAndPIN'; readonly displayText60: string }
  | { readonly type: 'confirmationMessage'; readonly displayText200: string }
  | { readonly type: 'confirmationMessageAndVerificationCodeChoice'; readonly displayText200: string }
  /** RP API v2 alone has it. */
  | { readonly type: 'verificationCodeChoice'; readonly displayText60: string };

/**
 * What the links of a device-link session are made of. Nothing of it reaches the browser but what a link shows: the
 * token, the base, and a code made with the secret. (RP API 3.2, Device link flows)
 */
export interface DeviceLinkParts {
  /** URL-safe, used as it came. */
  readonly sessionToken: string;
  /** Base64; the key of every link's code. */
  readonly sessionSecret: string;
  readonly deviceLinkBase: string;
  /** As it was sent, since it is part of what the app signs. */
  readonly initialCallbackUrl: string;
  /** When the answer with all this arrived, in milliseconds since the epoch. */
  readonly receivedAt: number;
}

/**
 * What was asked of Smart-ID, kept until the answer is verified against it, member by member. Plain JSON, so that any
 * instance can go on with the login. `rpChallenge` and `sessionId` never reach the browser.
 */
export interface AuthenticationSession {
  readonly sessionId: string;
  readonly schemeName: SchemeName;
  readonly relyingPartyName: string;
  /** Standard Base64, in RP API v3 as sent; RP API v2 sends its hash. */
  readonly rpChallenge: string;
  readonly hashAlgorithm: HashAlgorithm;
  readonly certificateLevel: CertificateLevel;
  /** Base64 of their JSON; in RP API v3 the exact text that was sent, since its digest is signed. */
  readonly interactions: string;
  /** The flows that this login offered; an answer of any other flow is refused. */
  readonly flows: readonly Flow[];
  /** The person who must answer, as a semantics identifier (`PNOEE-47101010033`); absent in an anonymous session. */
  readonly expectedIdentifier?: string | undefined;
  /** The one account that must answer, where a known browser asked for it; `expectedIdentifier` is its person's then. */
  readonly expectedDocumentNumber?: string | undefined;
  /** A device-link session has it, and no other. */
  readonly deviceLink?: DeviceLinkParts | undefined;
}

/** An earlier version stored the flows by their wire names. */
const storedFlowSchema = z.preprocess(
  (name) => (typeof name === 'string' ? (flowOfWireName(name) ?? name) : name),
  z.enum(FLOWS),
);

/** Reads a session back from where it was kept. */
export const authenticationSessionSchema = z.object({
  sessionId: z.string().min(1),
  schemeName: z.enum(SCHEME_NAMES),
  relyingPartyName: z.string().min(1),
  rpChallenge: z.base64().min(1),
  hashAlgorithm: z.enum(HASH_ALGORITHMS),
  certificateLevel: z.enum(CERTIFICATE_LEVELS),
  interactions: z.base64().min(1),
  flows: z.array(storedFlowSchema).min(1),
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
}) satisfies z.ZodType<AuthenticationSession>;

declare const verified: unique symbol;

/** A completed authentication of which every step of verification holds. Only `verify/` makes one. */
export interface VerifiedAuthentication {
  readonly [verified]: true;
  readonly certificate: VerifiedCertificate;
  readonly certificateLevel: CertificateLevel;
  readonly documentNumber: string;
  readonly flow: Flow;
  readonly interaction: InteractionType;
}
