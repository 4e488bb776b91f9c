/** A login without detours: what was planned before (a database error at a statement, a kill) meets it somewhere. */
import fc from 'fast-check';
import { clientAt } from '../clients.ts';
import { personAt } from '../people.ts';
import { waitForPage, beginLogin } from './browser.ts';
import { anyNumber, command, type ModelCommand } from './command.ts';
import { answerPush, openLink, returnTo } from './phone.ts';

export const wholeLogin: fc.Arbitrary<ModelCommand> = fc
  .record({
    client: anyNumber,
    browser: fc.nat({ max: 1 }),
    person: fc.nat({ max: 1 }),
    by: fc.constantFrom('push' as const, 'QR' as const, 'Web2App' as const),
    expected: fc.constantFrom(undefined, undefined, 'login_hint' as const, 'sub' as const),
    waits: fc.nat({ max: 3 }),
    redeems: fc.boolean(),
    /** Whether another person has the phone on which a link is opened. */
    otherPerson: fc.nat({ max: 3 }).map((number) => number === 0),
  })
  .map((asked) =>
    command(
      'whole login',
      asked,
      ({ logins }) => logins.length < 6,
      async (_, real) => {
        const person = personAt(asked.person);
        const login = await real.open({
          client: clientAt(asked.client),
          browser: asked.browser,
          expected: asked.expected && { person, by: asked.expected },
        });
        const begun = await beginLogin(real, login, asked.by, asked.person);
        if (!begun) return;
        const confirming = asked.otherPerson ? personAt(asked.person + 1) : person;
        if (asked.by !== 'push') await openLink(real, login, asked.by, 'confirm', confirming);
        const session = login.sessions.at(-1);
        if (session && asked.by === 'push') await answerPush(real, session, 'confirm');
        if (session) await returnTo(real, login, session, false, false);
        for (let time = 0; time < asked.waits; time++) await waitForPage(real, login);
        if (asked.redeems) await real.relyingParties.redeem(login);
      },
    ),
  );
