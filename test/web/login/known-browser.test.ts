import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { en } from '../../../src/web/messages/en.ts';
import {
  COOKIE,
  headingOf,
  NEW_TOKEN,
  PERSONAL_CODE,
  startWeb,
  textOf,
  TOKEN,
  UID,
  type WebOptions,
  type WebUnderTest,
} from '../web-under-test.ts';

const LOGIN = `/login/${UID}`;
const PERSON = `PNOEE-${PERSONAL_CODE}`;
const ACCOUNT = `${PERSON}-DEMO-Q`;
const ESTONIAN = { country: 'EE', personal_code: PERSONAL_CODE };
const KNOWN = { cookie: `${COOKIE}; sild_browser=${TOKEN}` };

let web: WebUnderTest;
const start = async (options?: WebOptions) => (web = await startWeb(options));
afterEach(() => web.close());
const browserCookie = (answer: Response) =>
  answer.headers.getSetCookie().find((line) => line.includes('sild_browser='));

describe('known browser', () => {
  for (const flow of ['qr', 'web2app'] as const) {
    it(`is created by a login by ${flow}`, async () => {
      await start();
      web.login.answer(flow);
      const answer = await web.get(`${LOGIN}/wait?callback`);
      assert.match(
        browserCookie(answer) ?? '',
        new RegExp(`^sild_browser=${NEW_TOKEN}; path=/; expires=[^;]+; samesite=lax; httponly$`, 'i'),
      );
      assert.deepEqual(web.knownBrowsers.rows.get(NEW_TOKEN)?.get(PERSON), ACCOUNT);
    });
  }

  it('is created for 365 days by the app on the same device, for 30 days by a QR code, and a push adds 30 days', async () => {
    for (const [flow, days] of [
      ['web2app', 365],
      ['qr', 30],
      ['notification', 30],
    ] as const) {
      await start();
      if (flow === 'notification') await web.knownBrowsers.remember(TOKEN, PERSON, ACCOUNT, 0);
      web.login.answer(flow);
      await web.get(`${LOGIN}/wait?callback`, flow === 'notification' ? KNOWN : undefined);
      assert.equal(web.knownBrowsers.expiresAt(), web.clock.ms + days * 86_400_000, flow);
      if (flow !== 'notification') await web.close();
    }
  });

  it('has a cookie that no sibling host can set, over https', async () => {
    await start({ issuer: 'https://login.example.ee' });
    web.login.answer('qr');
    const cookie = browserCookie(await web.get(`${LOGIN}/wait`)) ?? '';
    assert.match(
      cookie,
      /^__Host-sild_browser=\w+; path=\/; expires=[^;]+; samesite=lax; secure; httponly$/i,
    );
  });

  it('is not created by a push', async () => {
    await start();
    web.login.answer('notification');
    assert.equal(browserCookie(await web.get(`${LOGIN}/wait`)), undefined);
    assert.equal(web.knownBrowsers.rows.size, 0);
  });

  it('keeps a token that the store knows, and replaces any other', async () => {
    await start();
    web.login.answer('qr');
    assert.match(browserCookie(await web.get(`${LOGIN}/wait`, KNOWN)) ?? '', new RegExp(`=${NEW_TOKEN};`));
    await web.knownBrowsers.remember(TOKEN, 'PNOEE-50001029996', 'PNOEE-50001029996-MOCK-Q', 0);
    web.login.answer('qr');
    assert.match(browserCookie(await web.get(`${LOGIN}/wait`, KNOWN)) ?? '', new RegExp(`=${TOKEN};`));
    assert.deepEqual([...(web.knownBrowsers.rows.get(TOKEN)?.keys() ?? [])], ['PNOEE-50001029996', PERSON]);
  });

  it('is passed to Smart-ID as known only for the remembered person', async () => {
    await start();
    await web.knownBrowsers.remember(TOKEN, PERSON, ACCOUNT, 0);
    await web.post(`${LOGIN}/code`, ESTONIAN, KNOWN);
    assert.partialDeepStrictEqual(web.login.begun[0], {
      identifier: PERSON,
      knownBrowser: true,
      displayText: 'Log in to Sample app',
    });
    await web.post(`${LOGIN}/restart`, {}, KNOWN);
    await web.post(`${LOGIN}/code`, { country: 'EE', personal_code: '50001029996' }, KNOWN);
    assert.partialDeepStrictEqual(web.login.begun[1], {
      knownBrowser: false,
      displayText: 'Not you? Cancel. Log in to Sample app',
    });
  });
});

