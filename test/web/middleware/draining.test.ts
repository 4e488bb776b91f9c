import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { en } from '../../../src/web/messages/en.ts';
import {
  headingOf,
  PERSONAL_CODE,
  providerOf,
  startWeb,
  UID,
  type WebOptions,
  type WebUnderTest,
} from '../web-under-test.ts';

const LOGIN = `/login/${UID}`;
const ESTONIAN = { country: 'EE', personal_code: PERSONAL_CODE };

let web: WebUnderTest;
const start = async (options?: WebOptions) => (web = await startWeb(options));
afterEach(() => web.close());

describe('draining', () => {
  it('refuses new logins and says when to retry', async () => {
    await start({ draining: () => true });
    for (const answer of [
      await web.get(LOGIN),
      await web.post(`${LOGIN}/code`, ESTONIAN),
      await web.post(`${LOGIN}/device-link`, { show: 'qr' }),
      await web.get('/authorize?client_id=sample-app'),
      await web.get('/Authorize/?client_id=sample-app'),
      await web.post('/par'),
      await web.post('/ciba'),
    ]) {
      assert.equal(answer.status, 503);
      assert.equal(answer.headers.get('retry-after'), '5');
      assert.equal(headingOf(await answer.text()), en.errors[503].heading);
    }
    assert.equal(web.login.begun.length, 0);
  });

  it('links an address that the next instance serves, and none if there is no such address', async () => {
    let draining = true;
    await start({ draining: () => draining });
    const retryOf = async (answer: Promise<Response>) =>
      /<a class="primary" href="([^"]*)"/.exec(await (await answer).text())?.[1];
    const of = {
      methods: await retryOf(web.get(LOGIN)),
      form: await retryOf(web.get(`${LOGIN}/code?a=b`)),
      sentForm: await retryOf(web.post(`${LOGIN}/code`, ESTONIAN)),
      deviceLink: await retryOf(web.post(`${LOGIN}/device-link`, { show: 'qr' })),
      reloadedDeviceLink: await retryOf(web.get(`${LOGIN}/device-link`)),
    };
    assert.deepEqual(of, {
      methods: LOGIN,
      form: `${LOGIN}/code?a=b`,
      sentForm: `${LOGIN}/code`,
      deviceLink: LOGIN,
      reloadedDeviceLink: LOGIN,
    });
    assert.equal(await retryOf(web.get('/authorize?client_id=a')), '/authorize?client_id=a');
    for (const path of ['/authorize', '/par']) assert.equal(await retryOf(web.post(path)), undefined);
    assert.equal(await retryOf(web.get('/par')), undefined);
    draining = false;
    for (const path of Object.values(of)) assert.equal((await web.get(path)).status, 200, path);
  });

  it('lets running logins end', async () => {
    await start({
      draining: () => true,
      oidc: providerOf((ctx) => {
        ctx.body = { path: ctx.path };
      }),
    });
    web.login.wait();
    assert.equal((await web.get(`${LOGIN}/wait`)).status, 200);
    web.login.answer();
    assert.equal((await web.get(`${LOGIN}/wait`)).status, 303);
    assert.equal((await web.get(`/authorize/${UID}`)).status, 200);
    assert.equal((await web.post('/token')).status, 200);
  });
});
