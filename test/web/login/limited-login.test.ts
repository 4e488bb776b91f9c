import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { LANGUAGES } from '../../../src/config/languages.ts';
import { CATALOGUES } from '../../../src/web/messages/languages.ts';
import { en } from '../../../src/web/messages/en.ts';
import { retryText } from '../../../src/web/messages/messages.ts';
import {
  headingOf,
  PERSONAL_CODE,
  startWeb,
  textOf,
  UID,
  type WebOptions,
  type WebUnderTest,
} from '../web-under-test.ts';

const LOGIN = `/login/${UID}`;
const WAIT = `${LOGIN}/wait`;
const PHONE = { 'sec-ch-ua-mobile': '?1' };
const CODES = ['too_many_logins', 'too_many_logins_of_person', 'push_too_soon', 'too_many_waiting'] as const;

describe('a limited login', () => {
  let web: WebUnderTest;
  const start = async (options?: WebOptions) => (web = await startWeb(options));
  afterEach(() => web.close());

  for (const code of CODES) {
    it(`is a 429 page for ${code}, with the reason, the time to wait and the return to the client`, async () => {
      await start();
      web.login.limit(code, 300);
      const answer = await web.get(WAIT);
      const html = await answer.text();
      assert.equal(answer.status, 429);
      assert.equal(answer.headers.get('retry-after'), '300');
      assert.equal(answer.headers.get('cache-control'), 'no-store');
      assert.equal(headingOf(html), en.outcomes[code].heading);
      for (const paragraph of en.outcomes[code].paragraphs) assert.ok(textOf(html).includes(paragraph));
      assert.ok(textOf(html).includes('You can try again in 5 minutes'));
      // Without href yet: a script adds it later; without scripts the page reloads itself.
      assert.match(
        html,
        new RegExp(
          `role="link" tabindex="0" aria-disabled="true" aria-describedby="retry" data-href="${LOGIN}"`,
        ),
      );
      assert.match(
        html,
        new RegExp(`<noscript><meta http-equiv="refresh" content="300; url=${WAIT}\\?waited"></noscript>`),
      );
      assert.match(html, new RegExp(`<form method="post" action="${LOGIN}/cancel">`));
      assert.ok(!html.includes('detail for the log'));
    });
  }

  it('shows the time in every language', async () => {
    await start();
    web.login.limit('push_too_soon', 300);
    for (const language of LANGUAGES) {
      const html = await (await web.get(WAIT, { 'accept-language': language })).text();
      assert.equal(headingOf(html), CATALOGUES[language].outcomes.push_too_soon.heading);
      assert.ok(textOf(html).includes(retryText(CATALOGUES[language], 300)), language);
    }
  });

  it('counts the time down at each reload, and then offers another try', async () => {
    await start();
    web.login.limit('push_too_soon', 90);
    web.clock.ms += 60_500;
    const answer = await web.get(WAIT);
    assert.equal(answer.headers.get('retry-after'), '30');
    assert.ok(textOf(await answer.text()).includes('You can try again in 30 seconds'));
    web.clock.ms += 29_500;
    const over = await web.get(`${WAIT}?waited`);
    const html = await over.text();
    assert.equal(over.status, 200);
    assert.equal(over.headers.get('retry-after'), null);
    assert.match(
      html,
      new RegExp(`<a class="primary" href="${LOGIN}">${en.outcomes.push_too_soon.retry}</a>`),
    );
    assert.ok(!html.includes('aria-disabled'));
  });

  it('follows a form that was sent too often', async () => {
    await start({
      change: {
        login: { begin: async (request) => web.login.limit('push_too_soon', 30, request.interactionUid) },
      },
    });
    const sent = await web.post(`${LOGIN}/code`, { country: 'EE', personal_code: PERSONAL_CODE });
    assert.equal(sent.status, 303);
    assert.equal((await web.get(sent.headers.get('location') ?? '')).status, 429);
  });

  for (const code of ['too_many_logins_of_person', 'push_too_soon'] as const) {
    it(`offers a device link instead, which ${code} does not limit`, async () => {
      await start();
      web.login.limit(code, 300);
      const computer = await (await web.get(WAIT)).text();
      assert.match(
        computer,
        new RegExp(
          `<form method="post" action="${LOGIN}/device-link"><button class="primary">${en.methods.showQr}`,
        ),
      );
      assert.match(computer, /<a class="secondary" role="link" tabindex="0" aria-disabled="true"/);
      const phone = await (await web.get(WAIT, PHONE)).text();
      assert.match(
        phone,
        new RegExp(`<a class="primary" href="${LOGIN}\\?choose">${en.methods.otherMethods}</a>`),
      );
    });
  }

  it('offers nothing instead if all flows are limited, or there is no other', async () => {
    const none = async (): Promise<void> => {
      const html = await (await web.get(WAIT)).text();
      assert.ok(!html.includes('device-link'));
      assert.ok(!textOf(html).includes(en.methods.otherMethods));
      await web.close();
    };
    await start();
    web.login.limit('too_many_logins', 300);
    await none();
    await start({ offered: { flows: ['notification'] } });
    web.login.limit('push_too_soon', 300);
    await none();
    await start();
    web.login.limitLink('too_many_logins', 300);
    await none();
    await start();
  });

  for (const code of ['push_too_soon', 'too_many_logins_of_person'] as const) {
    it(`offers the QR code to the person of the login_hint too: ${code}`, async () => {
      await start({ expectedPerson: `PNOEE-${PERSONAL_CODE}` });
      web.login.limit(code, 300);
      assert.ok((await (await web.get(WAIT)).text()).includes(en.methods.showQr));
    });
  }
});