describe('a login by push at a client that offers nothing else', () => {
  const pushesOnly = { offered: { flows: ['notification'] } } as const;
  const OTHER = { country: 'EE', personal_code: '50001029996' };
  const cookieOf = (token: string) => ({ cookie: `${COOKIE}; sild_browser=${token}` });
  const begunWith = async (fields: Readonly<Record<string, string>>, headers: Record<string, string>) => {
    await web.post(`${LOGIN}/code`, fields, headers);
    const [begun] = web.login.begun.slice(-1);
    await web.post(`${LOGIN}/restart`, {}, headers);
    return begun;
  };

  it('gives the browser an allowance for this person, and no more of a known browser', async () => {
    await start(pushesOnly);
    web.login.answer('notification');
    assert.match(browserCookie(await web.get(`${LOGIN}/wait`)) ?? '', new RegExp(`=${NEW_TOKEN};`));
    assert.equal(web.knownBrowsers.expiresAt(), web.clock.ms + 30 * 86_400_000);
    assert.equal(await web.knownBrowsers.knows(NEW_TOKEN), false);
    assert.equal(await web.knownBrowsers.find(NEW_TOKEN, PERSON), undefined);
    web.login.put({ ...web.login.finished(), state: 'cancelled' });
    assert.partialDeepStrictEqual(await begunWith(ESTONIAN, cookieOf(NEW_TOKEN)), {
      identifier: PERSON,
      knownBrowser: false,
      hasOwnAllowance: true,
      displayText: 'Not you? Cancel. Log in to Sample app',
    });
    const none = { knownBrowser: false, hasOwnAllowance: false };
    assert.partialDeepStrictEqual(await begunWith(OTHER, cookieOf(NEW_TOKEN)), none);
    assert.partialDeepStrictEqual(await begunWith(ESTONIAN, cookieOf(TOKEN)), none);
    assert.partialDeepStrictEqual(await begunWith(ESTONIAN, { cookie: COOKIE }), none);
  });

  it('keeps the token of earlier ones, is listed for the person, and is forgotten', async () => {
    await start(pushesOnly);
    web.login.answer('notification');
    await web.get(`${LOGIN}/wait`, cookieOf(TOKEN));
    assert.deepEqual(
      [...web.knownBrowsers.rows.keys()],
      [`push ${NEW_TOKEN}`],
      'an unknown token is replaced',
    );
    await web.knownBrowsers.forget(`push ${NEW_TOKEN}`);
    await web.knownBrowsers.remember(`push ${TOKEN}`, 'PNOEE-50001029996', 'PNOEE-50001029996-MOCK-Q', 0);
    web.login.answer('notification');
    await web.get(`${LOGIN}/wait`, cookieOf(TOKEN));
    assert.deepEqual([...web.knownBrowsers.rows.keys()], [`push ${TOKEN}`]);
    assert.equal((await web.knownBrowsers.listPerson(PERSON)).length, 1);
    assert.equal(
      headingOf(await (await web.get('/browser', cookieOf(TOKEN))).text()),
      en.browser.known.heading,
    );
    await web.post('/browser/forget', {}, cookieOf(TOKEN));
    assert.deepEqual([...web.knownBrowsers.rows.keys()], []);
  });

  it('has no effect where a client offers device links, nor by a copy of its stored token', async () => {
    await start();
    await web.knownBrowsers.remember(`push ${TOKEN}`, PERSON, ACCOUNT, 0);
    const none = { knownBrowser: false, hasOwnAllowance: false };
    assert.partialDeepStrictEqual(await begunWith(ESTONIAN, KNOWN), none);
    web.login.answer('qr');
    assert.match(browserCookie(await web.get(`${LOGIN}/wait`, KNOWN)) ?? '', new RegExp(`=${NEW_TOKEN};`));
    await web.close();
    await start(pushesOnly);
    await web.knownBrowsers.remember(`push ${TOKEN}`, PERSON, ACCOUNT, 0);
    for (const value of [`push ${TOKEN}`, `push%20${TOKEN}`])
      assert.partialDeepStrictEqual(await begunWith(ESTONIAN, cookieOf(value)), none);
  });
});

