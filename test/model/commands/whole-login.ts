/** A login without detours: what was planned before (a database error at a statement, a kill) meets it somewhere. */
import fc from 'fast-check';
import { clientAt } from '../clients.ts';
import type { Expectation, Facts, Login } from '../facts.ts';
import { PEOPLE, type Person, personAt } from '../people.ts';
import type { Asked } from '../run.ts';
import { beginLogin, startOver, waitForPage } from './browser.ts';
import { anyNumber, command, type ModelCommand, type Real } from './command.ts';
import { answerPush, openLink, returnTo } from './phone.ts';

const anyWay = {
  browser: fc.nat({ max: 1 }),
  by: fc.constantFrom('push' as const, 'QR' as const, 'Web2App' as const),
  waits: fc.nat({ max: 3 }),
  redeems: fc.boolean(),
  /** Whether another person has the phone on which a link is opened. */
  otherPerson: fc.nat({ max: 3 }).map((number) => number === 0),
};

interface Way {
  readonly by: 'push' | 'QR' | 'Web2App';
  readonly waits: number;
  readonly redeems: boolean;
  /** Whose code is typed. */
  readonly person: Person;
  /** Who has the phone on which a link is opened. */
  readonly confirming: Person;
}

const mayOpen = ({ logins }: Readonly<Facts>) => logins.length < 6;

export const wholeLogin: fc.Arbitrary<ModelCommand> = fc
  .record({
    ...anyWay,
    client: anyNumber,
    person: fc.nat({ max: 1 }),
    expected: fc.constantFrom(undefined, undefined, 'login_hint' as const, 'sub' as const),
  })
  .map((asked) =>
    command('whole login', asked, mayOpen, async (_, real) => {
      const person = personAt(asked.person);
      const confirming = asked.otherPerson ? personAt(asked.person + 1) : person;
      const expected: Expectation | undefined = asked.expected && { person, by: asked.expected };
      await logIn(
        real,
        { ...asked, client: clientAt(asked.client), expected },
        { ...asked, person, confirming },
      );
    }),
  );

/** A client asks for the person of an ID token that it got before. */
export const loginAgain: fc.Arbitrary<ModelCommand> = fc
  .record({ ...anyWay, token: anyNumber })
  .map((asked) =>
    command(
      'login again',
      asked,
      (facts) => mayOpen(facts) && namedLogins(facts).length > 0,
      async (facts, real) => {
        const named = namedLogins(facts);
        const before = named[asked.token % named.length];
        if (!before) return;
        const { person, idToken } = before.named;
        const other = PEOPLE.find((each) => each !== person) ?? person;
        await logIn(
          real,
          {
            client: before.client,
            browser: asked.browser,
            expected: { person, by: 'id_token_hint', idToken },
          },
          { ...asked, person, confirming: asked.otherPerson ? other : person },
        );
      },
    ),
  );

/** Somebody asks for one push after the other: in the browser of the person if there is one, or in another one. */
export const manyPushes: fc.Arbitrary<ModelCommand> = fc
  .record({
    client: anyNumber,
    inOwn: fc.boolean(),
    times: fc.integer({ min: 2, max: 6 }),
    pauseMs: fc.constantFrom(0, 35_000, 100_000),
  })
  .map((asked) =>
    command('many pushes', asked, mayOpen, async (facts, real) => {
      const { person, browser } = ownBrowser(facts) ?? { person: personAt(0), browser: 0 };
      const login = await real.open({
        client: clientAt(asked.client),
        browser: asked.inOwn ? browser : 1 - browser,
        expected: undefined,
      });
      for (let time = 0; time < asked.times; time++) {
        if (!(await beginLogin(real, login, 'push', PEOPLE.indexOf(person)))) return;
        await startOver(real, login);
        real.system.clock.move(asked.pauseMs);
      }
    }),
  );

/** A person who has logged in by a device link, and where. */
function ownBrowser({
  logins,
}: Readonly<Facts>): { readonly person: Person; readonly browser: number } | undefined {
  return logins
    .filter(({ codes }) => codes.size > 0)
    .flatMap(({ browser, sessions }) =>
      sessions.flatMap(({ kind, confirmed }) =>
        kind === 'link' && confirmed ? [{ person: confirmed.by, browser }] : [],
      ),
    )
    .at(-1);
}

function namedLogins({ logins }: Readonly<Facts>) {
  return logins.filter((login): login is Login & Required<Pick<Login, 'named'>> => login.named !== undefined);
}

async function logIn(
  real: Real,
  asked: Asked,
  { by, waits, redeems, person, confirming }: Way,
): Promise<void> {
  const login = await real.open(asked);
  const begun = await beginLogin(real, login, by, PEOPLE.indexOf(person));
  if (!begun) return;
  if (by !== 'push') await openLink(real, login, by, 'confirm', confirming);
  const session = login.sessions.at(-1);
  if (session && by === 'push') await answerPush(real, session, 'confirm');
  if (session) await returnTo(real, login, session, false, false);
  for (let time = 0; time < waits; time++) await waitForPage(real, login);
  if (redeems) await real.relyingParties.redeem(login);
}
