import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { COOKIE, startWeb, UID, type WebUnderTest } from '../web-under-test.ts';

const LOGIN = `/login/${UID}`;
const WAIT = `${LOGIN}/wait`;

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
