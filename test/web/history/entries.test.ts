/** Whose logins a history has: two persons, three browsers, four services, at once and under two values of SECRET_KEY. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { AuditEvent } from '../../../src/audit/events.ts';
import { failureSchema } from '../../../src/login/failure.ts';
import { CATALOGUES } from '../../../src/web/messages/languages.ts';
import { en } from '../../../src/web/messages/en.ts';
import { documentOf, entryOf, type HistoryLogin, historyOf } from '../../../src/web/history/entries.ts';
import {
  type Audited,
  BEGINNING,
  OTHER,
  PERSON,
  recordLogin,
  startAudited,
} from '../../commands/history/audited.ts';

const SERVICES = ['bank', 'clinic', 'notary', 'shop'];
const BROWSERS = [
  { browser: 'Firefox, Windows', address: '192.0.2.7' },
  { browser: 'Safari, iPhone', address: '198.51.100.20' },
  { browser: 'Chrome, Android', address: '2001:db8:7::1' },
];
const PERSONS = [PERSON, OTHER];
const HOUR = 3_600_000;

/** How a login fails that somebody has started who typed the code of the person. */
const BY_ANOTHER = [
  'callback_refused',
  'person_mismatch',
  'push_too_soon',
  'timeout',
  'too_many_logins_of_person',
  'user_refused',
  'user_refused_certificate_choice',
  'user_refused_interaction',
  'wrong_verification_code',
];

let audited: Audited;

before(async () => {
  audited = await startAudited();
  await recordAll('before the key', BEGINNING);
  await audited.changeKey();
  await recordAll('after the key', BEGINNING + HOUR);
});
after(() => audited.stop());

/** One login of each person in each browser to each service, their events in turn. */
async function recordAll(when: string, start: number): Promise<void> {
  const logins = PERSONS.flatMap((person) =>
    SERVICES.flatMap((client) => BROWSERS.map((browser) => ({ person, client, ...browser }))),
  );
  const each = logins.map(({ person, client, browser, address }): AuditEvent[] => {
    const of = { attempt: [when, person, client, browser].join(), client, flow: 'qr' } as const;
    return [
      { event: 'login_begun', ...of, address, browser },
      { event: 'login_authenticated', ...of, person, milliseconds: 9_000 },
      { event: 'login_finished', ...of, person, milliseconds: 9_500 },
    ];
  });
  const steps = [0, 1, 2].flatMap((step) => each.flatMap((events) => events.slice(step, step + 1)));
  await audited.record(start, ...steps);
}

function shownTo(person: string, address = '192.0.2.7', page = { skip: 0, count: 1_000 }) {
  const { audit } = audited.store;
  const clientName = (id: string) => Promise.resolve(id === 'shop' ? undefined : `The ${id}`);
  return historyOf({ audit, clientName }, { person, address, language: 'en' }, page);
}

