/**
 * The person's side of a session: the app, automated or the virtual phone, answers, and the service completes the session
 * with a status in the format of the API version that the relying party used.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../log/logger.ts';
import type { Account, Answer } from './account.ts';
import type { Credentials } from './credentials.ts';
import type { Session, Sessions } from './sessions.ts';
import { authenticatedV2, failedV2 } from './status-v2.ts';
import { authenticatedV3, type Completion, failedV3 } from './status-v3.ts';

export interface Answers {
  /** Answers now; does nothing if the session is already complete. */
  give(session: Session, answer: Answer): Promise<void>;
  /** Answers after the delay of automated accounts, unless the service closes first or the session is held. */
  giveLater(session: Session, answer: Answer): Promise<void>;
  close(): void;
}

export interface AnswersOptions {
  readonly sessions: Sessions;
  readonly credentialsOf: (account: Account) => Promise<Credentials>;
  /** The delay of automated accounts, in milliseconds. */
  readonly delayMs: () => number;
  readonly log: Logger;
}

export function createAnswers({ sessions, credentialsOf, delayMs, log }: AnswersOptions): Answers {
  const closing = new AbortController();

  const give = async (session: Session, answer: Answer): Promise<void> => {
    const { status, returnTo } = await completionOf(session, answer, credentialsOf).catch(
      (error: unknown): Completion => {
        log.error({ err: error }, 'the simulator could not sign');
        return { status: { state: 'COMPLETE', result: { endResult: 'SERVER_ERROR' } } };
      },
    );
    if (sessions.complete(session.id, status, returnTo))
      log.debug({ endResult: status.result.endResult }, 'session complete');
  };

  return {
    give,
    async giveLater(session, answer) {
      const stopped = await delay(delayMs(), false, { signal: closing.signal, ref: false }).catch(() => true);
      if (!stopped && sessions.find(session.id)?.held !== true) await give(session, answer);
    },
    close() {
      closing.abort();
    },
  };
}

async function completionOf(
  session: Session,
  answer: Answer,
  credentialsOf: AnswersOptions['credentialsOf'],
): Promise<Completion> {
  const { request, account } = session;
  if (answer.endResult !== 'OK')
    return { status: request.api === 'v2' ? failedV2(answer) : failedV3(answer) };
  if (!account) throw new Error('a session of nobody cannot be signed');
  const credentials = await credentialsOf(account);
  return request.api === 'v2'
    ? { status: authenticatedV2(session, request, account, credentials) }
    : await authenticatedV3(session, request, account, credentials);
}
