import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { CATALOGUES } from '../../../src/web/messages/languages.ts';
import { headingOf, startWeb, type WebOptions, type WebUnderTest } from '../web-under-test.ts';

const JSON_ONLY = { accept: 'application/json', cookie: '' };

describe('authorization requests', () => {
  let web: WebUnderTest;
  let passed: string[];
  afterEach(() => web.close());
  const start = async (options: WebOptions = {}) => {
    passed = [];
    web = await startWeb({
      trustProxy: 1,
      oidc: (req, res) => {
        passed.push(req.url ?? '');
        req.resume();
        res.writeHead(200).end('{}');
      },
      ...options,
    });
  };
  const authorize = async (path: string, address = '192.0.2.1') =>
    (await web.get(path, { ...JSON_ONLY, 'x-forwarded-for': address })).status;
  const push = (body: string, path = '/par') =>
    fetch(`${web.address}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
    });

  it('have at most 6 KiB, by GET and pushed', async () => {
    await start();
    const longest = `state=${'x'.repeat(6 * 1024 - 6)}`;
    for (const path of ['/authorize', '/Authorize', '/authorize/']) {
      assert.equal(await authorize(`${path}?${longest}`), 200, path);
      assert.equal(await authorize(`${path}?${longest}x`), 413, path);
      // The service has sent it: the person can correct nothing.
      const page = await web.get(`${path}?${longest}x`, { accept: 'text/html' });
      assert.equal(headingOf(await page.text()), CATALOGUES.en.openIdError.heading, path);
    }
    assert.equal((await push(longest)).status, 200);
    const refused = await push(`${longest}x`);
    assert.equal(refused.status, 413);
    assert.partialDeepStrictEqual(await refused.json(), { error: 'invalid_request' });
    assert.equal((await push(`${longest}x`, '/ciba')).status, 413);
    assert.equal(passed.length, 4);
  });

  it('need a length when they are pushed', async () => {
    await start();
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('state=x'));
        controller.close();
      },
    });
    const answer = await fetch(`${web.address}/par`, { method: 'POST', body, duplex: 'half' } as RequestInit);
    assert.equal(answer.status, 411);
    assert.deepEqual(passed, []);
  });

  it('are refused in the language that the client asks for', async () => {
    await start({ startRate: { count: 1, perMs: 3_600_000 } });
    const at = async (path: string) =>
      headingOf(await (await web.get(`${path}?ui_locales=fi%20lv`, { accept: 'text/html' })).text());
    for (let count = 0; count < 3; count += 1) await at('/authorize');
    assert.equal(await at('/authorize'), CATALOGUES.lv.errors[429].heading);
    assert.equal(await at('/Authorize/'), CATALOGUES.lv.errors[429].heading);
  });

  it('are three times as many as starts of an address, and more of a /56 and a /48', async () => {
    await start({ startRate: { count: 2, perMs: 3_600_000 } });
    const admitted = async (addresses: readonly string[]) => {
      let count = 0;
      for (const address of addresses)
        if ((await authorize('/authorize?state=x', address)) === 200) count += 1;
      return count;
    };
    assert.equal(await admitted(Array.from({ length: 20 }, () => '192.0.2.7')), 6);
    const of = (prefix: string, subnets: number) =>
      Array.from(
        { length: subnets * 10 },
        (_, index) => `${prefix}${(index % subnets).toString(16).padStart(2, '0')}::1`,
      );
    assert.equal(await admitted(of('2001:db8:1:10', 30)), 24, 'a /56');
    const of48 = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((each) => of(`2001:db8:2:${each}0`, 5));
    assert.equal(await admitted(of48), 96, 'a /48');
    assert.equal(await authorize('/authorize?state=x', '2001:db8:3::1'), 200);
    assert.equal(await authorize('/authorize/a-login-to-resume', '192.0.2.7'), 200);
  });
});
