import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { personalCodeRules } from '../../../../src/identity/countries/rules.ts';
import { en } from '../../../../src/web/messages/en.ts';
import {
  BEGUN,
  COOKIE,
  headingOf,
  PERSONAL_CODE,
  startWeb,
  textOf,
  UID,
  type WebOptions,
  type WebUnderTest,
} from '../../web-under-test.ts';

const LOGIN = `/login/${UID}`;
const FORM = `${LOGIN}/code`;
const ESTONIAN = { country: 'EE', personal_code: PERSONAL_CODE };
const PHONE = {
  'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Mobile/15E148',
};

describe('form for the personal code', () => {
  let web: WebUnderTest;
  const start = async (options?: WebOptions) => (web = await startWeb(options));
  afterEach(() => web.close());

  it('names the service, and asks for a country and a personal code', async () => {
    await start();
    const page = await web.get(FORM);
    const html = await page.text();
    assert.equal(page.status, 200);
    assert.equal(headingOf(html), en.login.heading);
    assert.ok(textOf(html).includes('Sample app'));
    assert.match(html, /<select id="country" name="country"/);
    assert.match(html, /<input id="personal_code" name="personal_code" value=""/);
    assert.ok(textOf(html).includes(personalCodeRules.EE.example));
  });

  it('escapes a hostile client name', async () => {
    await start({ client: { id: 'evil', name: '<script>alert(1)</script>"\'&', uri: undefined } });
    for (const path of [FORM, `${LOGIN}/wait`]) {
      if (path !== FORM) web.login.wait();
      const html = await (await web.get(path)).text();
      assert.ok(!html.includes('<script>alert'));
      assert.ok(html.includes('&lt;script&gt;alert(1)&lt;/script&gt;'));
    }
  });

  it('begins a login, sends the push at once and redirects to the waiting page', async () => {
    await start();
    const answer = await web.post(FORM, ESTONIAN);
    assert.equal(answer.status, 303);
    assert.equal(new URL(answer.headers.get('location') ?? '', web.address).pathname, `${LOGIN}/wait`);
    assert.equal(web.login.state(), 'waiting');
    assert.deepEqual(web.login.begun, [
      {
        flow: 'notification',
        knownBrowser: false,
        hasOwnAllowance: false,
        interactionUid: UID,
        clientId: 'sample-app',
        identifier: `PNOEE-${PERSONAL_CODE}`,
        displayText: 'Not you? Cancel. Log in to Sample app',
        address: web.from,
        browser: undefined,
        codeFirst: false,
        certificateLevel: 'ADVANCED',
        relyingParty: { name: 'DEMO' },
        keepsEvidence: false,
      },
    ]);
  });

  it('demands the level that the client requests', async () => {
    await start({ certificateLevel: 'QUALIFIED' });
    await web.post(FORM, ESTONIAN);
    assert.equal(web.login.begun[0]?.certificateLevel, 'QUALIFIED');
  });

  for (const [name, headers] of [
    ['its user agent', PHONE],
    ['its client hint', { 'sec-ch-ua-mobile': '?1' }],
  ] as const) {
    it(`delays the push on a phone, detected by ${name}`, async () => {
      await start();
      await web.post(FORM, ESTONIAN, headers);
      assert.partialDeepStrictEqual(web.login.begun[0], { codeFirst: true });
      assert.equal(web.login.state(), 'pending');
    });
  }

  it('prefers the client hint to the user agent', async () => {
    await start();
    await web.post(FORM, ESTONIAN, { ...PHONE, 'sec-ch-ua-mobile': '?0' });
    assert.partialDeepStrictEqual(web.login.begun[0], { codeFirst: false });
  });

  it('sends one push for a form that is submitted twice at once', async () => {
    await start();
    const answers = await Promise.all([web.post(FORM, ESTONIAN), web.post(FORM, ESTONIAN)]);
    assert.deepEqual(
      answers.map((answer) => answer.status),
      [303, 303],
    );
    assert.equal(web.login.pushes(), 1);
  });

  for (const [name, fields, field, text] of [
    ['no code', { country: 'EE', personal_code: ' ' }, 'personal_code', en.login.errors.empty],
    ['an invalid code', { country: 'EE', personal_code: '4050404' }, 'personal_code', en.login.errors.format],
    [
      'an unknown country',
      { country: 'XX', personal_code: PERSONAL_CODE },
      'country',
      en.login.errors.country,
    ],
    ['no field at all', {}, 'country', en.login.errors.country],
  ] as const) {
    it(`refuses ${name} with an error at the field, and begins nothing`, async () => {
      await start();
      const answer = await web.submit(FORM, fields);
      const html = await answer.text();
      assert.deepEqual([answer.status, answer.url], [200, web.address + FORM]);
      assert.match(html, new RegExp(`<title>${en.login.errorTitle(en.login.title('Sample app'))}`));
      assert.ok(textOf(html).includes(text));
      assert.match(html, new RegExp(`id="${field}"[^>]*aria-invalid="true" aria-describedby="error`));
      assert.match(html, new RegExp(`<div class="summary"[^>]*autofocus>.*?href="#${field}"`, 's'));
      assert.equal(web.login.begun.length, 0);
    });
  }

  it('refuses a request without a body like an empty form', async () => {
    await start();
    const headers = {
      accept: 'text/html',
      cookie: COOKIE,
      origin: web.issuer,
      'sec-fetch-site': 'same-origin',
    };
    const options = { method: 'POST', redirect: 'manual', headers } as const;
    const answer = await fetch(web.address + FORM, options);
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, FORM]);
    assert.deepEqual(web.login.begun, []);
  });

  it('shows what was typed with the error, escaped', async () => {
    await start();
    const html = await (await web.submit(FORM, { country: 'LV', personal_code: '"><b>47' })).text();
    assert.ok(html.includes('value="&quot;&gt;&lt;b&gt;47"'));
    assert.match(html, /<option value="LV"[^>]* selected>/);
  });

  it('requires the right check digit only on live', async () => {
    const wrong = { country: 'EE', personal_code: '40504040002' };
    await start({ environment: 'live' });
    const answer = await web.submit(FORM, wrong);
    assert.ok(textOf(await answer.text()).includes(en.login.errors.checkDigit));
    assert.equal(web.login.begun.length, 0);
    await web.close();
    await start({ environment: 'demo' });
    await web.post(FORM, wrong);
    assert.equal(web.login.begun.length, 1);
  });

  it('offers and accepts only the allowed countries', async () => {
    web = await startWeb({ offered: { countries: ['LV', 'LT'] } });
    const html = await (await web.get(FORM)).text();
    const options = [...html.matchAll(/<option value="(\w+)"[^>]*?( selected)?>/g)];
    assert.deepEqual(
      options.map(([, code, selected]) => [code, selected !== undefined]),
      [
        ['LV', true],
        ['LT', false],
      ],
    );
    const refused = await web.submit(FORM, { country: 'EE', personal_code: '40504040001' });
    assert.ok(textOf(await refused.text()).includes(en.login.errors.country));
    assert.equal(web.login.begun.length, 0);
    await web.post(FORM, { country: 'LT', personal_code: '40504040001' });
    assert.equal(web.login.begun.length, 1);
  });

  it('starts with the country of the language, where it is offered', async () => {
    const selected = async (language: string) => {
      const html = await (await web.get(FORM, { 'accept-language': language })).text();
      return /<option value="(..)"[^>]* selected>/.exec(html)?.[1];
    };
    await start();
    for (const [language, country] of Object.entries({
      et: 'EE',
      lv: 'LV',
      lt: 'LT',
      nl: 'BE',
      fr: 'BE',
      de: 'BE',
    }))
      assert.equal(await selected(language), country, language);
    for (const language of ['en', 'ru']) assert.equal(await selected(language), 'EE', language);
    await web.close();
    await start({ offered: { countries: ['LV', 'LT'] } });
    for (const language of ['et', 'fr', 'en']) assert.equal(await selected(language), 'LV', language);
  });

  it('remembers the country, never the code', async () => {
    await start();
    const [cookie = '', ...others] = (
      await web.post(FORM, { country: 'LT', personal_code: '1' })
    ).headers.getSetCookie();
    assert.equal(others.length, 1);
    assert.match(others[0] ?? '', /^sild_typed=/);
    assert.match(cookie, /^sild_country=LT; path=\/login; expires=[^;]+; samesite=lax; httponly$/i);
    const html = await (await web.get(FORM, { cookie: `${COOKIE}; sild_country=LT` })).text();
    assert.match(html, /<option value="LT"[^>]* selected>/);
    const fallback = await (await web.get(FORM, { cookie: `${COOKIE}; sild_country=<b>` })).text();
    assert.match(fallback, /<option value="EE"[^>]* selected>/);
  });

  it('redirects to the waiting page while an attempt is live', async () => {
    await start();
    for (const live of [web.login.sending, web.login.wait, web.login.answer]) {
      live();
      const answer = await web.get(FORM);
      assert.equal(answer.status, 303);
      assert.equal(answer.headers.get('location'), `${LOGIN}/wait`);
    }
  });

  it('asks again after a failed attempt, with what was typed', async () => {
    await start();
    for (const code of ['timeout', 'account_not_found'] as const) {
      web.login.fail(code);
      const html = await (await web.get(FORM)).text();
      assert.equal(headingOf(html), en.login.heading);
      assert.ok(textOf(html).includes('Sample app'));
      assert.match(html, new RegExp(`name="personal_code" value="${PERSONAL_CODE}"`));
      assert.match(html, /<option value="EE"[^>]* selected>/);
    }
  });

  it('keeps what was typed with another country, if the address says so', async () => {
    await start();
    web.login.fail('account_not_found');
    const html = await (await web.get(`${FORM}?country=LT`)).text();
    assert.match(html, new RegExp(`name="personal_code" value="${PERSONAL_CODE}"`));
    assert.match(html, /<option value="LT"[^>]* selected>/);
    const unknown = await (await web.get(`${FORM}?country=XX`)).text();
    assert.match(unknown, /<option value="EE"[^>]* selected>/);
  });

  it('is empty after an outcome that asks for another account, and for a login by QR code', async () => {
    await start();
    for (const code of ['account_not_suitable', 'account_unusable', 'country_not_allowed'] as const) {
      web.login.fail(code);
      assert.match(await (await web.get(FORM)).text(), /name="personal_code" value=""/);
    }
    web.login.limitLink('too_many_logins', 10);
    assert.match(await (await web.get(FORM)).text(), /name="personal_code" value=""/);
  });

  it('never shows the code of the person whom the client expects', async () => {
    await start({ expectedPerson: `PNOEE-${PERSONAL_CODE}` });
    web.login.fail('account_not_found');
    assert.ok(!(await (await web.get(FORM)).text()).includes(PERSONAL_CODE));
    assert.ok(!(await (await web.get(`/login/${UID}/wait`)).text()).includes(PERSONAL_CODE.slice(0, 4)));
  });

  it('chooses the one other country that the code fits, and asks about it', async () => {
    await start();
    const html = await (await web.submit(FORM, { country: 'EE', personal_code: '311299-12345' })).text();
    assert.match(html, /<option value="LV"[^>]* selected>/);
    assert.match(html, /name="personal_code" value="311299-12345"/);
    assert.ok(textOf(html).includes(en.login.errors.otherCountry('Latvia')));
    assert.equal(web.login.begun.length, 0, 'nothing is sent');
    const none = await (await web.submit(FORM, { country: 'EE', personal_code: '4711' })).text();
    assert.ok(textOf(none).includes(en.login.errors.format));
  });

  it('says that the login is complete, and links the client', async () => {
    await start();
    web.login.finished();
    for (const answer of [await web.get(FORM), await web.post(FORM, ESTONIAN)]) {
      const html = await answer.text();
      assert.equal(headingOf(html), en.notices.finished.heading);
      assert.ok(html.includes(`href="${web.issuer}/authorize/${UID}"`));
    }
    assert.equal(web.login.begun.length, 0);
  });

  it('explains a login that has expired, is unknown or belongs to another browser', async () => {
    await start();
    web.login.wait();
    for (const cookie of ['other=1', '_interaction=another-login']) {
      for (const path of ['', '/wait']) {
        const answer = await web.get(LOGIN + path, { cookie });
        assert.equal(answer.status, 404);
        assert.equal(headingOf(await answer.text()), en.notices.expired.heading);
      }
      for (const path of ['/code', '/cancel']) {
        const answer = await web.post(LOGIN + path, ESTONIAN, { cookie });
        assert.equal(answer.status, 404);
      }
    }
    assert.deepEqual([web.login.state(), web.login.begun.length, web.aborted.length], ['waiting', 0, 0]);
    assert.deepEqual(
      web.audited.map((event) => event.event === 'browser_refused' && event.person),
      Array(8).fill(`PNOEE-${PERSONAL_CODE}`),
    );
  });

  it('asks to allow cookies if none arrived', async () => {
    await start();
    const answer = await web.get(FORM, { cookie: '' });
    assert.equal(answer.status, 400);
    assert.equal(headingOf(await answer.text()), en.notices.noCookies.heading);
  });

  it('says that a login is complete after its interaction is deleted', async () => {
    await start();
    web.login.finished();
    const answer = await web.get(FORM, { cookie: BEGUN });
    assert.equal(answer.status, 200);
    assert.equal(headingOf(await answer.text()), en.notices.finished.heading);
    const stranger = await web.get(FORM, { cookie: 'other=1' });
    assert.equal(stranger.status, 404);
    assert.equal(headingOf(await stranger.text()), en.notices.expired.heading);
  });

  it('says in the simulator that nothing is real, and links the phone', async () => {
    await start({ environment: 'simulator', simulatorPhoneUrl: 'http://localhost:3001/' });
    const html = await (await web.get(FORM)).text();
    assert.ok(textOf(html).includes(en.layout.simulator));
    assert.ok(html.includes('href="http://localhost:3001/"'));
    await web.close();
    await start({ environment: 'live' });
    assert.ok(!textOf(await (await web.get(FORM)).text()).includes(en.layout.simulator));
  });

  it('does not log the code, the address or the cookie', async () => {
    await start();
    await web.post(FORM, ESTONIAN);
    await web.post(FORM, { country: 'EE', personal_code: '4711' });
    const log = web.lines.join('');
    assert.match(log, /"route":"code"/);
    for (const secret of [PERSONAL_CODE, '4711', UID]) assert.ok(!log.includes(secret));
  });
});
