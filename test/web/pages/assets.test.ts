import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { startWeb, UID, type WebOptions, type WebUnderTest } from '../web-under-test.ts';

const LOGIN = `/login/${UID}`;

let web: WebUnderTest;
const start = async (options?: WebOptions) => (web = await startWeb(options));
afterEach(() => web.close());

describe('assets', () => {
  const addressesOf = async () =>
    Array.from(
      (await (await web.get(LOGIN)).text()).matchAll(/"(\/assets\/[^"]+)"/g),
      ([, address]) => address ?? '',
    );

  it('are cached for long under an address that changes with their content', async () => {
    await start();
    const addresses = await addressesOf();
    assert.equal(addresses.length, 3);
    for (const address of addresses) {
      const answer = await web.get(address, { cookie: '' });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get('cache-control'), 'public, max-age=31536000, immutable');
      assert.match(
        answer.headers.get('content-type') ?? '',
        /^(text\/css|(text|application)\/javascript|image\/svg\+xml)/,
      );
    }
  });

  it('are served to a page of another release without caching', async () => {
    await start();
    const answer = await web.get('/assets/login.0123456789.css');
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('cache-control'), 'no-cache');
  });

  it('have an icon at the address that browsers try without a page', async () => {
    await start();
    const answer = await web.get('/favicon.ico', { cookie: '' });
    assert.deepEqual(
      [answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')],
      [200, 'image/x-icon', 'public, max-age=86400'],
    );
    const bytes = Buffer.from(await answer.arrayBuffer());
    assert.equal(bytes.toString('hex', 0, 6), '000001000100');
    assert.equal((await web.get('/favicon.ico', {}, 'HEAD')).status, 200);
  });

  it('weigh less than 30 kB with the login page', async () => {
    await start({ environment: 'simulator', simulatorPhoneUrl: 'http://localhost:3001/' });
    const sizeOf = async (path: string) => {
      const answer = await web.get(path, { 'accept-encoding': 'gzip' });
      const plain = Buffer.from(await answer.arrayBuffer());
      const sent = Number(answer.headers.get('content-length'));
      assert.ok(sent > 0 && sent <= plain.length);
      return sent;
    };
    let total = await sizeOf(LOGIN);
    for (const address of await addressesOf()) total += await sizeOf(address);
    assert.ok(total < 30_000, `${total} bytes`);
  });
});
