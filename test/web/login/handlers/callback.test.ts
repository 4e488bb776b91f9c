import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { en } from '../../../../src/web/messages/en.ts';
import {
  BEGUN,
  CALLBACK_VALUE,
  COOKIE,
  headingOf,
  startWeb,
  UID,
  type WebUnderTest,
} from '../../web-under-test.ts';

const LOGIN = `/login/${UID}`;
const BROUGHT = { sessionSecretDigest: 'digest', userChallengeVerifier: 'verifier' };

describe('callback from the app', () => {
  let web: WebUnderTest;
  beforeEach(async () => {
    web = await startWeb();
    web.login.waitForLink();
  });
  afterEach(() => web.close());
  const comeBack = (fields: Record<string, string> = {}, cookie = BEGUN) =>
    web.get(
      `/callback/smart-id?${new URLSearchParams({ value: CALLBACK_VALUE, ...BROUGHT, ...fields }).toString()}`,
      { cookie },
    );
  const headingAt = async (path: string, cookie = COOKIE) =>
    headingOf(await (await web.get(path, { cookie })).text());

  it('passes its parameters on in the browser that began the login', async () => {
    const answer = await comeBack();
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, `${LOGIN}/wait?callback`]);
    assert.deepEqual(web.login.callbacks, [{ value: CALLBACK_VALUE, ...BROUGHT }]);
    assert.equal(web.login.state(), 'callback_received');
    assert.equal(answer.headers.get('cache-control'), 'no-store');
  });

  it('completes the login in the new tab', async () => {
    await comeBack();
    web.login.answer('web2app');
    const answer = await web.get(`${LOGIN}/wait?callback`);
    assert.equal(answer.headers.get('location'), `${web.issuer}/authorize/${UID}`);
    assert.equal(web.completed.length, 1);
  });

  it('continues by a page if another site led here, perhaps by a form', async () => {
    const path = `/callback/smart-id?${new URLSearchParams({ value: CALLBACK_VALUE, ...BROUGHT }).toString()}`;
    const answer = await web.get(path, { cookie: BEGUN, 'sec-fetch-site': 'cross-site' });
    assert.equal(answer.headers.get('location'), `${LOGIN}/wait?callback&sent`);
    web.login.answer('web2app');
    const page = await web.get(`${LOGIN}/wait?callback&sent`);
    assert.equal(page.status, 200);
    assert.match(await page.text(), new RegExp(`content="0; url=${LOGIN}/wait\\?callback"`));
    assert.equal(web.login.state(), 'authenticated');
  });

  it('polls Smart-ID in the new tab, and polls again if it gives no answer', async () => {
    await comeBack();
    const answer = await web.get(`${LOGIN}/wait?callback`);
    assert.deepEqual(web.login.polls, [1_000]);
    assert.match(
      await answer.text(),
      new RegExp(`<meta http-equiv="refresh" content="1; url=${LOGIN}/wait\\?callback">`),
    );
  });

  it('is explained in the old tab, which has nothing left to do', async () => {
    await comeBack();
    assert.equal(await headingAt(`${LOGIN}/wait?show=web2app`), en.web2app.confirmedHeading);
    web.login.answer('web2app');
    assert.equal(await headingAt(`${LOGIN}/wait?show=web2app`), en.web2app.confirmedHeading);
    assert.equal(web.completed.length, 0);
    web.login.put({ ...web.login.waitForLink(), state: 'finished', finishedAt: web.clock.ms });
    assert.equal(await headingAt(`${LOGIN}/wait?show=web2app`), en.notices.continuesInOtherTab.heading);
    assert.equal(
      await headingAt(`${LOGIN}/wait?show=web2app`, BEGUN),
      en.notices.continuesInOtherTab.heading,
    );
  });

  it('informs the old tab when the new one has completed the login', async () => {
    await comeBack();
    web.login.answer('web2app');
    const answer = await web.get(`${LOGIN}/events?show=web2app`);
    web.login.finished();
    const states = Array.from((await answer.text()).matchAll(/"state":"(\w+)"/g), ([, state]) => state);
    assert.deepEqual([...new Set(states)], ['authenticated', 'finished']);
    assert.equal(web.completed.length, 0);
  });

  it('ends the login in another browser, and explains it', async () => {
    const answer = await comeBack({}, 'other=1');
    assert.equal(answer.headers.get('location'), `${LOGIN}/wait?callback`);
    assert.equal(web.login.state(), 'failed');
    assert.equal(await headingAt(`${LOGIN}/wait?callback`, 'other=1'), en.notices.otherBrowser.heading);
    assert.equal(await headingAt(`${LOGIN}/wait?callback`, ''), en.notices.otherBrowser.heading);
    assert.equal(await headingAt(`${LOGIN}/wait?show=web2app`), en.outcomes.callback_refused.heading);
  });

  it('ends the login in a browser that began another login', async () => {
    await comeBack({}, '_begun=another-login');
    assert.equal(web.login.state(), 'failed');
  });

  it('ends the login in a browser that has only the cookies of the pages, which an attacker can set', async () => {
    await comeBack({}, COOKIE);
    assert.equal(web.login.state(), 'failed');
  });

  it('works once', async () => {
    await comeBack();
    const again = await comeBack();
    assert.deepEqual([again.status, again.headers.get('location')], [303, '/callback/smart-id/used']);
    const page = await web.get('/callback/smart-id/used', { cookie: '' });
    assert.equal(page.status, 410);
    assert.equal(headingOf(await page.text()), en.notices.callbackUsed.heading);
    assert.equal(web.login.state(), 'callback_received');
  });

  it('that is sent again, because its answer was lost, leads to the login in its browser and nowhere in another one', async () => {
    const shown = (await web.get(LOGIN)).headers.getSetCookie();
    const origins = shown.find((each) => each.startsWith('sild_origins='))?.split(';', 1)[0];
    assert.ok(origins);
    await comeBack();
    const locationOf = async (cookie: string) => (await comeBack({}, cookie)).headers.get('location');
    assert.equal(await locationOf(`${BEGUN}; ${origins}`), `${LOGIN}/wait?callback`);
    assert.equal(await locationOf(origins), '/callback/smart-id/used');
    web.login.answer('web2app');
    assert.equal(await locationOf(`${BEGUN}; ${origins}`), `${LOGIN}/wait?callback`);
    web.login.finished();
    assert.equal(await locationOf(`${BEGUN}; ${origins}`), '/callback/smart-id/used');
  });

  it('refuses an unknown value', async () => {
    for (const value of ['guessed', 'x'.repeat(10_000), '']) {
      const answer = await comeBack({ value });
      assert.equal(answer.headers.get('location'), '/callback/smart-id/used');
    }
    assert.equal(web.login.state(), 'waiting');
  });

  it('is used up by incomplete parameters, which match nothing', async () => {
    await web.get(`/callback/smart-id?value=${CALLBACK_VALUE}&sessionSecretDigest=digest`, {
      cookie: BEGUN,
    });
    assert.deepEqual(web.login.callbacks, [
      { value: CALLBACK_VALUE, sessionSecretDigest: '', userChallengeVerifier: '' },
    ]);
    assert.equal(web.login.state(), 'callback_received');
  });

  it('is on no page, not even on an error page', async () => {
    await web.close();
    const receiveCallback = () => Promise.reject(new Error('the database is away'));
    web = await startWeb({ change: { login: { receiveCallback } } });
    const answer = await comeBack();
    assert.equal(answer.status, 500);
    const html = await answer.text();
    for (const secret of [CALLBACK_VALUE, 'digest', 'verifier']) assert.ok(!html.includes(secret));
  });

  it('is in no log line', async () => {
    await comeBack();
    const log = web.lines.join('');
    assert.match(log, /"route":"callback"/);
    for (const secret of [CALLBACK_VALUE, 'verifier', UID]) assert.ok(!log.includes(secret));
  });
});
