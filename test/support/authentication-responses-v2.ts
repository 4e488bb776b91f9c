/** Completed RP API v2 answers, really signed; each named defect leaves everything else right. */
import { constants, createHash, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { AuthenticationSession } from '../../src/smart-id/authentication.ts';
import {
  sessionStatusV2Schema,
  type UnverifiedCompletedSessionV2,
} from '../../src/smart-id/rp-api/v2/session-status.ts';
import { sessionAsked, testPki } from './authentication-responses.ts';
import { type AuthenticationOptions, issueAuthentication, type IssuedCertificate } from './certificates.ts';

export interface ExchangeV2 {
  readonly session: AuthenticationSession;
  readonly answer: UnverifiedCompletedSessionV2;
  readonly trust: IssuedCertificate['trust'];
}

interface SigningV2 {
  /** What was hashed, before the hash was sent. */
  readonly challenge: Buffer;
  readonly hash: string;
  readonly padding: number;
  readonly key: KeyObject;
}

export interface ExchangeV2Options {
  readonly session?: Partial<AuthenticationSession>;
  readonly certificate?: AuthenticationOptions;
  readonly issued?: IssuedCertificate;
  /** What is signed other than it should be, while the answer says what it should. */
  readonly signed?: Partial<SigningV2>;
  /** What the answer says other than what is signed. */
  readonly said?: (answer: UnverifiedCompletedSessionV2) => unknown;
}

const ALGORITHMS: Readonly<Record<string, string>> = {
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

/** A genuine exchange, unless an option makes it otherwise. */
export function exchangeV2(options: ExchangeV2Options = {}): ExchangeV2 {
  const identifier =
    options.certificate?.identifier ?? options.session?.expectedIdentifier ?? 'PNOEE-40504040001';
  const session = sessionAsked({ expectedIdentifier: identifier, ...options.session });
  const level = options.certificate?.level ?? 'QUALIFIED';
  const documentNumber = `${identifier}-MOCK-${level === 'QUALIFIED' ? 'Q' : 'NQ'}`;
  const issued =
    options.issued ??
    issueAuthentication(testPki, { identifier, level, documentNumber, ...options.certificate });
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
      value: sign(signing.hash, signing.challenge, { key: signing.key, padding: signing.padding }).toString(
        'base64',
      ),
      algorithm: `${hash}WithRSAEncryption`,
    },
    cert: { value: issued.certificate.toString('base64'), certificateLevel: level },
    interactionFlowUsed: 'displayTextAndPIN',
  };
  // As it would come off the wire.
  const status = sessionStatusV2Schema.parse(options.said?.(answer) ?? answer);
  if (status.state !== 'COMPLETE') throw new Error('the answer is not complete');
  return { session, answer: status, trust: issued.trust };
}

/** The answer with other members, which replace whole parts. */
export function sayingV2(
  change: (answer: UnverifiedCompletedSessionV2) => Record<string, unknown>,
): (answer: UnverifiedCompletedSessionV2) => unknown {
  return (answer) => ({ ...answer, ...change(answer) });
}

/* The defects of an answer. */

export const otherHashSigned = (): ExchangeV2 => exchangeV2({ signed: { challenge: randomBytes(64) } });
export const otherHashTypeSigned = (): ExchangeV2 => exchangeV2({ signed: { hash: 'sha256' } });
/** The hash taken for the message, and hashed once more. */
export const hashOfHashSigned = (): ExchangeV2 => {
  const rpChallenge = randomBytes(64);
  return exchangeV2({
    session: { rpChallenge: rpChallenge.toString('base64') },
    signed: { challenge: createHash('sha512').update(rpChallenge).digest() },
  });
};
export const pssSignature = (): ExchangeV2 =>
  exchangeV2({ signed: { padding: constants.RSA_PKCS1_PSS_PADDING } });
export const otherKeySigned = (key: KeyObject): ExchangeV2 => exchangeV2({ signed: { key } });
export const answerToAnother = (): ExchangeV2 => ({ ...exchangeV2(), session: sessionAsked() });
export const statesAlgorithm = (algorithm: string): ExchangeV2 =>
  exchangeV2({ said: sayingV2(({ signature }) => ({ signature: { ...signature, algorithm } })) });
export const statesInteraction = (interactionFlowUsed: string): ExchangeV2 =>
  exchangeV2({ said: sayingV2(() => ({ interactionFlowUsed })) });
export const statesEndResult = (endResult: string): ExchangeV2 =>
  exchangeV2({ said: sayingV2(({ result }) => ({ result: { ...result, endResult } })) });
export const statesDocument = (documentNumber: string): ExchangeV2 =>
  exchangeV2({ said: sayingV2(({ result }) => ({ result: { ...result, documentNumber } })) });
export const statesLevel = (certificateLevel: string, level: 'QUALIFIED' | 'ADVANCED'): ExchangeV2 =>
  exchangeV2({
    certificate: { level },
    said: sayingV2(({ cert }) => ({ cert: { ...cert, certificateLevel } })),
  });
