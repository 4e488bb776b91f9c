/**
 * The far side of a session: the person's app, automated or on the virtual phone, answers it, and the service turns
 * the answer into the session's status, in the words of the API that the relying party used.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../../log/logger.ts';
import type { Account, Answer } from './accounts.ts';
import type { Credentials } from './credentials.ts';
import type { Session, Sessions } from './sessions.ts';
import { authenticatedV2, failedV2 } from './status-v2.ts';
import { authenticatedV3, type Ending, failedV3 } from './status-v3.ts';

export interface Answers {
  /** Answers now; nothing happens when the session is complete already. */
  give(session: Session, answer: Answer): Promise<void>;
  /** Answers after the delay of automated accounts, and never when the service closes first. */
  giveLater(session: Session, answer: Answer): Promise<void>;
  close(): void;
}

export interface AnswersOptions {
  readonly sessions: Sessions;
  readonly credentialsOf: (account: Account) => Promise<Credentials>;
  readonly delayMs: number;
  readonly log: Logger;
}

export function createAnswers({ sessions, credentialsOf, delayMs, log }: AnswersOptions): Answers {
  const closing = new AbortController();

  const give = async (session: Session, answer: Answer): Promise<void> => {
    const { status, returnTo } = await endingOf(session, answer, credentialsOf).catch(
      (error: unknown): Ending => {
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
      const stopped = await delay(delayMs, false, { signal: closing.signal, ref: false }).catch(() => true);
      if (!stopped) await give(session, answer);
    },
    close() {
      closing.abort();
    },
  };
}

async function endingOf(
  session: Session,
  answer: Answer,
  credentialsOf: AnswersOptions['credentialsOf'],
): Promise<Ending> {
  const { request, account } = session;
  if (answer.endResult !== 'OK')
    return { status: request.api === 'v2' ? failedV2(answer) : failedV3(answer) };
  if (!account) throw new Error('a session of nobody cannot be signed');
  const credentials = await credentialsOf(account);
  return request.api === 'v2'
    ? { status: authenticatedV2(session, request, account, credentials) }
    : await authenticatedV3(session, request, account, credentials);
}
