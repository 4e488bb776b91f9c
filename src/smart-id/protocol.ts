import type { Flow } from '../flows/flows.ts';
import type { CertificateLevel } from '../identity/certificate-level.ts';
import type { AuthenticationSession, SchemeName, VerifiedAuthentication } from './authentication.ts';
import type { AuthenticationRequest, FailedStart, NotificationRequest } from '../login/authenticator.ts';
import type { RpApiVersion } from './evidence/evidence.ts';
import type { PreparedSession } from './request.ts';
import type { RpApi } from './rp-api/endpoint.ts';
import type { SessionResult } from './rp-api/read-session.ts';
import type { VerificationContext } from './verify/v3/verify-authentication.ts';

/** The relying party's registration with SK, its connection to the RP API, and its sources of randomness and time. */
export interface RelyingParty {
  readonly api: RpApi;
  readonly schemeName: SchemeName;
  readonly relyingPartyUuid: string;
  /** Exactly as registered with SK; a request can name another one. */
  readonly relyingPartyName: string;
  /** The name registered beside it; undefined: it is no broker's. */
  readonly brokeredRpName?: string | undefined;
  /** The minimum level that is accepted; a request can demand a higher one. */
  readonly certificateLevel: CertificateLevel;
  readonly randomBytes: (size: number) => Uint8Array;
  readonly now: () => Date;
}

/** The members of a completed session that all versions of the RP API share. */
export interface EndedSession {
  readonly state: 'COMPLETE';
  readonly result?:
    | {
        readonly endResult?: string | undefined;
        readonly details?: { readonly interaction?: string | undefined } | undefined;
      }
    | undefined;
}

/** One version of the RP API: its requests, the parsing of its responses, and their verification. */
export interface Protocol<Ended extends EndedSession> {
  readonly version: RpApiVersion;
  readonly flows: readonly Flow[];
  prepare(request: AuthenticationRequest): PreparedSession;
  create(prepared: PreparedSession): Promise<StartResult>;
  read(
    session: AuthenticationSession,
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<SessionResult<Ended | { readonly state: 'RUNNING' }>>;
  /** Whether the response can be verified only after the browser has returned through the callback. */
  needsCallback(ended: Ended, session: AuthenticationSession): boolean;
  /** @throws VerificationError when a verification step fails */
  verify(
    ended: Ended,
    session: AuthenticationSession,
    context: VerificationContext,
  ): Promise<VerifiedAuthentication>;
}

export type StartResult = { readonly kind: 'started'; readonly session: AuthenticationSession } | FailedStart;

/** The maximum of RP API v3, which allows 32 to 64 bytes. */
export const CHALLENGE_BYTES = 64;

/** Of a session whose evidence is kept. */
export function evidenceKept({
  keepsEvidence,
}: AuthenticationRequest): Pick<AuthenticationSession, 'keepsEvidence'> {
  return keepsEvidence ? { keepsEvidence } : {};
}

/** The name under which the app shows who asks: that of the request, or else the configured one. */
export function relyingPartyOf(
  party: Pick<RelyingParty, 'relyingPartyName' | 'brokeredRpName'>,
  { relyingParty }: AuthenticationRequest,
): Pick<AuthenticationSession, 'relyingPartyName' | 'brokeredRpName'> {
  const { name, brokeredName } = relyingParty ?? {
    name: party.relyingPartyName,
    brokeredName: party.brokeredRpName,
  };
  return { relyingPartyName: name, ...(brokeredName === undefined ? {} : { brokeredRpName: brokeredName }) };
}

/**
 * The person or account that must answer a notification.
 *
 * @throws RangeError for a malformed document number
 */
export function expectedPerson({
  identifier,
  documentNumber,
}: NotificationRequest): Pick<AuthenticationSession, 'expectedIdentifier' | 'expectedDocumentNumber'> {
  return documentNumber === undefined
    ? { expectedIdentifier: identifier }
    : { expectedIdentifier: identifierOfDocument(documentNumber), expectedDocumentNumber: documentNumber };
}

/** The semantics identifier at the beginning of a document number. */
function identifierOfDocument(documentNumber: string): string {
  const identifier = /^(.+)-[0-9A-Z]+-N?Q$/.exec(documentNumber)?.[1];
  // The message must not quote the document number, which may contain a personal code.
  if (identifier === undefined) throw new RangeError('the document number is malformed');
  return identifier;
}
