import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { createSecrets } from '../../../src/secrets/secrets.ts';
import { en } from '../../../src/web/messages/en.ts';
import {
  COOKIE,
  headingOf,
  PERSONAL_CODE,
  startWeb,
  textOf,
  TOKEN,
  UID,
  type WebOptions,
  type WebUnderTest,
} from '../web-under-test.ts';

const LOGIN = `/login/${UID}`;
const FORM = `${LOGIN}/code`;
const PERSON = `PNOEE-${PERSONAL_CODE}`;
const TYPED = { country: 'EE', personal_code: PERSONAL_CODE };
const OTHER = { country: 'EE', personal_code: '50001029996' };
const TICKED = { ...TYPED, remember: 'yes' };
const SEND = en.login.sendTo(PERSONAL_CODE.slice(-4));
const OFFERED = { offersToRememberCode: true } as const;

let web: WebUnderTest;
afterEach(() => web.close());

/** The cookie that an answer sets; '' if it deletes it, undefined if it sets none. */
function codeCookieOf(answer: Response): string | undefined {
  const line = answer.headers.getSetCookie().find((each) => each.includes('sild_code='));
  return line?.split(';', 1)[0]?.replace(/^.*sild_code=/, '');
}

/** What a browser has after a login with the box ticked. */
async function remembering(options: WebOptions = {}): Promise<string> {
  web = await startWeb({ ...OFFERED, ...options });
  const wish = codeCookieOf(await web.post(FORM, TICKED)) ?? '';
  web.login.answer();
  const kept = codeCookieOf(await web.get(`${LOGIN}/wait`, { cookie: `${COOKIE}; sild_code=${wish}` }));
  assert.ok(kept);
  // The next login of the same browser.
  web.login.put({ ...web.login.finished(), state: 'cancelled' });
  return `sild_code=${kept}`;
}

const formWith = async (cookies: string, path = FORM) =>
  (await web.get(path, { cookie: `${COOKIE}; ${cookies}` })).text();
const knownHere = () => web.knownBrowsers.remember(TOKEN, PERSON, `${PERSON}-DEMO-Q`, 0);

