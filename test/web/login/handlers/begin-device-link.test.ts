import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { en } from '../../../../src/web/messages/en.ts';
import {
  COOKIE,
  headingOf,
  SECRETS,
  startWeb,
  textOf,
  TOKEN,
  UID,
  until,
  type WebUnderTest,
} from '../../web-under-test.ts';

const LOGIN = `/login/${UID}`;
const QR = `${LOGIN}/wait?show=qr`;
const APP = `${LOGIN}/wait?show=web2app`;
const PERSON = 'PNOEE-40504040001';

describe('device link', () => {
  let web: WebUnderTest;
  beforeEach(async () => {
    web = await startWeb();
  });
  afterEach(() => web.close());
  const begin = (fields: Record<string, string> = { show: 'qr' }, headers?: Record<string, string>) =>
    web.post(`${LOGIN}/device-link`, fields, headers);
  const restart = async (options: Parameters<typeof startWeb>[0]) => {
    await web.close();
    web = await startWeb(options);
  };

  it('begins by a button, for anybody, and redirects to its page', async () => {
    const answer = await begin();
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, `${QR}&sent`]);
    assert.deepEqual(web.login.begun, [
      {
        flow: 'qr',
        interactionUid: UID,
        clientId: 'sample-app',
        displayText: 'Not you? Cancel. Log in to Sample app',
        address: web.from,
        browser: undefined,
        certificateLevel: 'ADVANCED',
        relyingParty: { name: 'DEMO' },
        keepsEvidence: false,
        answerBy: ['qr', 'web2app'],
      },
    ]);
    assert.equal(web.login.state(), 'waiting');
  });

  it('is under the name, and for the flows, of the client', async () => {
    const relyingParty = { name: 'Broker', brokeredName: 'Museum' };
    await restart({ relyingParty, offered: { flows: ['web2app', 'notification'] } });
    await begin({ show: 'web2app' });
    const [begun] = web.login.begun;
    assert.deepEqual(
      [begun?.relyingParty, begun?.flow !== 'notification' && begun?.answerBy],
      [relyingParty, ['web2app']],
    );
  });

  it('never shows a flow that the client does not offer, whatever the address says', async () => {
    await restart({ offered: { flows: ['web2app'] } });
    await begin({ show: 'web2app' });
    web.login.put({ ...web.login.waitForLink(), flow: 'web2app' });
    for (const address of [`${LOGIN}/wait`, QR]) {
      const html = await (await web.get(address)).text();
      assert.ok(!html.includes('<svg') && html.includes('https://smart-id.example/?lang=en'), address);
    }
  });

  for (const show of ['qr', 'web2app']) {
    it(`demands the level that the client requests: ${show}`, async () => {
      await restart({ certificateLevel: 'QUALIFIED' });
      await begin({ show });
      assert.equal(web.login.begun[0]?.certificateLevel, 'QUALIFIED');
    });
  }

  it('begins once if the form is submitted twice', async () => {
    await Promise.all([begin(), begin()]);
    assert.equal(web.login.pushes(), 1);
  });

  it('does not mention an unknown browser in a known one', async () => {
    await web.knownBrowsers.remember(TOKEN, PERSON, `${PERSON}-MOCK-Q`, 0);
    await begin({ show: 'qr' }, { cookie: `${COOKIE}; sild_browser=${TOKEN}` });
    assert.equal(web.login.begun[0]?.displayText, 'Log in to Sample app');
  });

  it('warns a person whom the client names and who has not used the browser, also where others have', async () => {
    await restart({ expectedPerson: PERSON });
    await web.knownBrowsers.remember(TOKEN, 'PNOEE-50001029996', 'PNOEE-50001029996-MOCK-Q', 0);
    await begin({ show: 'qr' }, { cookie: `${COOKIE}; sild_browser=${TOKEN}` });
    assert.equal(web.login.begun[0]?.displayText, 'Not you? Cancel. Log in to Sample app');
  });

  it('is for the person whom the client expects', async () => {
    await restart({ expectedPerson: PERSON });
    await begin();
    assert.partialDeepStrictEqual(web.login.begun[0], { flow: 'qr', identifier: PERSON });
  });

  it('cancels the attempt of an expired code for a new one, and no other attempt', async () => {
    const first = web.login.waitForLink();
    await begin({ show: 'qr', instead_of: 'another' });
    assert.equal(web.login.pushes(), 0);
    await begin({ show: 'qr', instead_of: first.id });
    assert.equal(web.login.pushes(), 1);
    assert.equal(web.login.state(), 'waiting');
  });

  it('shows the current QR code, rendered by the server, and how long it is valid', async () => {
    web.login.waitForLink();
    const html = await (await web.get(QR)).text();
    assert.equal(headingOf(html), en.qr.heading);
    assert.ok(html.includes(`<div class="qr" role="img" aria-label="${en.qr.picture}"><svg viewBox="0 0 `));
    assert.ok(textOf(html).includes('This code works for 60 more seconds'));
    web.clock.ms += 59_000;
    assert.ok(textOf(await (await web.get(QR)).text()).includes('This code works for 1 more second'));
  });

  it('shows the content of the code as a link only with the simulator', async () => {
    for (const environment of ['simulator', 'demo', 'live'] as const) {
      await restart({ environment });
      web.login.waitForLink();
      const html = await (await web.get(QR)).text();
      assert.match(html, /<svg/);
      const simulated = environment === 'simulator';
      assert.equal(html.includes(`at=${web.clock.ms}`), simulated, environment);
      assert.equal(textOf(html).includes(en.qr.scanOnVirtualPhone), simulated, environment);
    }
  });

  it('opens the virtual phone without referrer and opener', async () => {
    await restart({ environment: 'simulator' });
    web.login.waitForLink();
    const link = /<a class="scan"[^>]*>/.exec(await (await web.get(QR)).text())?.[0] ?? '';
    assert.match(link, / target="_blank" rel="noopener noreferrer"/);
    web.clock.ms += 60_000;
    assert.match(await (await web.get(QR)).text(), /<a class="scan" hidden /);
  });

  it('shows no expired code, and offers a new one', async () => {
    const { id } = web.login.waitForLink();
    web.clock.ms += 60_000;
    const html = await (await web.get(QR)).text();
    assert.ok(!html.includes('<svg'));
    assert.ok(textOf(html).includes(en.qr.expired));
    assert.match(html, new RegExp(`<form class="again" method="post" action="${LOGIN}/device-link"><`));
    assert.ok(html.includes(`name="instead_of" value="${id}"`));
  });

  it('reloads itself within three seconds without JavaScript', async () => {
    web.login.waitForLink();
    assert.match(
      await (await web.get(QR)).text(),
      new RegExp(
        `<noscript><meta http-equiv="refresh" content="1; url=${LOGIN}/wait\\?show=qr&amp;poll"></noscript>`,
      ),
    );
  });

  it('opens the app by a plain link, and links the QR code and the personal code', async () => {
    web.login.waitForLink();
    const html = await (await web.get(APP)).text();
    assert.equal(headingOf(html), en.web2app.heading);
    assert.ok(html.includes('<a class="primary open" href="https://smart-id.example/?lang=en">'));
    assert.ok(html.includes(`href="${QR}"`) && html.includes(`href="${LOGIN}/code"`));
    assert.ok((await (await web.get(QR)).text()).includes(`href="${APP}"`));
  });

  it('links the app until the last second, and not when the time is over', async () => {
    web.login.waitForLink();
    const html = async () => (await web.get(APP)).text();
    web.clock.ms += 89_000;
    assert.ok((await html()).includes('https://smart-id.example/'));
    web.clock.ms += 1_000;
    assert.ok(!(await html()).includes('https://smart-id.example/'));
  });

  it('shows the link on a phone and the QR code on a computer by default', async () => {
    web.login.waitForLink();
    const heading = async (headers: Record<string, string>) =>
      headingOf(await (await web.get(`${LOGIN}/wait`, headers)).text());
    assert.equal(await heading({ 'sec-ch-ua-mobile': '?1' }), en.web2app.heading);
    assert.equal(await heading({ 'sec-ch-ua-mobile': '?0' }), en.qr.heading);
  });

  it('keeps its session while the person sees the form for the code', async () => {
    web.login.waitForLink();
    assert.equal((await web.get(`${LOGIN}/code`)).status, 200);
    assert.equal(web.login.state(), 'waiting');
  });

  it('sends a new link each second, without reading the attempt again', async () => {
    await web.close();
    let reads = 0;
    web = await startWeb({
      change: {
        login: {
          current: (uid) => {
            reads += 1;
            return Promise.resolve(uid === UID ? attempt : undefined);
          },
          advance: (waiting, _waitMs, signal) =>
            new Promise((resolve) => {
              signal?.addEventListener('abort', () => {
                resolve(waiting);
              });
            }),
        },
      },
    });
    const attempt = web.login.waitForLink();
    const leave = new AbortController();
    const answer = await fetch(`${web.address}${LOGIN}/events?show=qr`, {
      headers: { cookie: COOKIE },
      signal: leave.signal,
    });
    let stream = '';
    const links = () => Array.from(stream.matchAll(/"link":"[^"]*at=(\d+)/g), ([, at]) => Number(at));
    const read = (async () => {
      for await (const chunk of answer.body ?? []) {
        stream += Buffer.from(chunk).toString();
        // Time passes between the events, so each link is different.
        web.clock.ms += 1_000;
      }
    })().catch(() => undefined);
    await until(() => links().length >= 3);
    leave.abort();
    await read;
    assert.equal(new Set(links()).size, links().length);
    assert.deepEqual(links(), links().toSorted());
    assert.equal(reads, 1);
    for (const secret of SECRETS) assert.ok(!stream.includes(secret), secret);
  });

  it('sends no link to the page of the app link, nor after the code has expired', async () => {
    web.login.waitForLink();
    const state = async (show: string): Promise<unknown> =>
      (await web.get(`${LOGIN}/status?show=${show}`, { accept: 'application/json' })).json();
    assert.deepEqual(await state('web2app'), { state: 'waiting', secondsLeft: 90 });
    assert.deepEqual(await state('qr'), {
      state: 'waiting',
      secondsLeft: 60,
      link: `https://smart-id.example/?at=${web.clock.ms}&lang=en`,
    });
    web.clock.ms += 60_000;
    assert.deepEqual(await state('qr'), { state: 'waiting', secondsLeft: 0 });
  });

  it('shows no secret of the session on a page, in a status or in the log', async () => {
    await begin();
    const texts = [
      await (await web.get(QR)).text(),
      await (await web.get(APP)).text(),
      await (await web.get(`${LOGIN}/status?show=qr`)).text(),
      web.lines.join(''),
    ];
    for (const text of texts) for (const secret of SECRETS) assert.ok(!text.includes(secret), secret);
  });

  it('continues in the tab whose code was scanned', async () => {
    web.login.answer('qr');
    const answer = await web.get(QR);
    assert.equal(answer.headers.get('location'), `${web.issuer}/authorize/${UID}`);
  });
});

