import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as openid from 'openid-client';
import { en } from '../../src/web/messages/en.ts';
import { authorizationRequest, browserOf, discover } from '../support/http/client.ts';
import { logInOverHttp } from '../support/http/http-login.ts';
import { sild } from '../support/sild-command.ts';
import { type Stack, startStack } from '../support/stack.ts';

const OK = { country: 'EE', personal_code: '40504040001' };

describe('an OpenID Connect client', () => {
  let stack: Stack;
  let configuration: openid.Configuration;

  before(async () => {
    stack = await startStack({ SIMULATOR_DELAY_MS: '50' });
    configuration = await discover(stack);
  });
  after(async () => {
    assert.equal(await stack.stop(), 0);
  });

  it('receives a valid ID token with the person and the authentication method', async () => {
    const { checks, callback } = await logIn();
    const asOf = Math.floor(Date.now() / 1000);
    const tokens = await openid.authorizationCodeGrant(configuration, callback, checks);
    const claims = tokens.claims();
    assert.ok(claims);
    const { auth_time: authTime, amr, ...rest } = claims;
    assert.deepEqual(
      { ...rest, iat: 0, exp: 0, nonce: '', at_hash: '', sid: '' },
      {
        iss: stack.issuer,
        aud: 'sample-app',
        iat: 0,
        exp: 0,
        nonce: '',
        at_hash: '',
        sid: '',
        sub: 'PNOEE-40504040001',
        acr: 'http://eidas.europa.eu/LoA/high',
        name: 'OK TEST',
        given_name: 'OK',
        family_name: 'TEST',
        birthdate: '1999-01-01',
        identity_number: '40504040001',
        identity_type: 'PNO',
        identity_country: 'EE',
        semantics_identifier: 'PNOEE-40504040001',
        document_number: 'PNOEE-40504040001-DEMO-Q',
        certificate_level: 'QUALIFIED',
        flow: 'notification',
      },
    );
    assert.deepEqual(amr, ['smartid', 'mfa', 'pin']);
    assert.ok(Math.abs(Number(authTime) - asOf) < 60);
  });

  it('is registered while Sild runs with the embedded database', async () => {
    const added = await sild(stack, 'client', 'add', 'while-running', '--redirect-uri', stack.redirectUri);
    assert.equal(added.status, 0, added.errors);
    assert.match(
      added.output,
      /^Client while-running is registered\.\nIts secret, shown this once: [\w-]{43}\n$/,
    );
    const { url } = await authorizationRequest(configuration, stack, { client_id: 'while-running' });
    const page = await browserOf(stack).get(url);
    assert.equal(page.status, 200);
    assert.match(page.text, /while-running/);
    assert.equal((await sild(stack, 'client', 'show', 'nobody')).status, 1);
  });

  it('receives the same claims from the userinfo endpoint', async () => {
    const { checks, callback } = await logIn();
    const tokens = await openid.authorizationCodeGrant(configuration, callback, checks);
    const claims = tokens.claims();
    assert.ok(claims);
    const userinfo = await openid.fetchUserInfo(configuration, tokens.access_token, claims.sub);
    for (const name of [
      'sub',
      'given_name',
      'family_name',
      'birthdate',
      'identity_number',
      'document_number',
    ])
      assert.equal(userinfo[name], claims[name], name);
  });

  it('receives only the claims of the requested scopes', async () => {
    const { checks, callback } = await logIn({ scope: 'openid profile' });
    const claims = (await openid.authorizationCodeGrant(configuration, callback, checks)).claims();
    assert.equal(claims?.given_name, 'OK');
    for (const name of ['identity_number', 'semantics_identifier', 'document_number', 'certificate_level'])
      assert.equal(claims[name], undefined, name);
  });

  it('can redeem a code once', async () => {
    const { checks, callback } = await logIn();
    const redeem = () => openid.authorizationCodeGrant(configuration, callback, checks);
    const results = await Promise.allSettled(Array.from({ length: 8 }, redeem));
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const result of results)
      if (result.status === 'rejected')
        assert.equal((result.reason as { error: string }).error, 'invalid_grant');
    await assert.rejects(redeem, { error: 'invalid_grant' });
  });

  it('needs the PKCE verifier of the code', async () => {
    const { checks, callback } = await logIn();
    const other = { ...checks, pkceCodeVerifier: openid.randomPKCECodeVerifier() };
    await assert.rejects(openid.authorizationCodeGrant(configuration, callback, other), {
      error: 'invalid_grant',
    });
  });

  it('refuses an ID token of another request', async () => {
    const { checks, callback } = await logIn();
    const other = { ...checks, expectedNonce: 'another' };
    await assert.rejects(openid.authorizationCodeGrant(configuration, callback, other), {
      code: 'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
    });
  });

  it('may authenticate with client_secret_post', async () => {
    const posting = await discover(stack, openid.ClientSecretPost('sample-app-secret'));
    const { checks, callback } = await logIn();
    assert.ok((await openid.authorizationCodeGrant(posting, callback, checks)).id_token);
  });

  it('is refused with a wrong secret', async () => {
    const guessing = await discover(stack, openid.ClientSecretBasic('sample-app-guess'));
    const { checks, callback } = await logIn();
    await assert.rejects(openid.authorizationCodeGrant(guessing, callback, checks), {
      code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE',
      status: 401,
    });
  });

  it('receives login_required for prompt=none', async () => {
    assert.equal((await answerTo({ prompt: 'none' })).get('error'), 'login_required');
  });

  it('is refused without PKCE, and with the plain method', async () => {
    const without = await answerTo({ code_challenge: '', code_challenge_method: '' });
    assert.equal(without.get('error'), 'invalid_request');
    assert.equal((await answerTo({ code_challenge_method: 'plain' })).get('error'), 'invalid_request');
  });

  it('finds public keys for each algorithm in the JWKS, and no private keys', async () => {
    const { jwks_uri: address } = configuration.serverMetadata();
    const response = await fetch(address ?? '');
    const { keys } = (await response.json()) as { keys: Record<string, string>[] };
    const algorithms = new Set(keys.map(({ alg }) => alg));
    assert.deepEqual([...algorithms].sort(), ['ES256', 'EdDSA', 'PS256', 'RS256']);
    for (const key of keys)
      for (const part of ['d', 'p', 'q', 'dp', 'dq', 'qi']) assert.ok(!(part in key), part);
  });

  async function logIn(parameters: Readonly<Record<string, string>> = {}) {
    const { url, checks } = await authorizationRequest(configuration, stack, parameters);
    const { url: callback } = await logInOverHttp(browserOf(stack), url, OK);
    assert.equal(callback.pathname, '/callback');
    return { checks, callback };
  }

  async function answerTo(parameters: Readonly<Record<string, string>>): Promise<URLSearchParams> {
    const { url } = await authorizationRequest(configuration, stack, parameters);
    for (const [name, value] of Object.entries(parameters)) if (value === '') url.searchParams.delete(name);
    const page = await browserOf(stack).get(url);
    assert.equal(page.url.pathname, '/callback');
    return page.url.searchParams;
  }
});

