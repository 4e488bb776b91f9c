import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { LANGUAGES } from '../../../src/config/languages.ts';
import { CATALOGUES } from '../../../src/web/messages/languages.ts';
import { en } from '../../../src/web/messages/en.ts';
import { retryText } from '../../../src/web/messages/messages.ts';
import {
  COOKIE,
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
        new RegExp(`role="link" aria-disabled="true" aria-describedby="retry" data-href="${LOGIN}"`),
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
      assert.match(computer, /<a class="secondary" role="link" aria-disabled="true"/);
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
    // By the login_hint, a device link would be for the same person only.
    await start({ expectedPerson: `PNOEE-${PERSONAL_CODE}` });
    web.login.limit('too_many_logins_of_person', 300);
    await none();
    await start();
    web.login.limitLink('too_many_logins_of_person', 300);
    await none();
    await start();
  });

  it('offers the QR code to the person of the login_hint while a push is pending', async () => {
    await start({ expectedPerson: `PNOEE-${PERSONAL_CODE}` });
    web.login.limit('push_too_soon', 300);
    assert.ok((await (await web.get(WAIT)).text()).includes(en.methods.showQr));
  });
});

describe('requests from one address', () => {
  let web: WebUnderTest;
  const start = async (options?: WebOptions) =>
    (web = await startWeb({ requestRate: { count: 3, perMs: 60_000 }, ...options }));
  afterEach(() => web.close());
  const useUp = async () => {
    for (let count = 0; count < 3; count++) assert.equal((await web.get(LOGIN)).status, 200);
  };

  it('are limited: a page with the time to wait, and a link to try again', async () => {
    await start();
    await useUp();
    const answer = await web.get(`${LOGIN}?a=1&b=2`);
    const html = await answer.text();
    assert.equal(answer.status, 429);
    assert.equal(answer.headers.get('retry-after'), '20');
    assert.equal(headingOf(html), en.errors[429].heading);
    assert.ok(textOf(html).includes('You can try again in 20 seconds'));
    assert.ok(html.includes(`data-href="${LOGIN}?a=1&amp;b=2"`));
    assert.match(answer.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
    web.clock.ms += 20_000;
    assert.equal((await web.get(LOGIN)).status, 200);
    assert.equal((await web.get(LOGIN)).status, 429);
  });

  it('lead back to the login after a form, and nowhere from the callback, whose address is a credential', async () => {
    await start();
    await useUp();
    const html = await (await web.post(`${LOGIN}/code`, { country: 'EE', personal_code: '1' })).text();
    assert.ok(html.includes(`data-href="${LOGIN}"`));
    assert.equal(web.login.begun.length, 0);
    const callback = await (await web.get('/callback/smart-id?value=secret-of-the-way-back')).text();
    assert.equal(headingOf(callback), en.errors[429].heading);
    assert.ok(!callback.includes('secret-of-the-way-back'));
    assert.equal(web.login.callbacks.length, 0);
  });

  it('lead to no other site, whatever the address was', async () => {
    await start();
    await useUp();
    const html = await (await web.get('//evil.example/')).text();
    assert.equal(headingOf(html), en.errors[429].heading);
    assert.doesNotMatch(html, /href="\/\/|url=\/\//);
    assert.ok(!html.includes('role="link"'));
  });

  it('are answered in JSON to clients and scripts, and do not reach the OpenID provider', async () => {
    let reached = 0;
    await start({
      oidc: (_request, response) => {
        reached += 1;
        response.statusCode = 200;
        response.end('{}');
      },
    });
    for (const path of ['/token', '/par', '/authorize?client_id=a']) {
      assert.equal((await web.get(path, { accept: 'application/json' })).status, 200);
    }
    for (const path of ['/token', '/par', `${LOGIN}/status`]) {
      const answer = await web.get(path, { accept: '*/*' });
      assert.equal(answer.status, 429);
      assert.equal(answer.headers.get('retry-after'), '20');
      assert.partialDeepStrictEqual(await answer.json(), { error: 'temporarily_unavailable' });
    }
    assert.equal((await web.get('/authorize?client_id=a')).status, 429);
    assert.equal(reached, 3);
  });

  it('do not include assets and health, and are counted for each address', async () => {
    await start({ trustProxy: 1 });
    const from = (address: string) => web.get(LOGIN, { 'x-forwarded-for': address });
    const probe = async () => {
      for (let count = 0; count < 5; count++) {
        for (const path of ['/healthz', '/readyz', '/assets/login.0000000000.css'])
          assert.equal((await web.get(path)).status, 200, path);
      }
    };
    await probe();
    await useUp();
    await probe();
    for (let count = 0; count < 3; count++) assert.equal((await from(`2001:db8::${count}`)).status, 200);
    assert.equal((await from('2001:db8::ffff')).status, 429, 'the same /64');
    assert.equal((await from('2001:db8:0:1::1')).status, 200);
    assert.equal((await from('::ffff:192.0.2.1')).status, 200);
    assert.equal((await from('198.51.100.1, 2001:db8::1')).status, 429, 'what it says itself does not count');
  });

  it('are four times as many from an IPv6 /56, and sixteen times from a /48', async () => {
    await start({ trustProxy: 1 });
    const admitted = async (addresses: readonly string[]) => {
      let count = 0;
      for (const address of addresses) {
        if ((await web.get(LOGIN, { 'x-forwarded-for': address })).status === 200) count += 1;
      }
      return count;
    };
    const of56 = Array.from({ length: 20 }, (_, index) => `2001:db8:1:a0${index.toString(16)}::1`);
    assert.equal(await admitted([...of56.slice(0, 16), ...of56.slice(0, 16)]), 12);
    const of48 = Array.from({ length: 80 }, (_, index) => `2001:db8:2:${index.toString(16)}00::1`);
    assert.equal(await admitted(of48), 48);
    assert.equal(await admitted(['2001:db8:3::1']), 1);
  });

  for (const path of ['/assets/x', '/assets/none.0000000000.css', '/healthz/', '/readyz/x']) {
    it(`include unknown addresses: ${path}`, async () => {
      await start();
      for (let count = 0; count < 3; count++) assert.equal((await web.get(path)).status, 404);
      assert.equal((await web.get(path)).status, 429);
    });
  }

  it('are unlimited if the operator configures it', async () => {
    await startUnbounded();
    for (let count = 0; count < 300; count++) assert.equal((await web.get(`${LOGIN}/status`)).status, 404);
  });

  async function startUnbounded(): Promise<void> {
    web = await startWeb();
  }
});

describe('waiting pages', () => {
  let web: WebUnderTest;
  const start = async () => (web = await startWeb({ requestRate: { count: 100_000, perMs: 1_000 } }));
  afterEach(() => web.close());
  const status = () => web.get(`${LOGIN}/status`, { accept: 'application/json' });
  const listen = (signal: AbortSignal) =>
    fetch(`${web.address}${LOGIN}/events`, {
      headers: { cookie: COOKIE, accept: 'text/event-stream' },
      signal,
    });

  it('may poll one login 240 times a minute, and then learn when to poll again', async () => {
    await start();
    web.login.sending();
    for (let count = 0; count < 240; count++) assert.equal((await status()).status, 200);
    const answer = await status();
    assert.equal(answer.status, 429);
    assert.equal(answer.headers.get('retry-after'), '1');
    const gone = new AbortController();
    assert.equal((await listen(gone.signal)).status, 429);
    // A page without scripts is still rendered, but does not poll.
    web.login.wait();
    assert.equal((await web.get(`${WAIT}?poll`)).status, 200);
    assert.equal(web.login.polls.length, 0);
    web.clock.ms += 250;
    assert.equal((await web.get(`${WAIT}?poll`)).status, 200);
    assert.equal(web.login.polls.length, 1);
  });

  it('may have four event streams for one login, and another one once one has closed', async () => {
    await start();
    web.login.wait();
    const pages = Array.from({ length: 4 }, () => new AbortController());
    for (const page of pages) assert.equal((await listen(page.signal)).status, 200);
    const last = new AbortController();
    assert.equal((await listen(last.signal)).status, 429);
    assert.equal((await status()).status, 200, 'it polls instead');
    pages[0]?.abort();
    let answer = await listen(last.signal);
    for (const limit = Date.now() + 5_000; answer.status === 429 && Date.now() < limit;) {
      // Polling is limited too.
      web.clock.ms += 250;
      answer = await listen(last.signal);
    }
    assert.equal(answer.status, 200);
    for (const page of [...pages, last]) page.abort();
  });

  it('of other browsers do not count for a login', async () => {
    await start();
    web.login.sending();
    for (let count = 0; count < 300; count++) {
      assert.equal((await web.get(`${LOGIN}/status`, { cookie: 'other=1' })).status, 404);
    }
    assert.equal((await status()).status, 200);
  });
});
