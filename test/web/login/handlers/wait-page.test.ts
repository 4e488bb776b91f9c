import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { en } from '../../../../src/web/messages/en.ts';
import {
  CODE,
  COOKIE,
  headingOf,
  PERSONAL_CODE,
  result,
  startWeb,
  textOf,
  UID,
  type WebUnderTest,
  withPlainName,
} from '../../web-under-test.ts';

const LOGIN = `/login/${UID}`;
const WAIT = `${LOGIN}/wait`;

describe('waiting page', () => {
  let web: WebUnderTest;
  beforeEach(async () => {
    web = await startWeb();
  });
  afterEach(() => web.close());

  it('describes its heading by the digits, and that of a QR code by how to hold the phone', async () => {
    web.login.sending();
    assert.doesNotMatch(await (await web.get(WAIT)).text(), /aria-describedby/);
    web.login.wait();
    const code = await (await web.get(WAIT)).text();
    assert.match(code, /<h1[^>]* aria-describedby="code">/);
    assert.match(code, /<p class="digits" id="code"><span class="unseen">Verification code: 7 1 8 0<\/span>/);
    web.login.waitForLink();
    const qr = withPlainName(await (await web.get(`${WAIT}?show=qr`)).text());
    assert.match(qr, /<h1[^>]* aria-describedby="holding">/);
    assert.ok(qr.includes(`<p class="unseen" id="holding">${en.qr.holding}</p>`));
  });

  it('says that the person is logged in where the client is an app, whose address leaves the tab as it is', async () => {
    await web.close();
    web = await startWeb({ returnsToApp: true });
    web.login.answer();
    const answer = await web.get(WAIT);
    assert.equal(answer.status, 200);
    const html = await answer.text();
    assert.equal(headingOf(html), en.continuing.loggedIn);
    assert.match(html, new RegExp(`content="0; url=[^"]*/authorize/${UID}"`));
    assert.match(html, new RegExp(`<a class="primary" href="[^"]*/authorize/${UID}">Continue to Sample app`));
    assert.equal(web.completed.length, 1);
    // A reload leads on too.
    assert.match(await (await web.get(WAIT)).text(), new RegExp(`href="${web.issuer}/authorize/${UID}"`));
  });

  it('shows the code in digits, also to a screen reader', async () => {
    web.login.wait();
    const html = await (await web.get(WAIT)).text();
    assert.equal(headingOf(html), en.wait.heading);
    assert.deepEqual(
      Array.from(html.matchAll(/<span class="digit" aria-hidden="true">(\d)<\/span>/g), ([, digit]) => digit),
      CODE.split(''),
    );
    assert.ok(html.includes(`<span class="unseen">${en.wait.code} 7 1 8 0</span>`));
    assert.ok(!html.includes('no-browser-sees'));
  });

  it('explains what to do in an app that shows several codes', async () => {
    web.login.wait();
    assert.ok(textOf(await (await web.get(WAIT)).text()).includes(en.wait.lead));
  });

  it('shows the time left by the server’s clock', async () => {
    web.login.wait();
    web.clock.ms += 16_000;
    const html = await (await web.get(WAIT)).text();
    assert.ok(textOf(html).includes('Waiting for you, 74 seconds left'));
    assert.match(html, /<progress max="90" value="74"/);
    web.clock.ms += 73_000;
    assert.ok(textOf(await (await web.get(WAIT)).text()).includes('1 second left'));
    for (const ms of [1_000, 4_000]) {
      web.clock.ms += ms;
      assert.ok(textOf(await (await web.get(WAIT)).text()).includes(en.wait.overdue));
    }
  });

  it('does not poll Smart-ID when it is first loaded', async () => {
    web.login.wait();
    await web.get(WAIT);
    assert.deepEqual(web.login.polls, []);
  });

  it('shows no code before Smart-ID has accepted the request', async () => {
    web.login.sending();
    const html = await (await web.get(WAIT)).text();
    assert.equal(headingOf(html), en.wait.sendingHeading);
    assert.ok(!textOf(html).includes(CODE) && !html.includes('class="digit"'));
  });

  it('has the words for a lost connection, and a place to show them, also while the request is being sent', async () => {
    for (const prepare of [() => web.login.sending(), () => web.login.wait()]) {
      prepare();
      const html = await (await web.get(WAIT)).text();
      assert.ok(html.includes(`data-away="${en.wait.interrupted}"`));
      assert.match(/<main>.*<\/main>/s.exec(html)?.[0] ?? '', /<p class="left">/);
    }
  });

  it('shows the code first on the phone that gets the push, and a later reload sends it', async () => {
    await web.post(
      `${LOGIN}/code`,
      { country: 'EE', personal_code: PERSONAL_CODE },
      { 'sec-ch-ua-mobile': '?1' },
    );
    const html = await (await web.get(`${WAIT}?poll`)).text();
    assert.match(html, /data-phase="code_first"/);
    assert.ok(html.includes('7 1 8 0'));
    assert.equal(headingOf(html), en.wait.rememberHeading);
    assert.ok(textOf(html).includes(en.wait.codeFirstLead));
    assert.equal(web.login.pushes(), 0);
    web.clock.ms += 3_000;
    assert.match(await (await web.get(`${WAIT}?poll`)).text(), /data-phase="waiting"/);
    assert.equal(web.login.pushes(), 1);
  });

  it('says on a phone what to do there once the push was sent, and not to compare', async () => {
    web.login.wait();
    const html = await (await web.get(WAIT, { 'sec-ch-ua-mobile': '?1' })).text();
    assert.equal(headingOf(html), en.wait.confirmHeading);
    assert.ok(textOf(html).includes(en.wait.confirmLead) && html.includes('7 1 8 0'));
  });

  it('reloads itself without JavaScript, and such a reload polls for one second', async () => {
    web.login.wait();
    const html = await (await web.get(WAIT)).text();
    assert.match(
      html,
      new RegExp(`<noscript><meta http-equiv="refresh" content="2; url=${WAIT}\\?poll"></noscript>`),
    );
    await web.get(`${WAIT}?poll`);
    assert.deepEqual(web.login.polls, [1_000]);
  });

  it('redirects the reload that finds the answer', async () => {
    web.login.wait();
    const reload = web.get(`${WAIT}?poll`);
    web.login.answer();
    const answer = await reload;
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.get('location'), `${web.issuer}/authorize/${UID}`);
    assert.deepEqual(web.completed, [result]);
  });

  it('completes a login once for requests at the same time', async () => {
    web.login.answer();
    const answers = await Promise.all(Array.from({ length: 8 }, () => web.get(WAIT)));
    assert.equal(answers.filter(({ status }) => status === 303).length, 1);
    assert.equal(web.completed.length, 1);
    const [loser] = answers.filter(({ status }) => status !== 303);
    const html = (await loser?.text()) ?? '';
    assert.equal(headingOf(html), en.notices.finished.heading);
    assert.ok(html.includes(`href="${web.issuer}/authorize/${UID}"`));
  });

  it('does not complete a login that another request has finished', async () => {
    await web.close();
    web = await startWeb({ change: { login: { complete: () => Promise.resolve(false) } } });
    web.login.answer();
    const answer = await web.get(WAIT);
    assert.equal(answer.status, 200);
    assert.equal(headingOf(await answer.text()), en.notices.finished.heading);
    assert.deepEqual(web.completed, []);
  });

  it('does not say that a person is logged in whose login another tab has cancelled meanwhile', async () => {
    await web.close();
    let cancel: () => unknown = () => undefined;
    const complete = () => {
      cancel();
      return Promise.resolve(false);
    };
    web = await startWeb({ change: { login: { complete } } });
    const attempt = web.login.answer();
    cancel = () => web.login.cancel(attempt);
    const answer = await web.get(WAIT);
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, WAIT]);
  });

  it('ends the form’s redirects before the redirect to the client', async () => {
    web.login.answer();
    const answer = await web.get(`${WAIT}?sent`);
    assert.equal(answer.status, 200);
    assert.match(await answer.text(), new RegExp(`<meta http-equiv="refresh" content="0; url=${WAIT}">`));
    assert.equal(web.login.state(), 'authenticated');
  });

  it('redirects to the choice of flows if there is no attempt', async () => {
    const answer = await web.get(WAIT);
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.get('location'), LOGIN);
  });

  it('shows nothing of the login to another browser', async () => {
    web.login.wait();
    const html = await (await web.get(WAIT, { cookie: 'other=1' })).text();
    assert.ok(!html.includes(CODE) && !html.includes('7 1 8 0'));
  });
});

