/** What the control API does with a request. It overrides an account's own answer. */
import { z } from 'zod';
import { isSuitable } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Answers } from '../accounts/answers.ts';
import type { Session, Sessions } from '../accounts/sessions.ts';
import { hasCodeChoice, verificationCodeOf } from '../phone/verification-code.ts';
import { invalid, Problem } from '../problem.ts';
import { errorDetail } from '../request-members.ts';

/** For an anonymous device link, `account` says who answers: a document number or an identifier. */
const account = z.string().max(100).optional();

export const answerBody = z.discriminatedUnion(
  'action',
  [
    /** Enters PIN1, and before it chooses the right code or confirms the text. */
    z.strictObject({ action: z.literal('confirm'), account }),
    /** Cancels on the first screen. */
    z.strictObject({ action: z.literal('refuse'), account }),
    /** Chooses a code, and enters PIN1 if it is the right one. */
    z.strictObject({
      action: z.literal('choose'),
      code: z.string('missing').regex(/^\d{4}$/, 'not four digits'),
      account,
    }),
    /** Gives no answer: the session ends with TIMEOUT unless it is answered later. */
    z.strictObject({ action: z.literal('wait'), account }),
  ],
  'not confirm, refuse, choose or wait',
);
type AnswerBody = z.infer<typeof answerBody>;

export interface AnswerOptions {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly answers: Answers;
}

/** @throws {Problem} 409 if the request does not wait for this, 400 for a wrong account */
export async function answerRequest(
  asked: Session,
  body: AnswerBody,
  { accounts, sessions, answers }: AnswerOptions,
): Promise<void> {
  if (asked.completed) throw conflict('The request was answered, or its time is up.');
  if (asked.deviceLink && !asked.opened) throw conflict('Its device link was not opened yet.');
  const session =
    body.account === undefined ? asked : assignAccount(asked, body.account, { accounts, sessions });
  switch (body.action) {
    case 'confirm':
      requireAccount(session);
      await answers.give(session, { endResult: 'OK' });
      return;
    case 'refuse':
      await answers.give(
        session,
        session.account
          ? { endResult: 'USER_REFUSED_INTERACTION', interaction: session.interaction.type }
          : { endResult: 'USER_REFUSED_CERT_CHOICE' },
      );
      return;
    case 'choose': {
      if (!hasCodeChoice(session)) throw conflict('Its interaction offers no choice of codes.');
      requireAccount(session);
      const right = body.code === verificationCodeOf(session);
      await answers.give(session, right ? { endResult: 'OK' } : { endResult: 'WRONG_VC' });
      return;
    }
    case 'wait':
      sessions.hold(session.id);
  }
}

/**
 * Sets the account that answers, by document number or identifier. Returns the changed session.
 *
 * @throws {Problem} 400 if the account may not answer this request
 */
export function assignAccount(
  session: Session,
  name: string,
  { accounts, sessions }: Pick<AnswerOptions, 'accounts' | 'sessions'>,
): Session {
  const { account: owner, ofDocument, request } = session;
  const document = accounts.findDocument(name);
  const found = (document ? [document] : accounts.ofPerson(name)).find(
    (one) =>
      isSuitable(one, request.certificateLevel) &&
      one.behaviour.kind !== 'refused' &&
      (!owner || owner.identifier === one.identifier) &&
      (!owner || !ofDocument || owner.documentNumber === one.documentNumber),
  );
  if (!found)
    throw invalid([errorDetail(['account'], 'unknown, below the requested level, or not who was asked')]);
  const changed = sessions.assign(session.id, found);
  if (!changed) throw conflict('The request was answered, or its time is up.');
  return changed;
}

function requireAccount(session: Session): void {
  if (!session.account) throw invalid([errorDetail(['account'], 'missing: the device link names nobody')]);
}

function conflict(detail: string): Problem {
  return new Problem(409, { detail });
}
