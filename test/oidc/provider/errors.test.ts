import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it, mock } from 'node:test';
import * as openid from 'openid-client';
import { currentRequestId } from '../../../src/log/request-id.ts';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../support/database.ts';
import {
  aClient,
  aLogin,
  authorizationRequest,
  type Bridge,
  CLIENT_SECRET,
  logIn,
  oauthErrorOf,
  personAt,
  REDIRECT_URI,
  relyingParty,
  startBridge,
  tokensOf,
} from '../../support/oidc-bridge.ts';

interface ErrorPage {
  readonly page: string;
  readonly code: string;
  readonly description?: string;
  readonly documentation?: string;
  readonly incident?: string;
}

let broken = false;
let store: Store;
let bridge: Bridge;
let config: openid.Configuration;

before(async () => {
  store = await openTestStore();
  const { records } = store;
  const unlessBroken = <T>(act: () => Promise<T>) =>
    broken ? Promise.reject(new Error('the database is away')) : act();
  bridge = await startBridge({
    stores: {
      ...store,
      records: {
        ...records,
        put: (...record) => unlessBroken(() => records.put(...record)),
        findRelated: (model, id) => unlessBroken(() => records.findRelated(model, id)),
      },
    },
  });
  config = await relyingParty(bridge);
});
beforeEach(() => {
  bridge.logLines.length = 0;
});
afterEach(() => {
  broken = false;
});
after(async () => {
  await bridge.close();
  await store.close();
});

const REQUEST_ID = /^[2-9A-HJ-NP-TV-Z]{4}-[2-9A-HJ-NP-TV-Z]{4}$/;

