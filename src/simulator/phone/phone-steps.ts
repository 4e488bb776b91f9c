/**
 * The steps of a request through the virtual phone, as the app takes them:
 *
 *   [whose?] → first screen of its interaction (PIN1, confirm, or pick the code) → [PIN1] → answer
 */
import { z } from 'zod';
import { type Account, type Answer, findAccount, isSuitable } from '../accounts/accounts.ts';
import type { Answers } from '../accounts/answers.ts';
import type { Session, Sessions } from '../accounts/sessions.ts';
import { codeChoices, verificationCode } from './verification-code.ts';

export type RequestScreen =
  /** An anonymous device link: whose account answers? */
  | { readonly kind: 'account'; readonly session: Session }
  /** A device link has no verification code. */
  | { readonly kind: 'confirm' | 'pin'; readonly session: Session; readonly code: string | undefined }
  | { readonly kind: 'codes'; readonly session: Session; readonly codes: readonly string[] }
  | { readonly kind: 'done'; readonly session: Session };

export const phoneForm = z.object({
  action: z.enum(['confirm', 'cancel', 'choose']).optional(),
  /** The account of the button that was pressed, or, with `choose`, of the list. */
  account: z.string().max(60).optional(),
  other: z.string().max(60).optional(),
  code: z.string().max(4).optional(),
  pin: z.string().max(100).optional(),
});
export type PhoneForm = z.infer<typeof phoneForm>;

export interface PhoneSteps {
  /** The requests that are on the phone: pushes, and device links that were opened here; what came last comes first. */
  waiting(): Session[];
  screenOf(session: Session): RequestScreen;
  /** Takes a request one screen further; a text when the person has to correct something. */
  take(session: Session, form: PhoneForm): Promise<string | undefined>;
}

const PIN1 = /^\d{4,12}$/;

export function createPhoneSteps({
  sessions,
  answers,
}: {
  sessions: Sessions;
  answers: Answers;
}): PhoneSteps {
  /** Requests whose first screen was confirmed; what is left of them is PIN1. */
  const confirmed = new Set<string>();

  const screenOf = (session: Session): RequestScreen => {
    if (session.completed) return { kind: 'done', session };
    if (!session.account) return { kind: 'account', session };
    const code = session.deviceLink ? undefined : codeOf(session);
    if (confirmed.has(session.id)) return { kind: 'pin', session, code };
    switch (session.interaction.type) {
      case 'displayTextAndPIN':
        return { kind: 'pin', session, code };
      case 'confirmationMessage':
        return { kind: 'confirm', session, code };
      case 'verificationCodeChoice':
      case 'confirmationMessageAndVerificationCodeChoice':
        return { kind: 'codes', session, codes: codeChoices(codeOf(session), session.id) };
    }
  };

  const choose = (session: Session, identifier: string | undefined): string | undefined => {
    const account = findAccount(identifier ?? '');
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
      // Who gave a login up and tried again has the codes of the new one before them. The sort is stable, so that of two
      // that came in the same millisecond the later one is first, too.
      return all
        .filter(({ account, deviceLink, opened }) =>
          deviceLink ? opened?.by === 'phone' : account?.behaviour.kind === 'phone',
        )
        .toReversed()
        .toSorted((a, b) => cameAt(b) - cameAt(a));
    },
    screenOf,
    async take(session, { action, account, other, code, pin }) {
      const screen = screenOf(session);
      if (screen.kind === 'done') return undefined;
      if (action === 'cancel') {
        await answers.give(session, cancelled(screen, confirmed.has(session.id)));
      } else if (screen.kind === 'account') {
        return choose(session, action === 'choose' ? other : account);
      } else if (screen.kind === 'confirm' && action === 'confirm') {
        confirmed.add(session.id);
      } else if (screen.kind === 'codes' && code !== undefined) {
        if (code === codeOf(session)) confirmed.add(session.id);
        else await answers.give(session, { endResult: 'WRONG_VC' });
      } else if (screen.kind === 'pin' && action === 'confirm') {
        if (!PIN1.test(pin ?? '')) return 'Type 4 to 12 digits. Any will do.';
        await answers.give(session, answerOf(session.account));
      }
      return undefined;
    },
  };
}

/** When it came to the phone. */
function cameAt({ opened, startedAt }: Session): number {
  return (opened?.at ?? startedAt).getTime();
}

function codeOf({ request }: Session): string {
  return verificationCode(request.api === 'v2' ? request.hash : request.rpChallenge);
}

/** An automated account that opened a device link here has its own answer, whatever its owner confirms. */
function answerOf(account: Account | undefined): Answer {
  return account?.behaviour.kind === 'automated' ? account.behaviour.answer : { endResult: 'OK' };
}

/** What Cancel means depends on the screen. (RP API 3.2, Session endpoint, end results) */
function cancelled(screen: RequestScreen, afterInteraction: boolean): Answer {
  if (screen.kind === 'account') return { endResult: 'USER_REFUSED_CERT_CHOICE' };
  // PIN1 after another screen is not the interaction any more.
  if (afterInteraction) return { endResult: 'USER_REFUSED' };
  return { endResult: 'USER_REFUSED_INTERACTION', interaction: screen.session.interaction.type };
}
