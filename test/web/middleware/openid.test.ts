import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { en } from '../../../src/web/messages/en.ts';
import {
  headingOf,
  PERSONAL_CODE,
  providerOf,
  startWeb,
  UID,
  until,
  type WebOptions,
  type WebUnderTest,
} from '../web-under-test.ts';

let web: WebUnderTest;
const start = async (options?: WebOptions) => (web = await startWeb(options));
afterEach(() => web.close());

describe('OpenID Connect', () => {
  it('answers every other request, with unchanged JSON and our headers', async () => {
    await start({
      oidc: providerOf((ctx) => {
        ctx.set('Access-Control-Allow-Origin', '*');
        ctx.body = { issuer: 'x' };
      }),
    });
    const answer = await web.get('/.well-known/openid-configuration', { accept: '*/*' });
    assert.deepEqual(await answer.json(), { issuer: 'x' });
    assert.equal(answer.headers.get('access-control-allow-origin'), '*');
    assert.equal(answer.headers.get('cache-control'), null);
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    // form_post and logout redirect to the client's address, see OPENID_POLICY.
    assert.ok(!answer.headers.get('content-security-policy')?.includes('form-action'));
  });

  it('shows browsers our pages instead of plain text', async () => {
    await start({
      oidc: providerOf((ctx) => {
        if (ctx.path === '/authorize') throw new Error('secret detail');
      }),
    });
    const missing = await web.get('/authorize/nowhere');
    assert.equal(missing.status, 404);
    assert.equal(headingOf(await missing.text()), en.errors[404].heading);
    const broken = await web.get('/authorize');
    const html = await broken.text();
    assert.equal(broken.status, 500);
    assert.equal(headingOf(html), en.errors[500].heading);
    assert.match(broken.headers.get('content-security-policy') ?? '', /default-src 'none'/);
    const incident = /<code>([2-9A-Z]{4}-[2-9A-Z]{4})<\/code>/.exec(html)?.[1] ?? 'none';
    assert.ok(web.lines.some((line) => line.includes('request_failed') && line.includes(incident)));
  });

  it('keeps its JSON errors', async () => {
    await start({
      oidc: providerOf((ctx) => {
        ctx.status = 400;
        ctx.body = { error: 'invalid_grant' };
      }),
    });
    const answer = await web.post('/token', {}, { accept: '*/*' });
    assert.equal(answer.status, 400);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.deepEqual(await answer.json(), { error: 'invalid_grant' });
  });

  it('logs the endpoint, never an unknown address', async () => {
    await start();
    await web.get(`/authorize/${UID}`);
    await web.get(`/${PERSONAL_CODE}`);
    await until(() => web.lines.filter((line) => line.includes('"event":"request"')).length === 2);
    const log = web.lines.join('');
    assert.match(log, /"route":"authorize"/);
    assert.match(log, /"route":"unknown"/);
    assert.ok(!log.includes(UID) && !log.includes(PERSONAL_CODE));
  });
});
