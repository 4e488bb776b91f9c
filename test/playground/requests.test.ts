/** Each parameter of the form, in the request that is sent. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { CLIENTS } from '../../src/playground/clients.ts';
import { decodeJwt } from '../../src/playground/jwt.ts';
import { createHttpBrowser } from '../support/servers/http-browser.ts';
import { build, type PlaygroundUnderTest, sent, startPlayground, textOf } from './playground-under-test.ts';

let playground: PlaygroundUnderTest;
before(async () => {
  playground = await startPlayground();
});
after(() => playground.close());

const HIGH = 'http://eidas.europa.eu/LoA/high';

describe('the request of the playground', () => {
  const parameters: Readonly<Record<string, string>> = {
    scope: 'openid',
    claims: '{"userinfo":{"name":null}}',
    prompt: 'login',
    acr_values: HIGH,
    max_age: '300',
    login_hint: 'PNOEE-40504040001',
    ui_locales: 'et en',
    service: 'library',
    response_mode: 'form_post',
  };
  for (const [name, value] of Object.entries(parameters)) {
    it(`has ${name} as the form says, and without it not`, async () => {
      const address = await sent(playground, { [name]: value });
      assert.equal(address.origin + address.pathname, `${playground.issuer}/authorize`);
      assert.equal(address.searchParams.get(name), value);
      if (name !== 'scope') assert.equal((await sent(playground, {})).searchParams.get(name), null);
    });
  }

  for (const { id } of CLIENTS) {
    it(`is of the client ${id}, with state, nonce and the registered redirect URI`, async () => {
      const { searchParams } = await sent(playground, { client: id, par: '', jar: '', dpop: '' });
      assert.equal(searchParams.get('client_id'), id);
      assert.equal(searchParams.get('redirect_uri'), `${playground.url}/callback`);
      for (const name of ['state', 'nonce']) assert.ok((searchParams.get(name) ?? '').length >= 32, name);
    });
  }

  it('has PKCE unless it is switched off', async () => {
    assert.equal((await sent(playground, {})).searchParams.get('code_challenge_method'), 'S256');
    const { searchParams } = await sent(playground, { pkce: '0' });
    assert.ok(!searchParams.has('code_challenge') && !searchParams.has('code_challenge_method'));
  });

  it('is pushed with PAR: the browser carries a reference alone', async () => {
    const { searchParams } = await sent(playground, { par: '1', login_hint: 'PNOEE-40504040001' });
    assert.deepEqual([...searchParams.keys()].sort(), ['client_id', 'request_uri']);
    assert.match(searchParams.get('request_uri') ?? '', /^urn:ietf:params:oauth:request_uri:/);
  });

  it('is a signed request object with JAR, which has the parameters', async () => {
    const fields = { jar: '1', max_age: '300', claims: '{"userinfo":{"name":null}}' };
    const { searchParams } = await sent(playground, fields);
    assert.deepEqual([...searchParams.keys()].sort(), ['client_id', 'request']);
    const { header, payload } = decodeJwt(searchParams.get('request') ?? '') ?? {};
    assert.partialDeepStrictEqual(header, { alg: 'ES256', typ: 'oauth-authz-req+jwt' });
    assert.partialDeepStrictEqual(payload, {
      iss: 'playground',
      aud: playground.issuer,
      scope: 'openid',
      max_age: 300,
      claims: { userinfo: { name: null } },
    });
  });

  it('binds the code to the key with DPoP: by a parameter, or by the proof of the pushed request', async () => {
    assert.match((await sent(playground, { dpop: '1' })).searchParams.get('dpop_jkt') ?? '', /^[\w-]{43}$/);
    const browser = createHttpBrowser({ stopAt: ({ origin }) => origin === playground.issuer });
    const run = await build(browser, playground.url, { dpop: '1', par: '1' });
    assert.equal((await browser.post(`${run.url.href}/send`, {})).url.pathname, '/authorize');
    const page = textOf(await browser.get(run.url));
    assert.match(page, /POST \/par 400/, 'the nonce is asked for');
    assert.match(page, /POST \/par 201/);
    assert.match(page, /dpop\+jwt/);
  });

  it('shows why it cannot be pushed', async () => {
    const browser = createHttpBrowser();
    const run = await build(browser, playground.url, { par: '1', service: 'opera' });
    const page = await browser.post(`${run.url.href}/send`, {});
    assert.equal(page.url.href, run.url.href);
    assert.match(textOf(page), /answered invalid_request: service is not one of those registered/);
  });

  it('shows what the form says as text', async () => {
    const page = await build(createHttpBrowser(), playground.url, {
      login_hint: '"><script>alert(1)</script>',
    });
    assert.equal(page.status, 200);
    assert.ok(!page.text.includes('<script'));
    assert.match(textOf(page), /"><script>alert\(1\)<\/script>/);
    const form = await createHttpBrowser().get(
      `${playground.url}?claims=${encodeURIComponent('</textarea><script>')}&login_hint=${encodeURIComponent('"><b>')}`,
    );
    assert.ok(!form.text.includes('<script') && !form.text.includes('<b>'));
  });

  it('is built from a form without mistakes only', async () => {
    const browser = createHttpBrowser();
    const page = await build(browser, playground.url, { claims: '{' });
    assert.equal(page.status, 422);
    assert.match(page.text, /<a href="#claims">claims<\/a> must be a JSON object/);
    assert.match(page.text, /aria-describedby="claims-hint claims-problem" aria-invalid="true"/);
    assert.deepEqual(browser.cookiesEver(), []);
  });
});
