/**
 * oidc-provider finds its endpoints in any letter case, and with a slash at the end. What is checked around it holds for these
 * addresses too.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { MAX_AUTHORIZATION_REQUEST } from '../../src/web/middleware/authorization-limits.ts';
import { startWholeSild, type WholeSild } from '../support/whole-sild.ts';

const STARTS = 2;
const REQUEST = {
  client_id: 'sample-app',
  response_type: 'code',
  scope: 'openid',
  code_challenge: 'x'.repeat(43),
  code_challenge_method: 'S256',
};

let sild: WholeSild;
before(async () => {
  sild = await startWholeSild({ TRUST_PROXY: '1', RATE_ADDRESS: `${STARTS}/1d`, RATE_REQUESTS: 'off' });
});
after(() => sild.stop());

function request(path: string, address: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${sild.issuer}${path}`, {
    ...init,
    headers: { 'x-forwarded-for': address, accept: 'text/html' },
    redirect: 'manual',
  });
}

const body = (more: Readonly<Record<string, string>> = {}) =>
  new URLSearchParams({ ...REQUEST, redirect_uri: sild.redirectUri, ...more });

describe('an endpoint in another spelling', () => {
  for (const [index, path] of ['/Authorize', '/authorize/', '/AUTHORIZE/'].entries()) {
    it(`begins no login for a form, which comes back with GET: ${path}`, async () => {
      const answer = await request(path, `192.0.2.${index}`, { method: 'POST', body: body() });
      assert.deepEqual(
        [answer.status, answer.headers.get('location')],
        [303, `/authorize?${body().toString()}`],
      );
      const long = { method: 'POST', body: body({ state: 'x'.repeat(MAX_AUTHORIZATION_REQUEST) }) };
      assert.equal((await request(path, `192.0.2.${index}`, long)).status, 413);
    });

    it(`counts for the limit: ${path}`, async () => {
      const statuses: number[] = [];
      for (let count = 0; count <= 3 * STARTS; count += 1)
        statuses.push((await request(`${path}?${body().toString()}`, `198.51.100.${index}`)).status);
      assert.deepEqual(statuses, [...Array<number>(3 * STARTS).fill(303), 429]);
    });
  }

  for (const path of ['/Par', '/par/', '/CIBA']) {
    it(`takes no request that is too long: ${path}`, async () => {
      const long = { method: 'POST', body: body({ state: 'x'.repeat(MAX_AUTHORIZATION_REQUEST) }) };
      assert.equal((await request(path, '203.0.113.1', long)).status, 413);
    });
  }

  // Without one of its slashes it would be an endpoint again, past the limits.
  for (const path of ['/authorize//', '/AUTHORIZE///', '/par//', '/logout//confirm//']) {
    it(`is none with an empty part: ${path}`, async () => {
      assert.equal((await request(`${path}?${body().toString()}`, '203.0.113.3')).status, 404);
      assert.equal((await request(path, '203.0.113.3', { method: 'POST', body: body() })).status, 404);
    });
  }

  it('has the words of a logout where it is one', async () => {
    const here = await request('/logout?id_token_hint=no-token', '203.0.113.2');
    const there = await request('/Logout/?id_token_hint=no-token', '203.0.113.2');
    const heading = async (answer: Response) => /<h1[^>]*>([^<]*)/.exec(await answer.text())?.[1];
    assert.deepEqual([there.status, await heading(there)], [here.status, await heading(here)]);
  });
});