describe('status', () => {
  let web: WebUnderTest;
  beforeEach(async () => {
    web = await startWeb();
  });
  afterEach(() => web.close());
  const status = () => web.get(`${LOGIN}/status`, { accept: 'application/json' });

  it('answers the state and the time left, after one poll', async () => {
    web.login.wait();
    web.clock.ms += 10_000;
    const answer = await status();
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.deepEqual(await answer.json(), { state: 'waiting', secondsLeft: 80 });
    assert.deepEqual(web.login.polls, [1_000]);
  });

  it('sends the push when it is due', async () => {
    await web.post(
      `${LOGIN}/code`,
      { country: 'EE', personal_code: PERSONAL_CODE },
      { 'sec-ch-ua-mobile': '?1' },
    );
    assert.deepEqual(await (await status()).json(), { state: 'pending', secondsLeft: 90 });
    web.clock.ms += 3_000;
    assert.deepEqual(await (await status()).json(), { state: 'waiting', secondsLeft: 90 });
  });

  it('answers the end without completing the login', async () => {
    web.login.answer();
    assert.deepEqual(await (await status()).json(), { state: 'authenticated', secondsLeft: 0 });
    assert.equal(web.completed.length, 0);
  });

  it('refuses the login of another browser', async () => {
    web.login.wait();
    const answer = await web.get(`${LOGIN}/status`, { cookie: COOKIE.replace('V', 'X') });
    assert.equal(answer.status, 404);
    assert.deepEqual(await answer.json(), { error: 'login_not_found' });
  });
});
