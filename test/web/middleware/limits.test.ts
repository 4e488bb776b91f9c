import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { en } from '../../../src/web/messages/en.ts';
import { headingOf, startWeb, textOf, UID, type WebOptions, type WebUnderTest } from '../web-under-test.ts';

const LOGIN = `/login/${UID}`;

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

  it('lead back to the login after a form, and to the callback again without its address, which is a credential', async () => {
    await start();
    await useUp();
    const html = await (await web.post(`${LOGIN}/code`, { country: 'EE', personal_code: '1' })).text();
    assert.ok(html.includes(`data-href="${LOGIN}"`));
    assert.equal(web.login.begun.length, 0);
    const limited = await web.get('/callback/smart-id?value=secret-of-the-way-back');
    assert.deepEqual([limited.status, limited.headers.get('retry-after')], [429, '20']);
    const callback = await limited.text();
    assert.equal(headingOf(callback), en.moment.heading);
    assert.ok(callback.includes('<meta http-equiv="refresh" content="20">'));
    assert.ok(!callback.includes('secret-of-the-way-back'));
    assert.equal(web.login.callbacks.length, 0);
  });

  it('get a small page, however long their address is', async () => {
    await start();
    const sizeOf = async (path: string) => {
      const answer = await web.get(path);
      return [answer.status, (await answer.text()).length < 12_000];
    };
    const long = `/${'('.repeat(14_000)}`;
    assert.deepEqual(await sizeOf(long), [404, true]);
    assert.deepEqual(await sizeOf(`/browser?${'('.repeat(14_000)}`), [200, true]);
    await sizeOf('/');
    assert.deepEqual(await sizeOf(long), [429, true]);
    // Its link for another try has the address once.
    const query = '('.repeat(6_000);
    const limited = await (await web.get(`/authorize?${query}`)).text();
    assert.ok(limited.length < 5 * query.length + 12_000, `${limited.length}`);
  });

  it('lead to no other site, also for an address like //evil.example', async () => {
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
