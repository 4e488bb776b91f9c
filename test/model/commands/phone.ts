/** What people do with the Smart-ID app. */
import fc from 'fast-check';
import { z } from 'zod';
import type { Login, PhoneSession } from '../facts.ts';
import { PEOPLE, type Person, personAt } from '../people.ts';
import type { PhoneAnswer } from '../system/phone.ts';
import { anyNumber, command, loginAt, type ModelCommand, type Real, sessionAt } from './command.ts';

const statusSchema = z.object({ link: z.string().optional() });
const anAnswer = fc.oneof(
  { weight: 5, arbitrary: fc.constant<PhoneAnswer>('confirm') },
  { weight: 1, arbitrary: fc.constantFrom<PhoneAnswer>('refuse', 'wrong_code') },
);

async function answerSession(
  real: Real,
  session: PhoneSession,
  how: PhoneAnswer,
  person: Person,
  by: 'push' | 'QR' | 'Web2App',
): Promise<void> {
  const answered = await real.phones.answer(session.id, how);
  if (!answered) return;
  const at = real.system.clock.now();
  session.answeredAt = at;
  if (answered.endResult !== 'OK') return;
  session.confirmed = { by: person, at, with: by };
  if (answered.returnTo !== undefined) session.returnTo = new URL(answered.returnTo);
}

/** The link that the page of a login shows now. */
async function linkOf(real: Real, login: Login, kind: 'QR' | 'Web2App'): Promise<string | undefined> {
  if (login.path === undefined) return undefined;
  if (kind === 'QR') {
    const page = await real.get(login, `${login.path}/status?show=qr`);
    return page?.status === 200 ? statusSchema.parse(JSON.parse(page.text)).link : undefined;
  }
  const page = await real.get(login, `${login.path}/wait?show=web2app`);
  return /<a class="primary open" href="([^"]+)">/.exec(page?.text ?? '')?.[1]?.replaceAll('&amp;', '&');
}

/** The person opens the link of the page, and answers. */
export async function openLink(
  real: Real,
  login: Login,
  kind: 'QR' | 'Web2App',
  how: PhoneAnswer,
  person: Person,
): Promise<void> {
  const link = await linkOf(real, login, kind);
  if (link === undefined) return;
  const id = await real.phones.open(link, person);
  const opened = real.facts.logins.flatMap(({ sessions }) => sessions).find((each) => each.id === id);
  if (opened) await answerSession(real, opened, how, person, kind);
}

/** The person whose phone shows the request answers it. */
export async function answerPush(real: Real, session: PhoneSession, how: PhoneAnswer): Promise<void> {
  const person = PEOPLE.find(({ identifier }) => session.target?.startsWith(identifier));
  if (session.kind === 'push' && person) await answerSession(real, session, how, person, 'push');
}

export const phoneCommands: readonly fc.Arbitrary<ModelCommand>[] = [
  fc
    .record({
      login: anyNumber,
      person: fc.nat({ max: 1 }),
      kind: fc.constantFrom('QR' as const, 'Web2App' as const),
      how: anAnswer,
    })
    .map(({ login, person, kind, how }) =>
      command(
        kind === 'QR' ? 'scan the QR code' : 'open the app',
        { login, person, how },
        (facts) => loginAt(facts, login)?.sessions.at(-1)?.kind === 'link',
        async (facts, real) => {
          const chosen = loginAt(facts, login);
          if (chosen) await openLink(real, chosen, kind, how, personAt(person));
        },
      ),
    ),
  fc.record({ session: anyNumber, how: anAnswer }).map(({ session, how }) => {
    const waits = ({ kind, answeredAt }: PhoneSession) => kind === 'push' && answeredAt === undefined;
    return command(
      'answer the request',
      { session, how },
      (facts) => sessionAt(facts, session, waits) !== undefined,
      async (facts, real) => {
        const chosen = sessionAt(facts, session, waits)?.session;
        if (chosen) await answerPush(real, chosen, how);
      },
    );
  }),
  fc
    .record({ session: anyNumber, other: fc.nat({ max: 4 }), altered: fc.nat({ max: 9 }) })
    .map(({ session, other, altered }) => {
      const returns = ({ returnTo }: PhoneSession) => returnTo !== undefined;
      return command(
        'callback',
        { session, otherBrowser: other === 0, altered: altered === 0 },
        (facts) => sessionAt(facts, session, returns) !== undefined,
        async (facts, real) => {
          const chosen = sessionAt(facts, session, returns);
          if (chosen) await returnTo(real, chosen.login, chosen.session, other === 0, altered === 0);
        },
      );
    }),
];

/** The app opens the browser; the second time it is a replay. */
export async function returnTo(
  real: Real,
  login: Login,
  session: PhoneSession,
  inOtherBrowser: boolean,
  altered: boolean,
): Promise<void> {
  if (!session.returnTo) return;
  const url = new URL(session.returnTo);
  if (altered) url.searchParams.set('userChallengeVerifier', 'altered');
  const browser = inOtherBrowser ? 1 - login.browser : login.browser;
  session.returnedIn.push(altered ? -1 : browser);
  const page = await real.get(login, url, browser);
  // The connection broke: whether the callback has arrived is not known, and the app opens it once.
  if (!page) session.disturbed = true;
}
