/** Completed RP API v2 responses with real signatures. defects/ derives responses that must be refused. */
import { constants, type KeyObject, sign } from 'node:crypto';
import type { AuthenticationSession } from '../../../src/smart-id/authentication.ts';
import type { UnverifiedCompletedSessionV2 } from '../../../src/smart-id/rp-api/v2/session-status.ts';
import type { Revocation } from '../../../src/smart-id/verify/certificate/not-revoked.ts';
import { accountCertificate, requestedSession } from './authentication-responses.ts';
import type { AuthenticationOptions, IssuedCertificate } from '../certificates/certificates.ts';

export interface ExchangeV2 {
  readonly apiVersion: '2';
  readonly session: AuthenticationSession;
  readonly answer: UnverifiedCompletedSessionV2;
  /** The raw response, if it is not the JSON of `answer`. */
  readonly body?: string | undefined;
  readonly trust: IssuedCertificate['trust'];
  /** Default: `off`. */
  readonly revocation?: Revocation | undefined;
}

interface SigningV2 {
  /** The data of the hash in the request. */
  readonly challenge: Buffer;
  readonly hash: string;
  readonly padding: number;
  readonly key: KeyObject;
}

export interface ExchangeV2Options {
  readonly session?: Partial<AuthenticationSession>;
  readonly certificate?: AuthenticationOptions;
  readonly issued?: IssuedCertificate;
  /** Changes only what is signed; the response states the correct values. */
  readonly signed?: Partial<SigningV2>;
  /** Changes only what the response states. */
  readonly stated?: (answer: UnverifiedCompletedSessionV2) => UnverifiedCompletedSessionV2;
  /** Replaces the raw response. */
  readonly body?: (json: string) => string;
  /** Default: `off`. */
  readonly revocation?: Revocation;
}

const ALGORITHMS: Readonly<Record<string, string>> = {
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

/** A valid exchange, unless an option changes it. */
export function exchangeV2(options: ExchangeV2Options = {}): ExchangeV2 {
  const identifier =
    options.certificate?.identifier ?? options.session?.expectedIdentifier ?? 'PNOEE-40504040001';
  const session = requestedSession({ expectedIdentifier: identifier, ...options.session });
  const level = options.certificate?.level ?? 'QUALIFIED';
  const documentNumber =
    options.certificate?.documentNumber ?? `${identifier}-MOCK-${level === 'QUALIFIED' ? 'Q' : 'NQ'}`;
  const issued =
    options.issued ?? accountCertificate({ identifier, level, documentNumber, ...options.certificate });
  const hash = ALGORITHMS[session.hashAlgorithm] ?? '';
  const signing: SigningV2 = {
    challenge: Buffer.from(session.rpChallenge, 'base64'),
    hash,
    padding: constants.RSA_PKCS1_PADDING,
    key: issued.privateKey,
    ...options.signed,
  };
  const answer: UnverifiedCompletedSessionV2 = {
    state: 'COMPLETE',
    result: { endResult: 'OK', documentNumber },
    signature: {
      value: signatureOver(signing).toString('base64'),
      algorithm: `${hash}WithRSAEncryption`,
    },
    cert: { value: issued.certificate.toString('base64'), certificateLevel: level },
    interactionFlowUsed: 'displayTextAndPIN',
  };
  const stated = options.stated?.(answer) ?? answer;
  const body = options.body?.(JSON.stringify(stated));
  return {
    apiVersion: '2',
    session,
    answer: stated,
    body,
    trust: issued.trust,
    revocation: options.revocation,
  };
}

function signatureOver({ challenge, hash, key, padding }: SigningV2): Buffer {
  return sign(hash, challenge, key.asymmetricKeyType === 'rsa' ? { key, padding } : key);
}
