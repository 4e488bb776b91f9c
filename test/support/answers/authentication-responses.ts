/**
 * Completed RP API v3 responses with real signatures. The payload is implemented again here, from SK's documentation, so
 * that the tests do not depend on the tested code. defects/ derives responses that must be refused.
 */
import { constants, createHash, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { AuthenticationSession, HashAlgorithm } from '../../../src/smart-id/authentication.ts';
import type { CallbackParameters } from '../../../src/login/authenticator.ts';
import type { UnverifiedCompletedSession } from '../../../src/smart-id/rp-api/v3/session-status.ts';
import type { Revocation } from '../../../src/smart-id/verify/certificate/not-revoked.ts';
import {
  type AuthenticationOptions,
  createTestPki,
  issueAuthentication,
  type IssuedCertificate,
} from '../certificates/certificates.ts';
import { type PssParameters, pssSignature } from './pss-signature.ts';

export const testPki = createTestPki();

export type Answer = UnverifiedCompletedSession;
export interface Exchange {
  readonly apiVersion: '3';
  readonly session: AuthenticationSession;
  readonly answer: Answer;
  /** The raw response, if it is not the JSON of `answer`. */
  readonly body?: string | undefined;
  readonly trust: IssuedCertificate['trust'];
  /** Default: `off`. */
  readonly revocation?: Revocation | undefined;
  /** The values of the callback, if it was opened. */
  readonly callback?: CallbackParameters | undefined;
}

/** Changes a response; the result may have any shape, since it is not parsed yet. */
export type ResponseChange = <A>(answer: A) => A;

export interface Signing {
  readonly schemeName: string;
  readonly serverRandom: string;
  readonly rpChallenge: string;
  readonly userChallenge: string;
  readonly relyingPartyName: string;
  /** Empty without a broker. */
  readonly brokeredRpName: string;
  readonly interactions: string;
  readonly interactionTypeUsed: string;
  readonly initialCallbackUrl: string;
  readonly flowType: string;
  readonly hash: HashAlgorithm;
  readonly saltLength: number;
  readonly padding: number;
  readonly key: KeyObject;
  /** Signs with these parameters, which node:crypto does not support. */
  readonly pss?: PssParameters;
}

const HASHES: Readonly<Record<HashAlgorithm, readonly [name: string, bytes: number]>> = {
  'SHA-256': ['sha256', 32],
  'SHA-384': ['sha384', 48],
  'SHA-512': ['sha512', 64],
  'SHA3-256': ['sha3-256', 32],
  'SHA3-384': ['sha3-384', 48],
  'SHA3-512': ['sha3-512', 64],
};

/** A session for a notification to PNOEE-40504040001. */
export function requestedSession(changes: Partial<AuthenticationSession> = {}): AuthenticationSession {
  return {
    sessionId: '56e1c1d0-dc07-4c71-890b-6200856b8c75',
    schemeName: 'smart-id-demo',
    relyingPartyName: 'DEMO',
    rpChallenge: randomBytes(64).toString('base64'),
    hashAlgorithm: 'SHA-512',
    certificateLevel: 'QUALIFIED',
    interactions: Buffer.from(
      '[{"type":"displayTextAndPIN","displayText60":"Log in to Sample app"}]',
    ).toString('base64'),
    flows: ['notification'],
    expectedIdentifier: 'PNOEE-40504040001',
    ...changes,
  };
}

export interface ExchangeOptions {
  readonly session?: Partial<AuthenticationSession>;
  readonly certificate?: AuthenticationOptions;
  /** Replaces the certificate, for example by one with a defect. */
  readonly issued?: IssuedCertificate;
  /** Changes what is signed and stated. */
  readonly genuine?: Partial<Signing>;
  /** Changes only what is signed; the response states the correct values. */
  readonly signed?: Partial<Signing>;
  /** Changes only what the response states. */
  readonly stated?: (answer: Answer) => Answer;
  /** Replaces the raw response. */
  readonly body?: (json: string) => string;
  /** Default: `off`. */
  readonly revocation?: Revocation;
  readonly callback?: CallbackParameters | undefined;
}

/** A valid exchange, unless an option changes it. */
export function exchange(options: ExchangeOptions = {}): Exchange {
  const identifier =
    options.certificate?.identifier ?? options.session?.expectedIdentifier ?? 'PNOEE-40504040001';
  const session = requestedSession({ expectedIdentifier: identifier, ...options.session });
  const level = options.certificate?.level ?? 'QUALIFIED';
  const documentNumber =
    options.certificate?.documentNumber ?? `${identifier}-MOCK-${level === 'QUALIFIED' ? 'Q' : 'NQ'}`;
  const issued =
    options.issued ?? accountCertificate({ identifier, level, documentNumber, ...options.certificate });
  const [, hashBytes] = HASHES[session.hashAlgorithm];
  const signing: Signing = {
    schemeName: session.schemeName,
    serverRandom: randomBytes(24).toString('base64'),
    rpChallenge: session.rpChallenge,
    userChallenge: createHash('sha256').update(randomBytes(32)).digest('base64url'),
    relyingPartyName: session.relyingPartyName,
    brokeredRpName: session.brokeredRpName ?? '',
    interactions: session.interactions,
    interactionTypeUsed: 'displayTextAndPIN',
    initialCallbackUrl: '',
    flowType: 'Notification',
    hash: session.hashAlgorithm,
    saltLength: hashBytes,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    key: issued.privateKey,
    ...options.genuine,
  };
  const answer: Answer = {
    state: 'COMPLETE',
    result: { endResult: 'OK', documentNumber },
    signatureProtocol: 'ACSP_V2',
    signature: {
      value: signatureOver({ ...signing, ...options.signed }),
      serverRandom: signing.serverRandom,
      userChallenge: signing.userChallenge,
      flowType: signing.flowType,
      signatureAlgorithm: 'rsassa-pss',
      signatureAlgorithmParameters: {
        hashAlgorithm: session.hashAlgorithm,
        maskGenAlgorithm: { algorithm: 'id-mgf1', parameters: { hashAlgorithm: session.hashAlgorithm } },
        saltLength: hashBytes,
        trailerField: '0xbc',
      },
    },
    cert: { value: issued.certificate.toString('base64'), certificateLevel: level },
    interactionTypeUsed: signing.interactionTypeUsed,
  };
  const stated = options.stated?.(answer) ?? answer;
  return {
    apiVersion: '3',
    session,
    answer: stated,
    body: options.body?.(JSON.stringify(stated)),
    trust: issued.trust,
    revocation: options.revocation,
    callback: options.callback,
  };
}

const certificates = new Map<string, IssuedCertificate>();

/** Issued once for the same account, as Smart-ID does: every login of it has the same certificate. */
export function accountCertificate(account: AuthenticationOptions): IssuedCertificate {
  if (account.keys) return issueAuthentication(testPki, account);
  const key = JSON.stringify(account);
  const known = certificates.get(key);
  if (known) return known;
  const issued = issueAuthentication(testPki, account);
  certificates.set(key, issued);
  return issued;
}

function payloadOf(signing: Signing): Buffer {
  const b64 = (text: string) => Buffer.from(text).toString('base64');
  const digestOfInteractions = createHash('sha256').update(signing.interactions).digest('base64');
  return Buffer.from(
    `${signing.schemeName}|ACSP_V2|${signing.serverRandom}|${signing.rpChallenge}|${signing.userChallenge}|` +
      `${b64(signing.relyingPartyName)}|${b64(signing.brokeredRpName)}|${digestOfInteractions}|${signing.interactionTypeUsed}|${signing.initialCallbackUrl}|${signing.flowType}`,
  );
}

function signatureOver(signing: Signing): string {
  const payload = payloadOf(signing);
  if (signing.pss) return pssSignature(payload, signing.key, signing.pss).toString('base64');
  const pss = signing.padding === constants.RSA_PKCS1_PSS_PADDING ? { saltLength: signing.saltLength } : {};
  const key =
    signing.key.asymmetricKeyType === 'rsa'
      ? { key: signing.key, padding: signing.padding, ...pss }
      : signing.key;
  return sign(HASHES[signing.hash][0], payload, key).toString('base64');
}

type Path = readonly string[];

/** Removes one member. */
export function withoutMember(...path: Path): ResponseChange {
  return changed(path, (parent, key) => Reflect.deleteProperty(parent, key));
}

/** Sets one member to another value. */
export function withMember(value: unknown, ...path: Path): ResponseChange {
  return withMappedMember(() => value, ...path);
}

/** Maps the value of one member. */
export function withMappedMember(change: (value: unknown) => unknown, ...path: Path): ResponseChange {
  return changed(path, (parent, key) => {
    parent[key] = change(parent[key]);
  });
}

function changed(path: Path, change: (parent: Record<string, unknown>, key: string) => void): ResponseChange {
  return (answer) => {
    const copy = structuredClone(answer);
    change(parentOf(copy as Record<string, unknown>, path), path.at(-1) ?? '');
    return copy;
  };
}

function parentOf(root: Record<string, unknown>, path: Path): Record<string, unknown> {
  return path.slice(0, -1).reduce((parent, key) => parent[key] as Record<string, unknown>, root);
}
