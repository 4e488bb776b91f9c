import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { PERSONAL_CODE, startWeb, UID, type WebUnderTest } from '../web-under-test.ts';

describe('the address of a login', () => {
  let web: WebUnderTest;
  afterEach(() => web.close());
  const begunFrom = async (forwarded?: string) => {
    await web.post(
      `/login/${UID}/code`,
      { country: 'EE', personal_code: PERSONAL_CODE },
      forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    );
    return web.login.begun.at(-1)?.address;
  };

  it('is that of the connection without TRUST_PROXY, also if a header names another', async () => {
    web = await startWeb();
    for (const forwarded of [undefined, '203.0.113.9', '203.0.113.9, 203.0.113.10']) {
      assert.equal(await begunFrom(forwarded), web.from);
    }
  });

  it('is the last one of the header behind one proxy: a client can forge those before it', async () => {
    web = await startWeb({ trustProxy: 1 });
    assert.equal(await begunFrom('203.0.113.9'), '203.0.113.9');
    assert.equal(await begunFrom('198.51.100.1, 10.0.0.1,203.0.113.9'), '203.0.113.9');
    assert.equal(await begunFrom('2001:db8:1:2::7'), '2001:db8:1:2::7');
    assert.equal(await begunFrom(), web.from);
  });

  it('is counted from the end by the number of proxies', async () => {
    web = await startWeb({ trustProxy: 2 });
    assert.equal(await begunFrom('198.51.100.1, 203.0.113.9, 192.0.2.80'), '203.0.113.9');
    assert.equal(await begunFrom('192.0.2.80'), '192.0.2.80');
  });

  it('is warned about once if there seems to be an untrusted proxy', async () => {
    web = await startWeb();
    await begunFrom();
    const warnings = () => web.lines.filter((line) => line.includes('"proxy_not_trusted"')).length;
    assert.equal(warnings(), 0);
    for (let count = 0; count < 3; count++) await begunFrom('203.0.113.9');
    assert.equal(warnings(), 1);
    await web.close();
    web = await startWeb({ trustProxy: 1 });
    await begunFrom('203.0.113.9');
    assert.equal(warnings(), 0);
  });
});