describe('an authorization request whose error cannot be returned to the client', () => {
  for (const [title, parameters, code] of [
    ['of an unknown client', { client_id: 'unknown' }, 'invalid_client'],
    ['with another redirect_uri', { redirect_uri: 'https://evil.example/' }, 'invalid_redirect_uri'],
    [
      'with a redirect_uri below the registered one',
      { redirect_uri: 'http://localhost:9/callback/x' },
      'invalid_redirect_uri',
    ],
    [
      'with a query added to the redirect_uri',
      { redirect_uri: 'http://localhost:9/callback?x' },
      'invalid_redirect_uri',
    ],
    [
      'with another port in the redirect_uri',
      { redirect_uri: 'http://localhost:10/callback' },
      'invalid_redirect_uri',
    ],
  ] as const) {
    it(`${title} is answered with a page that shows the number in the log`, async () => {
      const { url } = await authorizationRequest(config, parameters);
      const answer = await personAt(bridge).get(url);
      assert.equal(answer.url.origin, bridge.issuer);
      assert.equal(answer.status, 400);
      const { page, code: shown, incident, ...guidance } = JSON.parse(answer.text) as ErrorPage;
      assert.match(guidance.documentation ?? '', /^docs\/clients\.md#/);
      assert.ok(guidance.description);
      assert.deepEqual([page, shown], ['error', code]);
      assert.match(incident ?? '', REQUEST_ID);
      assert.equal(logged('oidc_refused').find((line) => line.request === incident)?.code, code);
    });
  }

  for (const [title, parameters, refusal] of [
    [
      'PKCE is missing',
      { code_challenge: '', code_challenge_method: '' },
      { code: 'invalid_request', detail: /PKCE/, redirectUri: undefined },
    ],
    [
      'the redirect URI is not registered, and where it leads, without its query',
      { redirect_uri: 'https://app.example/callback?code=secret#part' },
      { code: 'invalid_redirect_uri', detail: /redirect_uri/, redirectUri: 'https://app.example/callback' },
    ],
    [
      'the redirect URI is none',
      { redirect_uri: 'callback' },
      { code: 'invalid_redirect_uri', detail: /redirect_uri/, redirectUri: 'not a URI' },
    ],
    [
      'the scope is missing',
      { scope: 'profile' },
      { code: 'invalid_request', detail: /openid scope/, redirectUri: undefined },
    ],
  ] as const) {
    it(`says in the log why: ${title}`, async () => {
      const { url } = await authorizationRequest(config, parameters);
      await personAt(bridge).get(url);
      const line = logged('oidc_refused').find(({ code }) => code === refusal.code);
      assert.match(String(line?.detail), refusal.detail);
      assert.equal(line?.redirectUri, refusal.redirectUri);
      assert.equal(JSON.stringify(line).includes('secret'), false);
    });
  }

  it('says in the log where an unregistered URI for after a logout leads', async () => {
    const url = openid.buildEndSessionUrl(config, { post_logout_redirect_uri: 'https://app.example/bye?x' });
    await personAt(bridge).get(url);
    assert.equal(logged('oidc_refused')[0]?.redirectUri, 'https://app.example/bye');
  });

  it('has the number of its page in the log and in the stored entry of the audit', async () => {
    const { url } = await authorizationRequest(config, { client_id: 'unknown' });
    const { incident } = JSON.parse((await personAt(bridge).get(url)).text) as ErrorPage;
    assert.match(incident ?? '', REQUEST_ID);
    const entries = (await bridge.storedAudit()).filter(({ data }) => data.request === incident);
    assert.deepEqual(
      entries.map(({ event, data }) => [event, data.endpoint, data.code]),
      [['oidc_refused', 'authorization', 'invalid_client']],
    );
    assert.equal(logged('oidc_refused').filter((line) => line.request === incident).length, 1);
  });

  it('without a redirect_uri is answered with a page, although the client has only one', async () => {
    const { url } = await authorizationRequest(config);
    url.searchParams.delete('redirect_uri');
    const answer = await personAt(bridge).get(url);
    assert.equal((JSON.parse(answer.text) as ErrorPage).code, 'invalid_request');
  });
});

describe('the page of a refused request', () => {
  for (const [title, parameters] of [
    ['client', { client_id: '40504040001' }],
    ['redirect URI', { redirect_uri: 'https://app.example/40504040001' }],
    ['response mode', { redirect_uri: 'https://app.example/40504040001', response_mode: '40504040001' }],
  ] as const) {
    it(`contains nothing of the request: ${title}`, async () => {
      const { url } = await authorizationRequest(config, { ...parameters, state: 'state-40504040001' });
      const { text } = await personAt(bridge).get(url);
      assert.equal((JSON.parse(text) as ErrorPage).page, 'error');
      assert.ok(!text.includes('40504040001'), text);
    });
  }
});

describe('any other error in an authorization request', () => {
  for (const [title, parameters, code] of [
    ['another response type', { response_type: 'id_token' }, 'unsupported_response_type'],
    ['prompt=create', { prompt: 'create' }, 'invalid_request'],
    ['an unknown prompt', { prompt: 'login unknown' }, 'invalid_request'],
    ['prompt=none with another value', { prompt: 'none consent' }, 'invalid_request'],
    ['a request object that is none', { request: 'e30.e30.' }, 'invalid_request_object'],
  ] as const) {
    it(`is returned to the client: ${title}`, async () => {
      const { url } = await authorizationRequest(config, parameters);
      const answer = await personAt(bridge).get(url);
      const { searchParams, hash, origin } = answer.url;
      assert.notEqual(origin, bridge.issuer);
      const error = searchParams.get('error') ?? new URLSearchParams(hash.slice(1)).get('error');
      assert.equal(error, code);
    });
  }
});

describe('an unexpected error', () => {
  it('is answered with a page that shows the incident number in the log', async () => {
    const { url } = await authorizationRequest(config);
    broken = true;
    const answer = await personAt(bridge).get(url);
    assert.equal(answer.status, 500);
    const { page, code, description, incident } = JSON.parse(answer.text) as ErrorPage;
    assert.deepEqual([page, code, description], ['error', 'server_error', undefined]);
    assert.ok(incident);
    assert.equal(logged('oidc_failed').find((line) => line.request === incident)?.endpoint, 'authorization');
    assert.equal(answer.text.includes('database'), false);
  });

  it('is answered with OAuth’s JSON for a client, with the same number', async () => {
    const { url, checks } = await authorizationRequest(config);
    const callback = await logIn(personAt(bridge), url);
    broken = true;
    const response = await fetch(`${bridge.issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        client_id: 'client',
        client_secret: CLIENT_SECRET,
        grant_type: 'authorization_code',
        code: callback.searchParams.get('code') ?? '',
        redirect_uri: REDIRECT_URI,
        code_verifier: checks.pkceCodeVerifier ?? '',
      }),
    });
    assert.equal(response.status, 500);
    const [line] = logged('oidc_failed');
    assert.match(String(line?.request), REQUEST_ID);
    assert.deepEqual(await response.json(), {
      error: 'server_error',
      error_description: `incident ${String(line?.request)}`,
    });
    assert.equal(line?.client, 'client');
  });
});

describe('an error page that cannot be rendered', () => {
  it('is logged with the number of its request', async () => {
    let number: string | undefined;
    const failing = await startBridge({
      stores: store,
      pages: {
        error: () => {
          number = currentRequestId();
          throw new Error('no template');
        },
      },
    });
    try {
      const response = await fetch(`${failing.issuer}/authorize?client_id=unknown`, {
        headers: { accept: 'text/html' },
      });
      assert.equal(response.status, 500);
      assert.match(number ?? '', REQUEST_ID);
      const lines = failing.logLines.map((line) => JSON.parse(line) as Record<string, unknown>);
      const failures = lines.filter(({ event }) => event === 'oidc_failed');
      assert.ok(failures.length > 0);
      assert.deepEqual(new Set(failures.map(({ request }) => request)), new Set([number]));
    } finally {
      await failing.close();
    }
  });
});

describe('the log', () => {
  it('contains the error code, the endpoint and the client', async () => {
    const { url, checks } = await authorizationRequest(config);
    const callback = await logIn(personAt(bridge), url);
    const verifier = openid.randomPKCECodeVerifier();
    const wrong = { ...checks, pkceCodeVerifier: verifier };
    await oauthErrorOf(openid.authorizationCodeGrant(config, callback, wrong));
    const [line] = logged('oidc_refused');
    assert.deepEqual(
      { level: line?.level, endpoint: line?.endpoint, client: line?.client, code: line?.code },
      { level: 'info', endpoint: 'token', client: 'client', code: 'invalid_grant' },
    );
  });

  it('contains no personal data, token or secret after successes and refusals', async () => {
    const scope = 'openid profile identity smart_id';
    const tokens = await tokensOf(bridge, config, { scope });
    const { url, checks } = await authorizationRequest(config, { scope, login_hint: '40504040001' });
    const callback = await logIn(personAt(bridge), url);
    await openid.authorizationCodeGrant(config, callback, checks);
    await oauthErrorOf(openid.authorizationCodeGrant(config, callback, checks));
    await openid.tokenRevocation(config, tokens.access_token);
    await fetch(`${bridge.issuer}/userinfo`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
    await personAt(bridge).get((await authorizationRequest(config, { client_id: '40504040001' })).url);
    await personAt(bridge).get(
      (await authorizationRequest(config, { id_token_hint: tokens.id_token ?? '' })).url,
    );
    await personAt(bridge).get((await authorizationRequest(config, { id_token_hint: '40504040001' })).url);
    broken = true;
    await tokensOf(bridge, config).catch(() => undefined);
    const log = bridge.logLines.join('');
    assert.ok(logged('oidc_refused').length >= 3 && logged('oidc_failed').length >= 1);
    const { person, documentNumber } = aLogin();
    for (const secret of [
      ...[person.givenName, person.surname, person.semanticsIdentifier, person.identityNumber, '1905-04-04'],
      documentNumber,
      CLIENT_SECRET,
      tokens.access_token,
      tokens.id_token ?? '?',
      callback.searchParams.get('code') ?? '?',
      checks.pkceCodeVerifier ?? '?',
    ]) {
      assert.equal(log.includes(secret), false, secret);
    }
  });
});

describe('the terminal', () => {
  it('shows no notice or warning of oidc-provider', async () => {
    const said = mock.method(console, 'info', () => undefined);
    const warned = mock.method(console, 'warn', () => undefined);
    const failed = mock.method(console, 'error', () => undefined);
    const quiet = await startBridge({
      stores: store,
      clients: [
        aClient(),
        aClient({ client_id: 'pairwise', subject_type: 'pairwise' }),
        aClient({
          client_id: 'spa',
          client_secret: undefined,
          token_endpoint_auth_method: 'none',
          redirect_uris: ['https://app.example/callback'],
        }),
      ],
    });
    try {
      const party = await relyingParty(quiet);
      const { access_token } = await tokensOf(quiet, party, { resource: 'https://api.example/' });
      await tokensOf(quiet, await relyingParty(quiet, 'pairwise'));
      await openid.tokenIntrospection(party, access_token);
      await openid.tokenRevocation(party, access_token);
      await openid.buildAuthorizationUrlWithPAR(party, (await authorizationRequest(party)).url.searchParams);
      await fetch(`${quiet.issuer}/token`, {
        method: 'POST',
        headers: { origin: 'https://app.example' },
        body: new URLSearchParams({ client_id: 'spa' }),
      });
      const person = personAt(quiet);
      await logIn(person, (await authorizationRequest(party)).url);
      const page = await person.get(`${quiet.issuer}/logout`);
      const xsrf = /value=\\"(\w+)/.exec(page.text)?.[1] ?? '';
      await person.post(`${quiet.issuer}/logout/confirm`, { xsrf, logout: 'yes' });
      await person.get((await authorizationRequest(party, { client_id: 'unknown' })).url);
    } finally {
      await quiet.close();
      mock.restoreAll();
    }
    const lines = [said, warned, failed].flatMap(({ mock: { calls } }) =>
      calls.map((call) => call.arguments),
    );
    assert.deepEqual(lines, []);
  });
});

function logged(event: string): Record<string, unknown>[] {
  return bridge.logLines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((line) => line.event === event);
}