describe('a history', () => {
  it('has each login of the person and no other, under the former SECRET_KEY too', async () => {
    const [mine, theirs] = await Promise.all(PERSONS.map((person) => shownTo(person)));
    for (const [history, person] of [
      [mine, PERSON],
      [theirs, OTHER],
    ] as const) {
      assert.equal(history?.total, 2 * SERVICES.length * BROWSERS.length);
      const attempts = history.logins.map(({ attempt }) => attempt);
      assert.equal(new Set(attempts).size, history.total);
      assert.ok(attempts.every((attempt) => attempt.includes(person)));
      for (const when of ['before the key', 'after the key'])
        assert.equal(attempts.filter((attempt) => attempt.startsWith(when)).length, history.total / 2);
    }
  });

  it('is empty for another person', async () => {
    assert.deepEqual(await shownTo('PNOLV-030303-10004'), { logins: [], total: 0 });
  });

  it('names service, browser and network of each, and which network is that of the browser now', async () => {
    const { logins } = await shownTo(PERSON, '198.51.100.20');
    const entries = logins.map((login) => entryOf(login, en));
    assert.deepEqual(
      new Set(entries.map(({ service }) => service)),
      new Set(['The bank', 'The clinic', 'The notary', 'shop']),
    );
    for (const { browser } of BROWSERS)
      assert.equal(entries.filter((entry) => entry.browser === browser).length, 2 * SERVICES.length);
    // Pseudonyms of a network differ from key to key.
    assert.equal(new Set(entries.map(({ network }) => network)).size, 2 * BROWSERS.length);
    const here = entries.filter(({ isThisNetwork }) => isThisNetwork);
    assert.equal(here.length, 2 * SERVICES.length);
    assert.deepEqual(new Set(here.map(({ browser }) => browser)), new Set(['Safari, iPhone']));
    const { logins: downloaded } = documentOf({ logins, total: logins.length }, 400);
    assert.deepEqual(
      new Set(downloaded.map(({ browser }) => browser)),
      new Set(BROWSERS.map(({ browser }) => browser)),
    );
  });

  it('has pages, the newest first, each login on one of them', async () => {
    const pages = await Promise.all(
      [0, 10, 20].map((skip) => shownTo(PERSON, undefined, { skip, count: 10 })),
    );
    const logins = pages.flatMap((page) => page.logins);
    assert.deepEqual(
      pages.map((page) => [page.logins.length, page.total]),
      [10, 10, 4].map((count) => [count, 24]),
    );
    assert.equal(new Set(logins.map(({ attempt }) => attempt)).size, 24);
    const times = logins.map(({ at }) => at);
    assert.deepEqual(
      times,
      times.toSorted((one, other) => other - one),
    );
  });

  it('tells what others can have caused, and what to do about it', async () => {
    const code = { code: 'user_refused', detail: 'USER_REFUSED' };
    await recordLogin(audited, 'refused', BEGINNING + 2 * HOUR, code, {
      flow: 'notification',
      client: 'bank',
    });
    const [newest] = (await shownTo(PERSON)).logins.map((login) => entryOf(login, en));
    assert.equal(newest?.outcome, en.outcomes.user_refused.heading);
    assert.equal(newest.advice, en.history.notStarted);
  });

  it('says of each code whether somebody else can have caused it', () => {
    const login: HistoryLogin = {
      ...{ attempt: 'an attempt', reference: undefined, client: 'bank', service: 'The bank', flow: 'qr' },
      ...{
        backchannel: false,
        at: BEGINNING,
        begun: true,
        limited: false,
        outcome: 'failed',
        redeemed: false,
      },
      ...{ detail: undefined, milliseconds: undefined, browser: undefined, code: undefined },
      ...{ network: undefined, networkNumber: undefined, isThisNetwork: false },
      legs: { smartId: undefined, person: undefined, completion: undefined },
    };
    const advised = failureSchema.shape.code.options.filter(
      (code) => entryOf({ ...login, code }, en).advice !== undefined,
    );
    assert.deepEqual(advised.sort(), BY_ANOTHER);
    for (const [change, advice] of [
      [{ code: 'browser_not_known' }, en.history.notStarted],
      [{ code: 'way_not_offered' }, undefined],
      [{ limited: true }, en.history.notStarted],
      [{ outcome: 'finished' }, undefined],
      [{ outcome: 'open' }, undefined],
      [{ outcome: 'cancelled' }, undefined],
      [{ outcome: 'cancelled', flow: 'notification' }, en.history.notStarted],
      [{ outcome: 'cancelled', backchannel: true }, en.history.notStarted],
    ] as const)
      assert.equal(entryOf({ ...login, ...change }, en).advice, advice, JSON.stringify(change));
  });

  it('tells a person who has confirmed a login of somebody else so, and not that their code was used', async () => {
    const of = { attempt: 'mismatch', client: 'bank', flow: 'qr', person: OTHER } as const;
    const end = { code: 'person_mismatch', detail: 'not the person whom the client expects' } as const;
    const at = BEGINNING + 2.5 * HOUR;
    await audited.record(at, { event: 'login_waiting', ...of, person: undefined, milliseconds: 1_000 });
    await audited.record(at + 8_000, { event: 'login_authenticated', ...of, milliseconds: 9_000 });
    await audited.record(at + 8_100, { event: 'login_failed', ...of, ...end, milliseconds: 9_100 });
    // The other one, whom the client expected: Smart-ID's answer named somebody else.
    await recordLogin(audited, 'expected', at, end, { flow: 'notification', client: 'bank' });
    for (const [person, advice] of [
      [OTHER, en.history.confirmed],
      [PERSON, en.history.notStarted],
    ] as const) {
      const [newest] = (await shownTo(person)).logins.map((login) => entryOf(login, en));
      assert.deepEqual([newest?.outcome, newest?.advice], [en.outcomes.person_mismatch.heading, advice]);
    }
  });

  it('explains a request to the phone that was cancelled on the page, which every person who typed the code can do', async () => {
    for (const [flow, advice, hour] of [
      ['notification', en.history.notStarted, 3],
      ['web2app', undefined, 4],
    ] as const) {
      const at = BEGINNING + hour * HOUR;
      await recordLogin(audited, `cancelled ${flow}`, at, 'cancelled', { flow });
      // A login by app link has no person in its events before the answer.
      const of = { attempt: `cancelled ${flow}`, client: 'bank', flow };
      if (flow === 'web2app')
        await audited.record(at + 4_000, {
          event: 'login_cancelled',
          ...of,
          person: PERSON,
          milliseconds: 4_000,
        });
      const [newest] = (await shownTo(PERSON)).logins.map((login) => entryOf(login, en));
      assert.equal(newest?.outcome, en.history.outcomes.cancelled);
      assert.equal(newest.advice, advice);
    }
  });

  it('says for how long it is kept, of one day too', () => {
    for (const [language, plural] of [
      ['en', /\b1 days/],
      ['de', /\b1 Tage/],
      ['fr', /\b1 jours/],
      ['nl', /\b1 dagen/],
      ['et', /\b1 päeva/],
    ] as const) {
      assert.doesNotMatch(CATALOGUES[language].history.kept(1), plural);
      assert.match(CATALOGUES[language].history.kept(365), /\b365 /);
    }
  });
});
