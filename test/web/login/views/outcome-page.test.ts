import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { referenceOf } from '../../../../src/reference.ts';
import type { FailureCode, InteractionType } from '../../../../src/login/failure.ts';
import { en } from '../../../../src/web/messages/en.ts';
import { headingOf, startWeb, textOf, UID, type WebUnderTest } from '../../web-under-test.ts';

const CODES = Object.keys(en.outcomes) as FailureCode[];
const OPERATORS: readonly FailureCode[] = [
  'request_malformed',
  'relying_party_not_allowed',
  'client_too_old',
];

/** An immediate retry would fail again. */
const AWAY = ['maintenance', 'service_failed', 'revocation_unavailable'] as const;

/** Outcomes with a delay or another flow: tested separately below. */
const SPECIAL: readonly FailureCode[] = [...AWAY, 'callback_refused'];

/** Below the address of the login: the form with what was typed, or the choice where the same code fails again. */
const RETRIED_AT: Partial<Record<FailureCode, string>> = {
  account_not_found: '/code',
  account_not_suitable: '?choose',
  account_unusable: '?choose',
  country_not_allowed: '?choose',
};

describe('outcome page', () => {
  let web: WebUnderTest;
  before(async () => {
    web = await startWeb();
  });
  after(() => web.close());
  const outcome = async (code: FailureCode) => {
    web.login.fail(code);
    return (await web.get(`/login/${UID}/wait`)).text();
  };

  for (const code of CODES.filter((each) => !SPECIAL.includes(each))) {
    it(`explains ${code}, how to try again and how to return to the client`, async () => {
      const html = await outcome(code);
      const { heading, paragraphs, retry } = en.outcomes[code];
      assert.equal(headingOf(html), heading);
      for (const paragraph of paragraphs) assert.ok(textOf(html).includes(paragraph));
      const address = `/login/${UID}${RETRIED_AT[code] ?? ''}`.replace('?', '\\?');
      assert.match(html, new RegExp(`<a class="(primary|secondary)" href="${address}">${retry}</a>`));
      assert.match(
        html,
        new RegExp(
          `<form method="post" action="/login/${UID}/cancel"><button class="quiet">Back to Sample app`,
        ),
      );
      assert.ok(!html.includes('detail for the log'));
    });
  }

  it('does not send a person to a code whom the client has named', async () => {
    const named = await startWeb({ expectedPerson: 'PASEE-AB1234567' });
    try {
      named.login.fail('account_not_found');
      const html = await (await named.get(`/login/${UID}/wait`)).text();
      assert.equal(headingOf(html), en.outcomes.account_not_found.heading);
      assert.ok(textOf(html).includes(en.expectedPersonNotFound));
      assert.doesNotMatch(textOf(html), /\bcode\b/);
      assert.match(html, new RegExp(`href="/login/${UID}">${en.outcomes.timeout.retry}</a>`));
    } finally {
      await named.close();
    }
  });

  it('informs the owner of a Basic account with the required text, and links Smart-ID’s help first', async () => {
    const html = await outcome('account_not_suitable');
    const required =
      'You are using a Smart-ID Basic account. This account has limited access: you can use it for online banking, but won\u2019t be able to log in to other e-services, sign documents etc. Please upgrade your Smart-ID account. You should create a new account electronically using your ID-card, Mobile-ID (in Lithuania) or by visiting bank office.';
    const paragraphs = Array.from(html.matchAll(/<p[^>]*>(.*?)<\/p>/gs), ([, inner = '']) =>
      inner.replaceAll(/<[^>]*>/g, '').trim(),
    );
    const [shown = ''] = paragraphs.filter((text) => text.startsWith('You are using'));
    assert.deepEqual(codePointsOf(shown), codePointsOf(required));
    assert.match(html, /using a <span class="smart-id">Smart-ID<\/span> Basic account/);
    assert.match(
      html,
      /<a class="primary" href="https:\/\/www\.smart-id\.com\/help\/faq\/[\w/-]+basic-account\/" target="_blank" rel="noopener noreferrer">How to upgrade/,
    );
    const { faq, ways, idCard, mobileId, bankOffice } = en.basicAccount;
    for (const text of [faq, ways, idCard, bankOffice]) assert.ok(textOf(html).includes(text), text);
    // The country's own way first; Mobile-ID only in Lithuania, as the text above says.
    assert.ok(!textOf(html).includes(mobileId));
    const items = [...html.matchAll(/<li>(.*?)<\/li>/gs)].map(([, item = '']) => item);
    assert.deepEqual(items.slice(0, 2), [idCard, bankOffice]);
    assert.ok(textOf(html).includes('Try again with another account'));
  });

  it('shows country and first four digits of the code that has no account, and the countries that it fits too', async () => {
    const html = await outcome('account_not_found');
    assert.ok(textOf(html).includes(en.login.entered('Estonia', '4050')));
    assert.ok(!html.includes('40504040001'));
    assert.match(
      html,
      new RegExp(`href="/login/${UID}/code\\?country=LT">${en.login.tryCountry('Lithuania')}</a>`),
    );
    // The digits after 40 would be no month of birth there.
    assert.ok(!html.includes(en.login.tryCountry('Latvia')));
  });

  it('names Smart-ID’s help as such where no page is about the outcome', async () => {
    const html = await outcome('maintenance');
    assert.ok(!textOf(html).includes(en.outcomes.maintenance.help?.label ?? ''));
    assert.match(html, new RegExp(`<a class="secondary" href="${en.smartIdHelpUrl}"`));
  });

  it('shows the reference of the attempt, as the log and the audit have it, for every failure', async () => {
    const reference = referenceOf('f0a3c1de-0000-4000-8000-000000000001');
    for (const code of OPERATORS) {
      const html = await outcome(code);
      assert.ok(html.includes(`<code>${reference}</code>`));
      assert.equal(headingOf(html), headingOf(await outcome('request_malformed')));
    }
    assert.ok((await outcome('user_refused')).includes(`<code>${reference}</code>`));
    assert.ok(!(await outcome('user_refused')).includes('f0a3c1de'));
  });

  for (const screen of Object.keys(en.refusedInteractions) as InteractionType[]) {
    it(`says what was refused on the screen ${screen}`, async () => {
      web.login.fail('user_refused_interaction', screen);
      const html = await (await web.get(`/login/${UID}/wait`)).text();
      assert.equal(headingOf(html), en.refusedInteractions[screen].heading);
      for (const paragraph of en.refusedInteractions[screen].paragraphs)
        assert.ok(textOf(html).includes(paragraph));
    });
  }

  for (const code of AWAY) {
    it(`delays another try after ${code}`, async () => {
      const html = await outcome(code);
      assert.equal(headingOf(html), en.outcomes[code].heading);
      // Without href yet: a script adds it later; without scripts the page reloads itself.
      assert.match(
        html,
        /<a class="primary" role="link" tabindex="0" aria-disabled="true" aria-describedby="retry" data-href=/,
      );
      assert.doesNotMatch(html, new RegExp(` href="/login/${UID}"`));
      assert.match(
        html,
        new RegExp(
          `<noscript><meta http-equiv="refresh" content="20; url=/login/${UID}/wait\\?waited"></noscript>`,
        ),
      );
      assert.ok(textOf(html).includes('You can try again in 20 seconds'));
      const later = await (await web.get(`/login/${UID}/wait?waited`)).text();
      assert.match(
        later,
        new RegExp(`<a class="primary" href="/login/${UID}">${en.outcomes[code].retry}</a>`),
      );
      assert.ok(!later.includes('http-equiv="refresh"'));
    });
  }

  it('shows the time until the next try, if it is known', async () => {
    const retryAt = web.clock.ms + 41_500;
    web.login.limit('service_failed', 41.5);
    assert.ok(textOf(await page()).includes('You can try again in 42 seconds'));
    web.clock.ms = retryAt - 500;
    assert.ok(textOf(await page()).includes('You can try again in 1 second'));
    web.clock.ms = retryAt;
    assert.match(await page(), new RegExp(`<a class="primary" href="/login/${UID}">`));

    async function page(): Promise<string> {
      return (await web.get(`/login/${UID}/wait`)).text();
    }
  });

  it('offers the flows without a callback after the app opened another browser', async () => {
    const html = await outcome('callback_refused');
    assert.equal(headingOf(html), en.outcomes.callback_refused.heading);
    assert.match(
      html,
      new RegExp(`<form method="post" action="/login/${UID}/device-link"><button class="primary">`),
    );
    assert.match(html, new RegExp(`<a class="secondary" href="/login/${UID}/code">`));
    assert.ok(!html.includes(en.methods.openApp));
  });

  it('warns of an attacker after a wrong verification code', async () => {
    assert.match(textOf(await outcome('wrong_verification_code')), /somebody else/);
  });
});

function codePointsOf(text: string): readonly string[] {
  return Array.from(text, (letter) => `U+${(letter.codePointAt(0) ?? 0).toString(16)}`);
}
