import type { Flow } from '../flows/flows.ts';
import type {
  AuthenticationSession,
  CertificateLevel,
  SchemeName,
  VerifiedAuthentication,
} from './authentication.ts';
import type { AuthenticationRequest, FailedStart, NotificationRequest } from '../login/authenticator.ts';
import type { PreparedSession } from './request.ts';
import type { RpApi } from './rp-api/endpoint.ts';
import type { SessionAnswer } from './rp-api/read-session.ts';
import type { VerificationContext } from './verify/v3/verify-authentication.ts';

/** As whom, and where, Smart-ID is asked. */
export interface RelyingParty {
  readonly api: RpApi;
  readonly schemeName: SchemeName;
  readonly relyingPartyUuid: string;
  /** As registered with SK, byte for byte. */
  readonly relyingPartyName: string;
  /** The least level to accept. */
  readonly certificateLevel: CertificateLevel;
  readonly randomBytes: (size: number) => Uint8Array;
  readonly now: () => Date;
}

/** A session that has ended, as far as every version tells its end in the same way. */
export interface EndedSession {
  readonly state: 'COMPLETE';
  readonly result?:
    | {
        readonly endResult?: string | undefined;
        readonly details?: { readonly interaction?: string | undefined } | undefined;
      }
    | undefined;
}

/** What one version of the RP API asks, and how it reads and verifies the answer. */
export interface Protocol<Ended extends EndedSession> {
  readonly flows: readonly Flow[];
  prepare(request: AuthenticationRequest): PreparedSession;
  create(prepared: PreparedSession): Promise<StartResult>;
  read(
    session: AuthenticationSession,
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<SessionAnswer<Ended | { readonly state: 'RUNNING' }>>;
  /** Whether the answer can be believed only once the browser has come back through the callback. */
  needsReturn(ended: Ended, session: AuthenticationSession): boolean;
  /** @throws VerificationError for anything that does not hold */
  verify(
    ended: Ended,
    session: AuthenticationSession,
    context: VerificationContext,
  ): Promise<VerifiedAuthentication>;
}

export type StartResult = { readonly kind: 'started'; readonly session: AuthenticationSession } | FailedStart;

/** The longest that SK allows in RP API v3 (32–64). */
export const CHALLENGE_BYTES = 64;

/** Whom a push has to be answered by. @throws RangeError for a document number that is none */
export function expectedOf({
  identifier,
  documentNumber,
}: NotificationRequest): Pick<AuthenticationSession, 'expectedIdentifier' | 'expectedDocumentNumber'> {
  return documentNumber === undefined
    ? { expectedIdentifier: identifier }
    : { expectedIdentifier: identifierOfDocument(documentNumber), expectedDocumentNumber: documentNumber };
}

/** What stands before the account in a document number. */
function identifierOfDocument(documentNumber: string): string {
  const identifier = /^(.+)-[0-9A-Z]+-N?Q$/.exec(documentNumber)?.[1];
  // Not quoted: it may name a person.
  if (identifier === undefined) throw new RangeError('the document number is malformed');
  return identifier;
}
