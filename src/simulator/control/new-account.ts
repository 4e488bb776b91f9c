/** Accounts in the control API's JSON. */
import { z } from 'zod';
import {
  type Account,
  type Answer,
  type Behaviour,
  documentNumberOf,
  FAILED_END_RESULTS,
  REFUSAL_STATUSES,
  type RefusalStatus,
} from '../accounts/account.ts';

const name = z.string('missing').trim().min(1, 'empty').max(64, 'longer than 64 characters');

const behaviour = z.union(
  [
    z.literal('phone'),
    z.strictObject({ endResult: z.enum(['OK', ...FAILED_END_RESULTS]) }),
    z.strictObject({
      endResult: z.literal('USER_REFUSED_INTERACTION'),
      interaction: z.enum([
        'displayTextAndPIN',
        'verificationCodeChoice',
        'confirmationMessage',
        'confirmationMessageAndVerificationCodeChoice',
      ]),
    }),
    z.strictObject({ status: z.literal(REFUSAL_STATUSES) }),
  ],
  'not "phone", not an endResult (with the interaction of USER_REFUSED_INTERACTION), and not a status',
);

/** Everything but identifier and names has a default: a qualified account on the virtual phone. */
export const accountBody = z
  .strictObject({
    identifier: z
      .string('missing')
      .regex(
        /^(?:PNO|PAS|IDC)[A-Z]{2}-[A-Za-z0-9-]{1,40}$/,
        'not a semantics identifier, such as PNOEE-40504040001',
      ),
    surname: name,
    givenName: name,
    birthDate: z.iso.date('not a date, such as 1999-12-31').optional(),
    certificateLevel: z.enum(['QUALIFIED', 'ADVANCED']).default('QUALIFIED'),
    documentNumber: z.string().max(100).optional(),
    behaviour: behaviour.default('phone'),
  })
  .refine(
    ({ identifier, documentNumber, certificateLevel }) =>
      documentNumber === undefined ||
      (documentNumber.startsWith(`${identifier}-`) &&
        (certificateLevel === 'QUALIFIED' ? /-[A-Z0-9]+-Q$/ : /-[A-Z0-9]+-NQ$/).test(documentNumber)),
    {
      path: ['documentNumber'],
      error: 'not the identifier, a series and the level (Q or NQ), such as PNOEE-40504040001-DEMO-Q',
    },
  );
type AccountBody = z.infer<typeof accountBody>;

export function newAccount({ certificateLevel: level, behaviour: does, ...given }: AccountBody): Account {
  const { identifier, documentNumber = documentNumberOf(identifier, level) } = given;
  return { ...given, documentNumber, level, behaviour: behaviourOf(does) };
}

/** The account in the control API's JSON, as {@link accountBody} takes it. */
export function describeAccount({ level, behaviour: does, ...account }: Account): object {
  const { identifier, documentNumber, surname, givenName, birthDate } = account;
  return {
    identifier,
    documentNumber,
    surname,
    givenName,
    birthDate,
    certificateLevel: level,
    behaviour: describeBehaviour(does),
  };
}

function behaviourOf(does: AccountBody['behaviour']): Behaviour {
  if (does === 'phone') return { kind: 'phone' };
  return 'status' in does ? { kind: 'refused', status: does.status } : { kind: 'automated', answer: does };
}

function describeBehaviour(does: Behaviour): 'phone' | Answer | { status: RefusalStatus } {
  switch (does.kind) {
    case 'phone':
      return 'phone';
    case 'automated':
      return does.answer;
    case 'refused':
      return { status: does.status };
  }
}