describe('a device link that a script begins', () => {
  let web: WebUnderTest;
  afterEach(() => web.close());
  const begin = (show: string, headers: Record<string, string> = {}) =>
    web.post(`${LOGIN}/device-link`, { show }, { accept: 'application/json', ...headers });

  it('is answered with the page of the attempt, and with the link that opens the app', async () => {
    web = await startWeb();
    assert.deepEqual(await (await begin('web2app')).json(), {
      wait: `${LOGIN}/wait?show=web2app`,
      link: 'https://smart-id.example/?lang=en',
    });
    assert.equal(web.login.pushes(), 1);
    assert.equal((await begin('web2app')).status, 200);
    assert.equal(web.login.pushes(), 1, 'a second tap begins nothing');
  });

  it('has no link with a QR code', async () => {
    web = await startWeb();
    assert.deepEqual(await (await begin('qr')).json(), { wait: `${LOGIN}/wait?show=qr` });
  });

  for (const headers of [
    { 'sec-purpose': 'prefetch' },
    { 'sec-purpose': 'prefetch;prerender' },
    { purpose: 'prefetch' },
  ]) {
    it(`is refused to a browser that loads in advance: ${JSON.stringify(headers)}`, async () => {
      web = await startWeb();
      assert.equal((await begin('qr', headers)).status, 403);
      assert.deepEqual(web.login.begun, []);
    });
  }

  it('is refused to other sites', async () => {
    web = await startWeb();
    for (const site of ['cross-site', 'same-site', 'none']) {
      assert.equal((await begin('qr', { 'sec-fetch-site': site })).status, 403);
    }
    assert.deepEqual(web.login.begun, []);
  });
});
