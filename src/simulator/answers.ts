/**
 * The far side of a session: the person's app, automated or on the virtual phone, answers it, and the service turns
 * the answer into the session's status.
 */
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../log/logger.ts';
import { type Account, type Answer, documentNumber } from './accounts.ts';
import type { Credentials } from './credentials.ts';
import type { CompletedStatus, Session, Sessions } from './sessions.ts';
import { acspV2Payload, describeAlgorithm, signPayload } from './signing.ts';

export interface Answers {
  /** Answers now; nothing happens when the session is complete already. */
  give(session: Session, answer: Answer): Promise<void>;
  /** Answers after the delay of automated accounts. */
  giveLater(session: Session, answer: Answer): void;
  close(): void;
}

export interface AnswersOptions {
  readonly sessions: Sessions;
  readonly credentialsOf: (account: Account) => Promise<Credentials>;
  readonly delayMs: number;
  readonly log: Logger;
}

const SCHEME_NAME = 'smart-id-demo';
const FLOW_TYPE = 'Notification';

export function createAnswers({ sessions, credentialsOf, delayMs, log }: AnswersOptions): Answers {
  const closing = new AbortController();

  const give = async (session: Session, answer: Answer): Promise<void> => {
    const status = await statusOf(session, answer, credentialsOf).catch((error: unknown): CompletedStatus => {
      log.error({ err: error }, 'the simulator could not sign');
      return { state: 'COMPLETE', result: { endResult: 'SERVER_ERROR' } };
    });
    if (sessions.complete(session.id, status))
      log.debug({ endResult: status.result.endResult }, 'session complete');
  };

  return {
    give,
    giveLater(session, answer) {
      delay(delayMs, undefined, { signal: closing.signal, ref: false }).then(
        () => give(session, answer),
        () => undefined, // closing
      );
    },
    close() {
      closing.abort();
    },
  };
}

async function statusOf(
  session: Session,
  answer: Answer,
  credentialsOf: AnswersOptions['credentialsOf'],
): Promise<CompletedStatus> {
  switch (answer.endResult) {
    case 'OK':
      return await authenticated(session, await credentialsOf(session.account));
    case 'USER_REFUSED_INTERACTION': {
      const details = { interaction: answer.interaction };
      return { state: 'COMPLETE', result: { endResult: answer.endResult, details } };
    }
    default:
      return { state: 'COMPLETE', result: { endResult: answer.endResult } };
  }
}

async function authenticated(
  session: Session,
  { privateKey, certificate }: Credentials,
): Promise<CompletedStatus> {
  const { account, request, interaction } = session;
  const serverRandom = randomBytes(24).toString('base64');
  // On a device link the verifier would travel in the callback; here nobody ever sees it.
  const userChallenge = createHash('sha256')
    .update(randomBytes(32).toString('base64url'))
    .digest('base64url');
  const payload = acspV2Payload({
    schemeName: SCHEME_NAME,
    serverRandom,
    rpChallenge: request.rpChallenge,
    userChallenge,
    relyingPartyName: request.relyingPartyName,
    brokeredRpName: '',
    interactions: request.interactions,
    interactionTypeUsed: interaction.type,
    initialCallbackUrl: '',
    flowType: FLOW_TYPE,
  });
  return {
    state: 'COMPLETE',
    result: { endResult: 'OK', documentNumber: documentNumber(account) },
    signatureProtocol: 'ACSP_V2',
    signature: {
      value: await signPayload(payload, request.signatureAlgorithm, privateKey),
      serverRandom,
      userChallenge,
      flowType: FLOW_TYPE,
      ...describeAlgorithm(request.signatureAlgorithm),
    },
    cert: { value: certificate, certificateLevel: account.level },
    interactionTypeUsed: interaction.type,
  };
}