describe('a personal code', () => {
  it('is remembered only where the operator offers it, and the box is not ticked at first', async () => {
    web = await startWeb();
    assert.ok(!(await formWith('')).includes('name="remember"'));
    assert.equal(codeCookieOf(await web.post(FORM, TICKED)), undefined);
    await web.close();
    web = await startWeb(OFFERED);
    assert.match(await formWith(''), /<input type="checkbox" name="remember" value="yes">/);
    assert.equal(codeCookieOf(await web.post(FORM, TYPED)), undefined);
  });

  it('fills in the form once its owner has logged in with it, and is not readable in the cookie', async () => {
    const cookie = await remembering();
    assert.ok(!Buffer.from(cookie.slice(10), 'base64url').includes(PERSONAL_CODE.slice(0, 6)));
    const html = await formWith(cookie);
    assert.match(html, new RegExp(`name="personal_code" value="${PERSONAL_CODE}"`));
    assert.match(html, /name="remember" value="yes" checked>/);
    assert.match(html, /<a class="quiet" href="\/browser">/);
  });

  it('is not shown before that, nor after a login of somebody else', async () => {
    web = await startWeb(OFFERED);
    const wish = `sild_code=${codeCookieOf(await web.post(FORM, { ...OTHER, remember: 'yes' })) ?? ''}`;
    web.login.answer();
    assert.equal(codeCookieOf(await web.get(`${LOGIN}/wait`, { cookie: `${COOKIE}; ${wish}` })), undefined);
    web.login.put({ ...web.login.finished(), state: 'cancelled' });
    assert.match(await formWith(wish), /name="personal_code" value=""/);
  });

  it('is sent with one tap from a browser that knows the person, and is not in the page', async () => {
    const cookie = `${await remembering()}; sild_browser=${TOKEN}`;
    await knownHere();
    const html = await formWith(cookie);
    assert.ok(textOf(html).includes(SEND) && !html.includes(PERSONAL_CODE));
    assert.ok(!html.includes('id="personal_code"'));
    const begun = web.login.begun.length;
    const answer = await web.post(FORM, { remembered: 'yes' }, { cookie: `${COOKIE}; ${cookie}` });
    assert.equal(answer.headers.get('location'), `${LOGIN}/wait?sent`);
    assert.partialDeepStrictEqual(web.login.begun[begun], { identifier: PERSON, knownBrowser: true });
    // Another person at the same browser.
    web.login.put({ ...web.login.finished(), state: 'cancelled' });
    assert.match(await formWith(cookie, `${FORM}?other`), /name="personal_code" value=""/);
  });

  it('is not offered with one tap in a browser that does not know the person', async () => {
    const cookie = await remembering();
    assert.ok(!textOf(await formWith(`${cookie}; sild_browser=${TOKEN}`)).includes(SEND));
  });

  it('is never used in a login for a particular person, which anybody can open', async () => {
    for (const expectedPerson of [PERSON, 'PNOEE-38001085718', 'PNOLV-030303-10012']) {
      const cookie = `${await remembering()}; sild_browser=${TOKEN}`;
      await web.close();
      web = await startWeb({ ...OFFERED, expectedPerson });
      await knownHere();
      const html = await formWith(cookie);
      assert.ok(!html.includes(PERSONAL_CODE) && !textOf(html).includes(SEND), expectedPerson);
      assert.ok(!html.includes('name="remember"'));
      await web.post(FORM, { remembered: 'yes' }, { cookie: `${COOKIE}; ${cookie}` });
      const { begun } = web.login;
      assert.deepEqual(
        begun.map((each) => 'identifier' in each && each.identifier),
        [expectedPerson],
      );
      if (expectedPerson !== 'PNOLV-030303-10012') await web.close();
    }
  });

  it('is asked for as usual where the browser has none: a forged, foreign or missing cookie', async () => {
    web = await startWeb(OFFERED);
    const text = JSON.stringify({ country: 'EE', number: PERSONAL_CODE, confirmed: true });
    const foreign = createSecrets('another-key-of-no-other-use').seal(text, 'remembered code');
    for (const value of ['', encodeURIComponent(text), foreign, 'v1.00000000.AAAA']) {
      const cookie = `sild_code=${value}`;
      assert.ok(!(await formWith(cookie)).includes(PERSONAL_CODE));
      await web.post(FORM, { remembered: 'yes' }, { cookie: `${COOKIE}; ${cookie}` });
      assert.deepEqual(web.login.begun, []);
    }
  });

  it('is forgotten without the tick; that of another person stays', async () => {
    const cookie = `${COOKIE}; ${await remembering()}`;
    assert.equal(codeCookieOf(await web.post(FORM, OTHER, { cookie })), undefined);
    assert.equal(codeCookieOf(await web.post(FORM, TYPED, { cookie })), '');
  });

  it('keeps its tick over a mistake in the form', async () => {
    web = await startWeb(OFFERED);
    const answer = await web.submit(FORM, { country: 'EE', personal_code: '1', remember: 'yes' });
    assert.match(await answer.text(), /name="remember" value="yes" checked>/);
  });

  it('is forgotten by the page that forgets the browser, which shows its last digits', async () => {
    const cookie = `${COOKIE}; ${await remembering()}`;
    const html = await (await web.get('/browser', { cookie })).text();
    assert.equal(headingOf(html), en.browser.known.heading);
    assert.ok(textOf(html).includes(en.browser.remembersCode(PERSONAL_CODE.slice(-4))));
    assert.ok(!html.includes(PERSONAL_CODE));
    assert.ok(!textOf(html).includes(en.browser.known.paragraphs[0] ?? ''), 'nobody has used the app here');
    assert.equal(codeCookieOf(await web.post('/browser/forget', {}, { cookie })), '');
  });

  it('is in a cookie that no other host can set', async () => {
    web = await startWeb({ ...OFFERED, issuer: 'https://login.example.ee' });
    const lines = (await web.post(FORM, TICKED)).headers.getSetCookie();
    const line = lines.find((each) => each.includes('sild_code')) ?? '';
    assert.match(line, /^__Host-sild_code=[^;]+; path=\/; expires=[^;]+; samesite=lax; secure; httponly$/i);
  });
});
