/**
 * Completed RP API v3 answers, really signed. The payload is written out here a second time, from SK's page, so that
 * what is tested cannot agree with itself; and each named defect leaves everything else right.
 */
import { constants, createHash, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { AuthenticationSession, HashAlgorithm } from '../../src/smart-id/authentication.ts';
import type { Returned } from '../../src/smart-id/callback.ts';
import {
  type UnverifiedCompletedSession,
  sessionStatusSchema,
} from '../../src/smart-id/rp-api/v3/session-status.ts';
import {
  type AuthenticationOptions,
  createTestPki,
  issueAuthentication,
  type IssuedCertificate,
} from './certificates.ts';
import { type PssParameters, pssSignature } from './pss-signature.ts';

export const testPki = createTestPki();

export type Answer = UnverifiedCompletedSession;
export interface Exchange {
  readonly session: AuthenticationSession;
  readonly answer: Answer;
  readonly trust: IssuedCertificate['trust'];
  /** What the callback brought, where the browser came back. */
  readonly returned?: Returned | undefined;
}

export interface Signing {
  readonly schemeName: string;
  readonly serverRandom: string;
  readonly rpChallenge: string;
  readonly userChallenge: string;
  readonly relyingPartyName: string;
  readonly interactions: string;
  readonly interactionTypeUsed: string;
  readonly initialCallbackUrl: string;
  readonly flowType: string;
  readonly hash: HashAlgorithm;
  readonly saltLength: number;
  readonly padding: number;
  readonly key: KeyObject;
  /** Signs by hand with these parameters, where node:crypto would not. */
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

export function sessionAsked(changes: Partial<AuthenticationSession> = {}): AuthenticationSession {
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
    flows: ['Notification'],
    expectedIdentifier: 'PNOEE-40504040001',
    ...changes,
  };
}

export interface ExchangeOptions {
  readonly session?: Partial<AuthenticationSession>;
  readonly certificate?: AuthenticationOptions;
  /** A certificate of its own making, such as one with a defect. */
  readonly issued?: IssuedCertificate;
  /** What is signed, and said as well. */
  readonly genuine?: Partial<Signing>;
  /** What is signed other than it should be, while the answer says what it should. */
  readonly signed?: Partial<Signing>;
  /** What the answer says other than what is signed. */
  readonly said?: (answer: Answer) => Answer;
  readonly returned?: Returned | undefined;
}

/** A genuine exchange, unless an option makes it otherwise. */
export function exchange(options: ExchangeOptions = {}): Exchange {
  const identifier =
    options.certificate?.identifier ?? options.session?.expectedIdentifier ?? 'PNOEE-40504040001';
  const session = sessionAsked({ expectedIdentifier: identifier, ...options.session });
  const level = options.certificate?.level ?? 'QUALIFIED';
  const documentNumber =
    options.certificate?.documentNumber ?? `${identifier}-MOCK-${level === 'QUALIFIED' ? 'Q' : 'NQ'}`;
  const issued =
    options.issued ??
    issueAuthentication(testPki, { identifier, level, documentNumber, ...options.certificate });
  const [, hashBytes] = HASHES[session.hashAlgorithm];
  const signing: Signing = {
    schemeName: session.schemeName,
    serverRandom: randomBytes(24).toString('base64'),
    rpChallenge: session.rpChallenge,
    userChallenge: createHash('sha256').update(randomBytes(32)).digest('base64url'),
    relyingPartyName: session.relyingPartyName,
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
  const { returned } = options;
  return { session, answer: options.said?.(answer) ?? answer, trust: issued.trust, returned };
}

function payloadOf(signing: Signing): Buffer {
  const b64 = (text: string) => Buffer.from(text).toString('base64');
  const digestOfInteractions = createHash('sha256').update(signing.interactions).digest('base64');
  return Buffer.from(
    `${signing.schemeName}|ACSP_V2|${signing.serverRandom}|${signing.rpChallenge}|${signing.userChallenge}|` +
      `${b64(signing.relyingPartyName)}||${digestOfInteractions}|${signing.interactionTypeUsed}|${signing.initialCallbackUrl}|${signing.flowType}`,
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

/** The answer without one part, as it would come off the wire. */
export function without(...path: Path): (answer: Answer) => Answer {
  return (answer) => {
    const copy = structuredClone(answer) as Record<string, unknown>;
    Reflect.deleteProperty(parentOf(copy, path), path.at(-1) ?? '');
    return sessionStatusSchema.parse(copy) as Answer;
  };
}

/** The answer with another value at one place, as it would come off the wire. */
export function saying(value: unknown, ...path: Path): (answer: Answer) => Answer {
  return (answer) => {
    const copy = structuredClone(answer) as Record<string, unknown>;
    parentOf(copy, path)[path.at(-1) ?? ''] = value;
    return sessionStatusSchema.parse(copy) as Answer;
  };
}

function parentOf(root: Record<string, unknown>, path: Path): Record<string, unknown> {
  return path.slice(0, -1).reduce((parent, key) => parent[key] as Record<string, unknown>, root);
}

/* The defects of an answer. Each is what somebody in the middle, or a careless service, could send. */

export const wrongChallenge = (): Exchange =>
  exchange({ signed: { rpChallenge: randomBytes(64).toString('base64') } });
export const otherRelyingParty = (): Exchange => exchange({ signed: { relyingPartyName: 'DEM0' } });
export const otherInteractions = (): Exchange =>
  exchange({
    signed: {
      interactions: Buffer.from('[{"type":"displayTextAndPIN","displayText60":"Pay"}]').toString('base64'),
    },
  });
export const otherScheme = (): Exchange => exchange({ signed: { schemeName: 'smart-id' } });
export const otherFlowSigned = (): Exchange => exchange({ signed: { flowType: 'QR' } });
export const otherInteractionSigned = (): Exchange =>
  exchange({ signed: { interactionTypeUsed: 'confirmationMessage' } });
export const otherHashSigned = (): Exchange => exchange({ signed: { hash: 'SHA-256', saltLength: 64 } });
export const otherSaltSigned = (): Exchange => exchange({ signed: { saltLength: 32 } });
export const pkcs1Signature = (): Exchange => exchange({ signed: { padding: constants.RSA_PKCS1_PADDING } });
export const otherKeySigned = (key: KeyObject): Exchange => exchange({ signed: { key } });

/** PSS with any parameters, while the answer states the right ones. */
export const signedByHand = (pss: PssParameters): Exchange => exchange({ signed: { pss } });

export const flowNotOffered = (): Exchange =>
  exchange({ signed: { flowType: 'QR' }, said: saying('QR', 'signature', 'flowType') });
export const interactionNotOffered = (): Exchange =>
  exchange({
    signed: { interactionTypeUsed: 'confirmationMessage' },
    said: saying('confirmationMessage', 'interactionTypeUsed'),
  });
export const alteredServerRandom = (): Exchange =>
  exchange({ said: saying(randomBytes(24).toString('base64'), 'signature', 'serverRandom') });
export const alteredUserChallenge = (): Exchange =>
  exchange({ said: saying(randomBytes(32).toString('base64url'), 'signature', 'userChallenge') });
export const statesOtherAlgorithm = (): Exchange =>
  exchange({ said: saying('sha512WithRSAEncryption', 'signature', 'signatureAlgorithm') });
export const statesOtherHash = (): Exchange =>
  exchange({ said: saying('SHA-256', 'signature', 'signatureAlgorithmParameters', 'hashAlgorithm') });
export const statesOtherMaskGeneration = (): Exchange =>
  exchange({
    said: saying(
      'SHA-256',
      'signature',
      'signatureAlgorithmParameters',
      'maskGenAlgorithm',
      'parameters',
      'hashAlgorithm',
    ),
  });
export const statesOtherMaskFunction = (): Exchange =>
  exchange({
    said: saying('id-mgf2', 'signature', 'signatureAlgorithmParameters', 'maskGenAlgorithm', 'algorithm'),
  });
export const statesOtherSalt = (): Exchange =>
  exchange({ said: saying(32, 'signature', 'signatureAlgorithmParameters', 'saltLength') });
export const statesOtherTrailer = (): Exchange =>
  exchange({ said: saying('0xcc', 'signature', 'signatureAlgorithmParameters', 'trailerField') });
export const statesOtherProtocol = (): Exchange =>
  exchange({ said: saying('RAW_DIGEST_SIGNATURE', 'signatureProtocol') });
export const statesHigherLevel = (): Exchange =>
  exchange({ certificate: { level: 'ADVANCED' }, said: saying('QUALIFIED', 'cert', 'certificateLevel') });
export const statesLowerLevel = (): Exchange =>
  exchange({
    session: { certificateLevel: 'ADVANCED' },
    said: saying('ADVANCED', 'cert', 'certificateLevel'),
  });
export const statesUnknownLevel = (): Exchange =>
  exchange({ said: saying('QSCD', 'cert', 'certificateLevel') });
export const unknownEndResult = (): Exchange => exchange({ said: saying('SPLENDID', 'result', 'endResult') });
export const refusedWithSignature = (): Exchange =>
  exchange({ said: saying('USER_REFUSED', 'result', 'endResult') });
export const documentOfAnother = (): Exchange =>
  exchange({ said: saying('PNOEE-50001029996-MOCK-Q', 'result', 'documentNumber') });
export const documentOfLongerIdentifier = (): Exchange =>
  exchange({ said: saying('PNOEE-405040400012-MOCK-Q', 'result', 'documentNumber') });
export const otherDocumentOfSamePerson = (): Exchange =>
  exchange({ said: saying('PNOEE-40504040001-OTHR-Q', 'result', 'documentNumber') });
export const lineBreakInBase64 = (): Exchange =>
  exchange({ said: (answer) => saying(`${answer.cert?.value ?? ''}\n`, 'cert', 'value')(answer) });
export const garbageCertificate = (): Exchange =>
  exchange({ said: saying(randomBytes(900).toString('base64'), 'cert', 'value') });
export const replayOfAnotherSession = (): Exchange => ({ ...exchange(), session: sessionAsked() });