describe('a client of a deployment that lets Smart-ID Basic accounts in', () => {
  const BASIC = { country: 'LT', personal_code: '40504049999' };
  const HIGH = 'http://eidas.europa.eu/LoA/high';
  let stack: Stack;
  let configuration: openid.Configuration;

  before(async () => {
    stack = await startStack({
      SIMULATOR_DELAY_MS: '50',
      SMARTID_CERTIFICATE_LEVEL: 'ADVANCED',
      SIMULATOR_ALLOWS_ADVANCED: 'true',
    });
    configuration = await discover(stack);
  });
  after(async () => {
    assert.equal(await stack.stop(), 0);
  });

  it('receives the low level for such an account', async () => {
    const { url, checks } = await authorizationRequest(configuration, stack);
    const { url: callback } = await logInOverHttp(browserOf(stack), url, BASIC);
    const claims = (await openid.authorizationCodeGrant(configuration, callback, checks)).claims();
    assert.equal(claims?.acr, 'http://eidas.europa.eu/LoA/low');
  });

  for (const [title, parameters, error] of [
    ['acr_values', { acr_values: HIGH }, 'access_denied'],
    [
      'an essential acr',
      { claims: JSON.stringify({ id_token: { acr: { essential: true, value: HIGH } } }) },
      'unmet_authentication_requirements',
    ],
  ] as const) {
    it(`does not receive such a login if it requests the high level by ${title}`, async () => {
      const { url } = await authorizationRequest(configuration, stack, parameters);
      const browser = browserOf(stack);
      const outcome = await logInOverHttp(browser, url, BASIC);
      assert.ok(outcome.text.includes(en.outcomes.account_not_suitable.heading));
      const onward = await browser.post(outcome.url.href.replace(/\/wait.*$/, '/cancel'), {});
      const answer = await browser.get(
        /http-equiv="refresh" content="0; url=([^"]+)"/.exec(onward.text)?.[1] ?? '',
      );
      assert.equal(answer.url.searchParams.get('error'), error);
    });
  }
});