describe('policy known-browser', () => {
  const policy = { offered: { notificationPolicy: 'known-browser' } } as const;

  it('sends a push to the remembered account of the person', async () => {
    await start(policy);
    await web.knownBrowsers.remember(TOKEN, PERSON, ACCOUNT, 0);
    const answer = await web.post(`${LOGIN}/code`, ESTONIAN, KNOWN);
    assert.equal(answer.status, 303);
    assert.partialDeepStrictEqual(web.login.begun[0], { documentNumber: ACCOUNT, knownBrowser: true });
    assert.ok(!('identifier' in (web.login.begun[0] ?? {})));
  });

  it('refers everybody else to a device link, and sends nothing', async () => {
    await start(policy);
    await web.knownBrowsers.remember(TOKEN, PERSON, ACCOUNT, 0);
    const answers = [
      await web.get(`${LOGIN}/code`),
      await web.post(`${LOGIN}/code`, ESTONIAN),
      await web.post(`${LOGIN}/code`, { country: 'EE', personal_code: '50001029996' }, KNOWN),
    ];
    for (const answer of answers) {
      const html = await answer.text();
      assert.equal(answer.status, 403);
      assert.equal(headingOf(html), en.notices.pushNotAllowed.heading);
      assert.ok(html.includes(`<form method="post" action="${LOGIN}/device-link"><button class="primary">`));
    }
    assert.deepEqual(web.login.begun, []);
    assert.deepEqual(
      web.audited.map((event) => event.event === 'push_refused' && [event.code, event.person]),
      [
        ['way_not_offered', undefined],
        ['browser_not_known', 'PNOEE-50001029996'],
      ],
    );
  });

  it('sends no push with the policy never', async () => {
    await start({ offered: { notificationPolicy: 'never' } });
    await web.knownBrowsers.remember(TOKEN, PERSON, ACCOUNT, 0);
    assert.equal((await web.post(`${LOGIN}/code`, ESTONIAN, KNOWN)).status, 403);
    assert.deepEqual(web.login.begun, []);
  });
});

describe('page that forgets a browser', () => {
  it('forgets all persons and deletes the cookie', async () => {
    await start();
    await web.knownBrowsers.remember(TOKEN, PERSON, ACCOUNT, 0);
    const page = await web.get('/browser', KNOWN);
    const html = await page.text();
    assert.equal(headingOf(html), en.browser.known.heading);
    assert.ok(!textOf(html).includes(en.browser.keepsLogin));
    assert.ok(
      html.includes('<form method="post" action="/browser/forget">') && !html.includes(PERSONAL_CODE),
    );
    const answer = await web.post('/browser/forget', {}, KNOWN);
    assert.equal(headingOf(await answer.text()), en.browser.forgotten.heading);
    assert.match(browserCookie(answer) ?? '', /^sild_browser=; path=\/; expires=Thu, 01 Jan 1970/);
    assert.equal(web.knownBrowsers.rows.size, 0);
  });

  it('ends the logins that clients have remembered, also in a browser that nobody is known in', async () => {
    await start();
    const cookie = { cookie: 'sild_remembered_abc=session' };
    const html = await (await web.get('/browser', cookie)).text();
    assert.equal(headingOf(html), en.browser.known.heading);
    const [trusted = ''] = en.browser.known.paragraphs;
    const says = (text: string) => textOf(html).includes(text);
    assert.deepEqual([says(en.browser.keepsLogin), says(trusted)], [true, false]);
    assert.deepEqual(web.ended, []);
    const answer = await web.post('/browser/forget', {}, cookie);
    assert.equal(headingOf(await answer.text()), en.browser.forgotten.heading);
    assert.deepEqual(web.ended, ['remembered']);
  });

  it('is linked with the choice of flows in a known browser', async () => {
    await start();
    assert.ok(!(await (await web.get(LOGIN)).text()).includes('href="/browser"'));
    await web.knownBrowsers.remember(TOKEN, PERSON, ACCOUNT, 0);
    assert.ok((await (await web.get(LOGIN, KNOWN)).text()).includes('href="/browser"'));
  });

  it('says that there is nothing to forget in an unknown browser', async () => {
    await start();
    for (const cookie of ['', `sild_browser=${TOKEN}`, 'sild_browser=%22%3E']) {
      assert.equal(
        headingOf(await (await web.get('/browser', { cookie })).text()),
        en.browser.unknown.heading,
      );
    }
  });

  it('refuses forms from other sites and other methods', async () => {
    await start();
    await web.knownBrowsers.remember(TOKEN, PERSON, ACCOUNT, 0);
    const answer = await web.post('/browser/forget', {}, { ...KNOWN, 'sec-fetch-site': 'cross-site' });
    assert.equal(answer.status, 403);
    assert.equal((await web.get('/browser/forget', KNOWN)).status, 303);
    assert.equal((await web.post('/browser', {}, KNOWN)).status, 405);
    assert.equal(web.knownBrowsers.rows.size, 1);
  });
});
