import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { BEGUN, PERSONAL_CODE, startWeb, UID, until, type WebUnderTest } from '../../web-under-test.ts';

const LOGIN = `/login/${UID}`;

describe('events', () => {
  let web: WebUnderTest;
  beforeEach(async () => {
    web = await startWeb();
  });
  afterEach(() => web.close());
  const events = (signal?: AbortSignal) =>
    fetch(`${web.address}${LOGIN}/events`, {
      headers: { cookie: `_interaction=${UID}`, accept: 'text/event-stream' },
      ...(signal ? { signal } : {}),
    });
  const statesOf = (stream: string) =>
    Array.from(
      stream.matchAll(/^event: state\ndata: (.*)$/gm),
      ([, data]) => (JSON.parse(data ?? '') as { state: string }).state,
    );

  it('send the state, the next one when the person answers, and close', async () => {
    web.login.wait();
    const answer = await events();
    assert.equal(answer.headers.get('content-type'), 'text/event-stream; charset=utf-8');
    assert.match(answer.headers.get('cache-control') ?? '', /no-store/);
    assert.equal(answer.headers.get('x-accel-buffering'), 'no');
    await until(() => web.login.polls.length > 0);
    web.login.answer();
    const stream = await answer.text();
    assert.deepEqual(statesOf(stream), ['waiting', 'authenticated']);
    assert.match(stream, /^data: \{"state":"waiting","secondsLeft":90\}$/m);
    assert.ok(!stream.includes('no-browser-sees') && !stream.includes(PERSONAL_CODE));
    assert.equal(web.completed.length, 0);
  });

  it('poll Smart-ID with a long poll', async () => {
    web.login.wait();
    const answer = await events();
    await until(() => web.login.polls.length > 0);
    assert.deepEqual(web.login.polls, [10_000]);
    web.login.answer();
    await answer.text();
  });

  it('send the push after the code was shown', async () => {
    await web.post(
      `${LOGIN}/code`,
      { country: 'EE', personal_code: PERSONAL_CODE },
      { 'sec-ch-ua-mobile': '?1' },
    );
    web.clock.ms += 3_000;
    const answer = await events();
    await until(() => web.login.polls.length > 0);
    assert.equal(web.login.pushes(), 1);
    web.login.fail('user_refused');
    assert.deepEqual(statesOf(await answer.text()), ['pending', 'waiting', 'failed']);
  });

  it('continue, and send the push, if the clock is set back meanwhile', async () => {
    await web.post(
      `${LOGIN}/code`,
      { country: 'EE', personal_code: PERSONAL_CODE },
      { 'sec-ch-ua-mobile': '?1' },
    );
    web.clock.ms -= 86_400_000;
    const answer = await events();
    await until(() => web.login.polls.length > 0);
    assert.equal(web.login.pushes(), 1);
    web.clock.ms -= 86_400_000;
    await until(() => web.login.polls.length > 1);
    web.login.answer();
    assert.deepEqual(
      new Set(statesOf(await answer.text())),
      new Set(['pending', 'waiting', 'authenticated']),
    );
  });

  it('report a cancellation in another tab', async () => {
    web.login.wait();
    const answer = await events();
    await until(() => web.login.polls.length > 0);
    await web.post(`${LOGIN}/cancel`);
    assert.deepEqual(statesOf(await answer.text()), ['waiting', 'cancelled']);
  });

  it('stop polling when the browser disconnects', async () => {
    web.login.wait();
    const leave = new AbortController();
    await events(leave.signal);
    await until(() => web.login.watchers() === 1);
    leave.abort();
    await until(() => web.login.watchers() === 0);
    const polls = web.login.polls.length;
    web.login.answer();
    assert.equal(web.login.polls.length, polls);
    await until(() => web.lines.some((line) => line.includes('"route":"events"')));
  });

  it('send the end of a login once if it has already ended', async () => {
    web.login.fail('timeout');
    assert.deepEqual(statesOf(await (await events()).text()), ['failed']);
  });

  it('tell the browser that began the login that it is over, and no other browser', async () => {
    for (const address of [`${LOGIN}/events`, `${LOGIN}/status`]) {
      const bound = await web.get(address, { cookie: BEGUN });
      assert.equal(bound.status, 200);
      assert.match(await bound.text(), /\{"state":"over","secondsLeft":0\}/);
      assert.equal((await web.get(address, { cookie: 'other=1' })).status, 404);
    }
    const stream = await web.get(`${LOGIN}/events`, { cookie: BEGUN });
    assert.equal(stream.headers.get('content-type'), 'text/event-stream; charset=utf-8');
    assert.match(stream.headers.get('cache-control') ?? '', /no-store/);
    assert.deepEqual(statesOf(await stream.text()), ['over']);
    assert.equal(web.login.polls.length, 0);
  });

  it('refuse the login of another browser', async () => {
    web.login.wait();
    const answer = await web.get(`${LOGIN}/events`, { cookie: 'other=1' });
    assert.equal(answer.status, 404);
    assert.equal(web.login.polls.length, 0);
  });

  it('close the connection if an error occurs, and log it', async () => {
    await web.close();
    web = await startWeb({
      change: {
        login: {
          advance: () => Promise.reject(new Error('the database is away')),
        },
      },
    });
    web.login.wait();
    await assert.rejects(events().then((answer) => answer.text()));
    await until(() => web.lines.some((line) => line.includes('request_failed')));
  });
});
