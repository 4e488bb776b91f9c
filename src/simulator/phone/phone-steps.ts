/**
 * The steps of a request on the virtual phone, as in the app:
 *
 *   [choose an account] → first screen of its interaction (PIN1, confirm, or choose the code) → [PIN1] → answer
 */
import { z } from 'zod';
import { type Account, type Answer, isSuitable } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Answers } from '../accounts/answers.ts';
import type { Session, Sessions } from '../accounts/sessions.ts';
import { codeChoices, verificationCodeOf } from './verification-code.ts';

export type RequestScreen =
  /** An anonymous device link: the person chooses an account. */
  | { readonly kind: 'account'; readonly session: Session }
  /** A device link has no verification code. */
  | { readonly kind: 'confirm' | 'pin'; readonly session: Session; readonly code: string | undefined }
  | { readonly kind: 'codes'; readonly session: Session; readonly codes: readonly string[] }
  | { readonly kind: 'done'; readonly session: Session };

export const phoneForm = z.object({
  action: z.enum(['confirm', 'cancel', 'choose']).optional(),
  /**
   * The account of the pressed button, by document number or identifier; with `choose`, `other` is the one selected in the
   * list.
   */
  account: z.string().max(60).optional(),
  other: z.string().max(60).optional(),
  code: z.string().max(4).optional(),
  pin: z.string().max(100).optional(),
});
export type PhoneForm = z.infer<typeof phoneForm>;

export interface PhoneSteps {
  /** The requests on the phone, newest first: notifications, and device links that were opened here. */
  waiting(): Session[];
  screenOf(session: Session): RequestScreen;
  /** Processes the form of the current screen. Returns a text if the person has to correct the input. */
  submit(session: Session, form: PhoneForm): Promise<string | undefined>;
}

const PIN1 = /^\d{4,12}$/;

export function createPhoneSteps({
  accounts,
  sessions,
  answers,
}: {
  accounts: Accounts;
  sessions: Sessions;
  answers: Answers;
}): PhoneSteps {
  /** Requests whose first screen was confirmed, so that PIN1 is next. */
  const confirmed = new Set<string>();

  const screenOf = (session: Session): RequestScreen => {
    if (session.completed) return { kind: 'done', session };
    if (!session.account) return { kind: 'account', session };
    const code = session.deviceLink ? undefined : verificationCodeOf(session);
    if (confirmed.has(session.id)) return { kind: 'pin', session, code };
    switch (session.interaction.type) {
      case 'displayTextAndPIN':
        return { kind: 'pin', session, code };
      case 'confirmationMessage':
        return { kind: 'confirm', session, code };
      case 'verificationCodeChoice':
      case 'confirmationMessageAndVerificationCodeChoice':
        return { kind: 'codes', session, codes: codeChoices(verificationCodeOf(session), session.id) };
    }
  };

  const choose = (session: Session, name = ''): string | undefined => {
    const account = accounts.findDocument(name) ?? accounts.ofPerson(name)[0];
    if (!account || account.behaviour.kind === 'refused') return 'Choose an account.';
    if (!isSuitable(account, session.request.certificateLevel))
      return 'That is a Smart-ID Basic account, and this service asks for a qualified one.';
    sessions.assign(session.id, account);
    return undefined;
  };

  return {
    waiting() {
      const all = sessions.all().filter(({ completed }) => !completed);
      for (const id of confirmed) if (!sessions.find(id)) confirmed.delete(id);
      // Newest first: after a retry, the login page shows the code of the new request. The sort is stable, and the reversal
      // also puts the later of two requests of the same millisecond first.
      return all
        .filter(({ account, deviceLink, opened }) =>
          deviceLink ? opened?.by === 'phone' : account?.behaviour.kind === 'phone',
        )
        .toReversed()
        .toSorted((a, b) => arrivedAt(b) - arrivedAt(a));
    },
    screenOf,
    async submit(session, { action, account, other, code, pin }) {
      const screen = screenOf(session);
      if (screen.kind === 'done') return undefined;
      if (action === 'cancel') {
        await answers.give(session, cancelled(screen, confirmed.has(session.id)));
      } else if (screen.kind === 'account') {
        return choose(session, action === 'choose' ? other : account);
      } else if (screen.kind === 'confirm' && action === 'confirm') {
        confirmed.add(session.id);
      } else if (screen.kind === 'codes' && code !== undefined) {
        if (code === verificationCodeOf(session)) confirmed.add(session.id);
        else await answers.give(session, { endResult: 'WRONG_VC' });
      } else if (screen.kind === 'pin' && action === 'confirm') {
        if (!PIN1.test(pin ?? '')) return 'Type 4 to 12 digits. Any will do.';
        await answers.give(session, answerOf(session.account));
      }
      return undefined;
    },
  };
}

/** The time at which the request reached the phone. */
function arrivedAt({ opened, startedAt }: Session): number {
  return (opened?.at ?? startedAt).getTime();
}

/** An automated account that was chosen for a device link gives its own answer, even if the person confirms. */
function answerOf(account: Account | undefined): Answer {
  return account?.behaviour.kind === 'automated' ? account.behaviour.answer : { endResult: 'OK' };
}

/** The end result of Cancel depends on the screen. (RP API 3.2, Session endpoint, end results) */
function cancelled(screen: RequestScreen, afterInteraction: boolean): Answer {
  if (screen.kind === 'account') return { endResult: 'USER_REFUSED_CERT_CHOICE' };
  // PIN1 after another screen does not belong to the interaction.
  if (afterInteraction) return { endResult: 'USER_REFUSED' };
  return { endResult: 'USER_REFUSED_INTERACTION', interaction: screen.session.interaction.type };
}
