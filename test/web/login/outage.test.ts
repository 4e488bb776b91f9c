/** The database is away, or an instance has died, while a login goes on: whoever has confirmed gets in. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { en } from '../../../src/web/messages/en.ts';
import { CATALOGUES } from '../../../src/web/messages/languages.ts';
import {
  AWAY,
  CALLBACK_VALUE,
  headingOf,
  NEW_TOKEN,
  PERSONAL_CODE,
  result,
  startWeb,
  textOf,
  TOKEN,
  UID,
  type WebUnderTest,
} from '../web-under-test.ts';

const LOGIN = `/login/${UID}`;
const WAIT = `${LOGIN}/wait`;
/** After this, the redirect that ended a login is considered lost, in milliseconds. */
const LATER = 3_001;

let web: WebUnderTest;
const away = new Set<string>();
beforeEach(async () => {
  away.clear();
  web = await startWeb({ away });
});
afterEach(() => web.close());

const onward = () => `${web.issuer}/authorize/${UID}`;
const location = (answer: Response) => answer.headers.get('location');

function cookieIn(answer: Response, name: string): string {
  const line = answer.headers.getSetCookie().find((each) => each.startsWith(`${name}=`));
  return line?.split(';', 1)[0] ?? '';
}

async function isMoment(answer: Response): Promise<string> {
  const html = await answer.text();
  assert.deepEqual([answer.status, headingOf(html)], [503, en.moment.heading]);
  assert.ok(textOf(html).includes(en.moment.login));
  assert.equal(answer.headers.get('retry-after'), '4');
  return html;
}

describe('a completion that failed', () => {
  for (const [method, begin] of [
    ['knows', () => web.login.answer('qr')],
    ['completionWith', () => web.login.answer('qr')],
    ['complete', () => web.login.answer('qr')],
  ] as const) {
    it(`is repeated when the database is back, where it was away at ${method}`, async () => {
      begin();
      web.clock.ms += LATER;
      away.add(method);
      // Only a browser that sends a token is looked up.
      const cookie = `_interaction=${UID}; sild_browser=${'k'.repeat(43)}`;
      await isMoment(await web.get(WAIT, { cookie }));
      web.clock.ms += LATER;
      await isMoment(await web.get(WAIT, { cookie }));
      away.clear();
      web.clock.ms += LATER;
      const answer = await web.get(WAIT, { cookie });
      assert.deepEqual([answer.status, location(answer)], [303, onward()]);
      assert.ok(web.completed.length >= 1);
      assert.deepEqual(web.completed.at(-1), { ...result, flow: 'qr' });
      assert.equal(web.knownBrowsers.rows.size, 1);
    });
  }

  it('leaves the browser what it may have stored: that it is known, and the personal code', async () => {
    await web.close();
    const lost = () => Promise.reject(AWAY);
    web = await startWeb({ offersToRememberCode: true, change: { login: { complete: lost } } });
    const form = { country: 'EE', personal_code: PERSONAL_CODE, remember: 'yes' };
    const wish = cookieIn(await web.post(`${LOGIN}/code`, form), 'sild_code');
    web.login.answer('qr');
    const answer = await web.get(WAIT, { cookie: `_interaction=${UID}; ${wish}` });
    await isMoment(answer);
    assert.equal(cookieIn(answer, 'sild_browser'), `sild_browser=${NEW_TOKEN}`);
    assert.notEqual(cookieIn(answer, 'sild_code'), '');
  });

  it('leaves the browser nothing where it was not begun', async () => {
    web.login.answer('qr');
    away.add('completionWith');
    const answer = await web.get(WAIT);
    await isMoment(answer);
    assert.equal(cookieIn(answer, 'sild_browser'), '');
  });

  it('is not repeated once it is complete: a browser that lost the redirect is sent on', async () => {
    web.login.answer();
    await web.get(WAIT);
    assert.equal(headingOf(await (await web.get(WAIT)).text()), en.notices.finished.heading);
    web.clock.ms += LATER;
    const answer = await web.get(WAIT);
    assert.deepEqual([answer.status, location(answer)], [303, onward()]);
    assert.equal(web.completed.length, 1);
  });
});

describe('while the database is away', () => {
  it('each page of a login says so, and reloads itself without its address', async () => {
    web.login.wait();
    away.add('find');
    for (const path of [LOGIN, `${LOGIN}/code`, WAIT, `${WAIT}?poll`]) {
      const html = await isMoment(await web.get(path));
      assert.match(html, /<meta http-equiv="refresh" content="4">/);
      assert.match(html, /<a class="primary" href="">/);
    }
  });

  it('the page at the callback, whose address is a credential, does not contain it', async () => {
    away.add('receiveCallback');
    const html = await isMoment(await web.get(`/callback/smart-id?value=${CALLBACK_VALUE}`));
    assert.match(html, /<meta http-equiv="refresh" content="4">/);
    assert.ok(!html.includes(CALLBACK_VALUE));
  });

  it('a form leads back to the login', async () => {
    away.add('begin');
    const html = await isMoment(
      await web.post(`${LOGIN}/code`, { country: 'EE', personal_code: PERSONAL_CODE }),
    );
    assert.match(html, new RegExp(`<meta http-equiv="refresh" content="4; url=${LOGIN}">`));
    assert.ok(!html.includes(PERSONAL_CODE));
  });

  it('another flow is not offered before the attempt is cancelled', async () => {
    web.login.wait();
    away.add('cancel');
    await isMoment(await web.post(`${LOGIN}/restart`));
  });

  it('scripts get JSON, and come back', async () => {
    web.login.wait();
    away.add('current');
    for (const path of ['status', 'events']) {
      const answer = await web.get(`${LOGIN}/${path}`, { accept: 'application/json' });
      assert.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '4']);
      assert.deepEqual(await answer.json(), { error: 'temporarily_unavailable' });
    }
    const events = await web.get(`${LOGIN}/events`, { accept: 'text/event-stream' });
    assert.equal(events.status, 503);
  });

  it('says so in each language', async () => {
    away.add('find');
    for (const { language, moment } of Object.values(CATALOGUES)) {
      const answer = await web.get(LOGIN, { cookie: `sild_language=${language}` });
      assert.equal(headingOf(await answer.text()), moment.heading);
    }
    for (const text of ['login', 'page', 'form'] as const)
      assert.equal(new Set(Object.values(CATALOGUES).map(({ moment }) => moment[text])).size, 8);
  });

  it('promises to come back by itself only where it does, and speaks of a login only where there is one', async () => {
    const cookie = `sild_browser=${TOKEN}`;
    for (const method of ['knows', 'forget']) away.add(method);
    for (const [answer, text, href, comesBack] of [
      [await web.get('/browser', { cookie }), en.moment.page, '', true],
      [await web.post('/browser/forget', {}, { cookie }), en.moment.form, '/browser', false],
    ] as const) {
      const html = await answer.text();
      assert.deepEqual([answer.status, headingOf(html)], [503, en.moment.heading]);
      assert.equal(textOf(/<p class="lead">.*?<\/p>/s.exec(html)?.[0] ?? ''), text);
      assert.ok(html.includes(`<a class="primary" href="${href}">`));
      assert.equal(html.includes('http-equiv="refresh"'), comesBack);
    }
  });

  it('any other error is an incident, as ever', async () => {
    await web.close();
    web = await startWeb({
      change: { interactions: { find: () => Promise.reject(new Error('a fault')) } },
    });
    assert.equal((await web.get(LOGIN)).status, 500);
  });
});
