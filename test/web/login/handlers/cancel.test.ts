import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { Attempt } from '../../../../src/login/attempt.ts';
import { cancelLogin, restartLogin } from '../../../../src/web/login/handlers/cancel.ts';
import { en } from '../../../../src/web/messages/en.ts';
import { headingOf, PERSONAL_CODE, startWeb, UID, type WebUnderTest } from '../../web-under-test.ts';

const LOGIN = `/login/${UID}`;

describe('an attempt that was removed while its login is cancelled', () => {
  const removed = { state: 'waiting', interactionUid: UID } as Attempt;
  // There is nothing to change.
  const login = {
    cancel: (attempt: Attempt) => setImmediate(attempt),
    current: () => setImmediate(undefined),
    attemptsOf: () => setImmediate([]),
  };

  it('does not keep the request for ever: the client gets its answer', async () => {
    const answered = new Error('the client gets its answer');
    const interactions = { abort: () => Promise.reject(answered) };
    const page = { ctx: {}, uid: UID, attempt: removed };
    await assert.rejects(cancelLogin(page as never, { login, interactions } as never), answered);
  });

  it('leads back to the choice', async () => {
    const to: string[] = [];
    const ctx = { redirect: (address: string) => void to.push(address) };
    await restartLogin({ ctx, path: LOGIN, attempt: removed } as never, { login } as never);
    assert.deepEqual(to, [`${LOGIN}?choose`]);
  });
});

describe('cancelling', () => {
  let web: WebUnderTest;
  beforeEach(async () => {
    web = await startWeb();
  });
  afterEach(() => web.close());

  for (const [name, arrange] of [
    ['before an attempt', () => undefined],
    ['while the request is on the phone', () => web.login.wait()],
    ['after the answer, before the client gets it', () => web.login.answer()],
    ['from an outcome', () => web.login.fail('timeout')],
  ] as const) {
    it(`ends the login ${name}, and leads to the client by a page`, async () => {
      arrange();
      const answer = await web.post(`${LOGIN}/cancel`);
      const html = await answer.text();
      assert.equal(answer.status, 200);
      assert.match(
        html,
        new RegExp(`<meta http-equiv="refresh" content="0; url=${web.issuer}/authorize/${UID}">`),
      );
      assert.ok(html.includes(`<a class="primary" href="${web.issuer}/authorize/${UID}">`));
      assert.deepEqual(web.aborted, ['user_cancel']);
      assert.ok(web.login.state() !== 'waiting' && web.login.state() !== 'authenticated');
    });
  }

  it('tells that Smart-ID has no suitable account, which matters for an essential level', async () => {
    web.login.fail('account_not_suitable');
    await web.post(`${LOGIN}/cancel`);
    assert.deepEqual(web.aborted, ['account_not_suitable']);
  });

  it('tells so also where the person has begun another login since', async () => {
    web.login.fail('account_not_suitable');
    await web.post(`${LOGIN}/device-link`, { show: 'qr' });
    assert.notEqual(web.login.state(), 'failed');
    await web.post(`${LOGIN}/cancel`);
    assert.deepEqual(web.aborted, ['account_not_suitable']);
  });

  it('has no effect once the login is complete', async () => {
    web.login.finished();
    const answer = await web.post(`${LOGIN}/cancel`);
    assert.equal(headingOf(await answer.text()), en.notices.finished.heading);
    assert.deepEqual(web.aborted, []);
  });

  describe('has the last word', () => {
    const isOnward = async (answer: Response) => {
      assert.equal(answer.status, 200);
      assert.match(await answer.text(), /<meta http-equiv="refresh" content="0; url=[^"]*\/authorize\//);
    };

    for (const [name, ask] of [
      ['the flows', () => web.get(LOGIN)],
      ['the form', () => web.get(`${LOGIN}/code`)],
      ['a QR code', () => web.post(`${LOGIN}/device-link`, { show: 'qr' })],
      [
        'a request to the phone',
        () => web.post(`${LOGIN}/code`, { country: 'EE', personal_code: PERSONAL_CODE }),
      ],
    ] as const) {
      it(`in a browser that then asks for ${name} in another tab`, async () => {
        await web.post(`${LOGIN}/cancel`);
        await isOnward(await ask());
        assert.equal(web.login.pushes(), 0);
        assert.equal(web.login.state(), undefined);
      });
    }

    it('over an attempt that another tab begins at the same time', async () => {
      await web.close();
      web = await startWeb({
        change: {
          interactions: {
            abort: async () => {
              web.login.wait();
              return '/authorize/uid';
            },
          },
        },
      });
      await isOnward(await web.post(`${LOGIN}/cancel`));
      assert.equal(web.login.state(), 'cancelled');
    });

    for (const path of ['code', 'device-link']) {
      it(`before a request of ${path} is sent that began at the same time`, async () => {
        await web.close();
        web = await startWeb({
          change: {
            login: {
              begin: async (asked) => {
                web.aborted.push('user_cancel');
                return web.login.begin(asked);
              },
            },
          },
        });
        await web.post(`${LOGIN}/${path}`, { show: 'qr', country: 'EE', personal_code: PERSONAL_CODE });
        assert.equal(web.login.state(), 'cancelled');
        assert.equal(web.login.pushes(), 0);
      });
    }
  });

  it('needs a POST', async () => {
    web.login.wait();
    const answer = await web.get(`${LOGIN}/cancel`);
    assert.equal(answer.status, 405);
    assert.equal(answer.headers.get('allow'), 'POST');
    assert.equal(web.login.state(), 'waiting');
  });
});
