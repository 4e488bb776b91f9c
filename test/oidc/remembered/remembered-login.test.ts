import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { exportJWK, generateKeyPair } from 'jose';
import * as openid from 'openid-client';
import type { LoginResult } from '../../../src/login/login-result.ts';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../support/database.ts';
import type { HttpBrowser, HttpPage } from '../../support/servers/http-browser.ts';
import {
  aClient,
  aLogin,
  aLoginOf,
  authorizationRequest,
  type Bridge,
  CLIENT_SECRET,
  finishLogin,
  HOME,
  logIn,
  oauthErrorOf,
  personAt,
  REDIRECT_URI,
  relyingParty,
  startBridge,
  toLoginPage,
} from '../../support/oidc-bridge.ts';

const MARY = 'PNOEE-40504040001';
const PETER = 'PNOLV-030303-10012';
const HIGH = 'http://eidas.europa.eu/LoA/high';
const LOW = 'http://eidas.europa.eu/LoA/low';
const REMEMBER_SECONDS = 900;

let store: Store;
let bridge: Bridge;
let config: openid.Configuration;
let other: openid.Configuration;
let plain: openid.Configuration;
let pairwise: openid.Configuration;
let narrow: openid.Configuration;
let signing: openid.Configuration;
/** The key of the client `signing`. */
let signs: CryptoKeyPair;
/** How far the clock of the bridge is ahead. */
let ahead = 0;

before(async () => {
  store = await openTestStore();
  const remembering = { remember_login: REMEMBER_SECONDS };
  signs = await generateKeyPair('ES256', { extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(signs.publicKey)), kid: 'a', alg: 'ES256' }] };
  bridge = await startBridge({
    stores: store,
    now: () => Date.now() + ahead * 1000,
    clients: [
      aClient(remembering),
      aClient({ client_id: 'other', ...remembering }),
      aClient({ client_id: 'plain' }),
      aClient({ client_id: 'signing', jwks, require_signed_request_object: true, ...remembering }),
      aClient({ client_id: 'pairwise', subject_type: 'pairwise', ...remembering }),
      aClient({ client_id: 'narrow', scope: 'openid profile', ...remembering }),
    ],
  });
  config = await relyingParty(bridge);
  other = await relyingParty(bridge, 'other');
  plain = await relyingParty(bridge, 'plain');
  pairwise = await relyingParty(bridge, 'pairwise');
  narrow = await relyingParty(bridge, 'narrow');
  signing = await relyingParty(bridge, 'signing');
});
after(async () => {
  await bridge.close();
  await store.close();
});

describe('a remembered login', () => {
  it('is given again for prompt=none, with the old auth_time, subject and session, and other tokens', async () => {
    const { person, tokens } = await loggedIn();
    ahead = 60;
    const again = await ask(person, config, { prompt: 'none' });
    ahead = 0;
    const [first, second] = [tokens.claims(), again.claims()];
    assert.deepEqual(
      [second?.sub, second?.auth_time, second?.acr, second?.sid],
      [MARY, first?.auth_time, HIGH, first?.sid],
    );
    assert.notEqual(again.access_token, tokens.access_token);
    assert.deepEqual(await areActive(config, tokens, again), [true, true]);
  });

  it('is given again without prompt, and the person sees no page', async () => {
    const { person } = await loggedIn();
    assert.equal((await ask(person, config)).claims()?.sub, MARY);
  });

  it('has the claims of the scopes of the later request, and no others', async () => {
    const { person, tokens } = await loggedIn({ party: narrow });
    assert.equal(tokens.claims()?.given_name, undefined);
    const again = await ask(person, narrow, { prompt: 'none', scope: 'openid profile' });
    assert.deepEqual([again.claims()?.given_name, again.scope], ['ÕIE-MARY', 'openid profile']);
    const least = await ask(person, narrow, { prompt: 'none' });
    assert.deepEqual([least.claims()?.given_name, least.scope], [undefined, 'openid']);
  });

  it('has the claims that the later request names one by one', async () => {
    const { person } = await loggedIn();
    const claims = JSON.stringify({ id_token: { birthdate: null } });
    const again = await ask(person, config, { prompt: 'none', claims });
    assert.equal(again.claims()?.birthdate, '1905-04-04');
  });

  it('has the acr that the later request asks for, if its level is enough', async () => {
    const { person, tokens } = await loggedIn();
    assert.equal(tokens.claims()?.acr, HIGH);
    const claims = claimsOf({ acr: { essential: true, value: LOW } });
    assert.equal((await ask(person, config, { prompt: 'none', claims })).claims()?.acr, LOW);
    assert.equal((await ask(person, config, { prompt: 'none' })).claims()?.acr, HIGH);
  });

  it('has the pairwise subject of its client', async () => {
    const { person, tokens } = await loggedIn({ party: pairwise });
    const again = await ask(person, pairwise, { prompt: 'none', id_token_hint: tokens.id_token ?? '' });
    assert.equal(again.claims()?.sub, tokens.claims()?.sub);
    assert.notEqual(again.claims()?.sub, MARY);
  });

  it('is given for a pushed request too, and by form_post', async () => {
    const { person } = await loggedIn();
    const { url, checks } = await authorizationRequest(config, { prompt: 'none' });
    const pushed = await openid.buildAuthorizationUrlWithPAR(config, url.searchParams);
    const tokens = await openid.authorizationCodeGrant(config, (await person.get(pushed)).url, checks);
    assert.equal(tokens.claims()?.sub, MARY);
    const posted = await authorizationRequest(config, { prompt: 'none', response_mode: 'form_post' });
    assert.match((await person.get(posted.url)).text, /<input name="code" value="[\w-]+">/);
  });

  it('ends after its time, counted from the login and not from its last use', async () => {
    const { person } = await loggedIn();
    ahead = REMEMBER_SECONDS - 10;
    await ask(person, config, { prompt: 'none' });
    ahead = REMEMBER_SECONDS + 1;
    assert.equal(await refusalOf(person, config, { prompt: 'none' }), 'login_required');
    ahead = 0;
  });

  it('is another event of the audit than a login, with the attempt of the login', async () => {
    const { person } = await loggedIn({ login: aLogin({ attempt: 'an attempt' }) });
    ahead = 60;
    bridge.audited.length = 0;
    await ask(person, config, { prompt: 'none' });
    ahead = 0;
    const [event, ...more] = bridge.audited;
    assert.equal(event?.event, 'login_remembered');
    assert.partialDeepStrictEqual(event, { client: 'client', person: MARY, attempt: 'an attempt' });
    assert.ok('seconds' in event && event.seconds >= 59 && event.seconds <= 62);
    assert.deepEqual(
      more.map(({ event: name }) => name),
      ['code_issued', 'tokens_issued'],
    );
  });
});

describe('the remembered login is not given', () => {
  const cases: readonly (readonly [string, Record<string, string>])[] = [
    ['max_age is over', { max_age: '30' }],
    ['max_age is 0', { max_age: '0' }],
    ['login_hint names another person', { login_hint: PETER }],
    ['the claims parameter names another person', { claims: claimsOf({ sub: { value: PETER } }) }],
  ];
  for (const [title, parameters] of cases) {
    it(`where ${title}: login_required with prompt=none, else the person is asked`, async () => {
      const { person } = await loggedIn();
      ahead = 60;
      assert.equal(await refusalOf(person, config, { prompt: 'none', ...parameters }), 'login_required');
      assert.ok(await isAsked(person, config, parameters));
      ahead = 0;
      // It is still remembered for other requests.
      assert.equal((await ask(person, config, { prompt: 'none' })).claims()?.sub, MARY);
    });
  }

  it('where id_token_hint is of another person', async () => {
    const hint = (await loggedIn({ login: aLoginOf(PETER) })).tokens.id_token ?? '';
    const { person } = await loggedIn();
    assert.equal(await refusalOf(person, config, { prompt: 'none', id_token_hint: hint }), 'login_required');
    assert.ok(await isAsked(person, config, { id_token_hint: hint }));
  });

  for (const [title, parameters] of [
    ['an essential acr', { claims: claimsOf({ acr: { essential: true, value: HIGH } }) }],
    ['acr_values', { acr_values: HIGH }],
  ] as const) {
    it(`where it does not have the level of ${title}`, async () => {
      const { person } = await loggedIn({ login: aLogin({ certificateLevel: 'ADVANCED' }) });
      assert.equal(await refusalOf(person, config, { prompt: 'none', ...parameters }), 'login_required');
      assert.ok(await isAsked(person, config, parameters));
      assert.equal((await ask(person, config, { prompt: 'none' })).claims()?.sub, MARY);
    });
  }

  for (const prompt of ['login', 'consent', 'select_account']) {
    it(`with prompt=${prompt}: the person is asked, and that login is remembered from then on`, async () => {
      const { person, tokens } = await loggedIn();
      const asked = await authorizationRequest(config, { prompt });
      const answer = await logIn(person, asked.url, aLoginOf(PETER));
      const second = await openid.authorizationCodeGrant(config, answer, asked.checks);
      assert.notEqual(second.claims()?.sid, tokens.claims()?.sid);
      assert.equal((await ask(person, config, { prompt: 'none' })).claims()?.sub, PETER);
      assert.deepEqual(await areActive(config, tokens), [true]);
    });
  }

  it('for scopes and claims that the client could not ask for at the time of the login', async () => {
    await bridge.clients.add({
      client_id: 'growing',
      client_secret: CLIENT_SECRET,
      redirect_uris: [REDIRECT_URI],
      scope: 'openid',
      remember_login: REMEMBER_SECONDS,
    });
    const growing = await relyingParty(bridge, 'growing');
    const { person } = await loggedIn({ party: growing });
    await bridge.clients.update('growing', { scope: 'openid profile' });
    assert.equal((await ask(person, growing, { prompt: 'none' })).claims()?.sub, MARY);
    for (const parameters of [
      { scope: 'openid profile' },
      { claims: JSON.stringify({ userinfo: { birthdate: null } }) },
    ]) {
      assert.equal(await refusalOf(person, growing, { prompt: 'none', ...parameters }), 'login_required');
      assert.ok(await isAsked(person, growing, parameters));
    }
  });

  it('once the client accepts its level or country no more', async () => {
    const metadata = { client_secret: CLIENT_SECRET, redirect_uris: [REDIRECT_URI] };
    await bridge.clients.add({ client_id: 'strict', ...metadata, remember_login: REMEMBER_SECONDS });
    const strict = await relyingParty(bridge, 'strict');
    const { person } = await loggedIn({ party: strict, login: aLogin({ certificateLevel: 'ADVANCED' }) });
    assert.equal((await ask(person, strict, { prompt: 'none' })).claims()?.sub, MARY);
    for (const change of [{ certificate_level: 'QUALIFIED' }, { countries: ['LV'] }]) {
      await bridge.clients.update('strict', change);
      assert.equal(await refusalOf(person, strict, { prompt: 'none' }), 'login_required');
      assert.ok(await isAsked(person, strict));
      await bridge.clients.update('strict', { certificate_level: null, countries: null });
      assert.equal((await ask(person, strict, { prompt: 'none' })).claims()?.sub, MARY);
    }
  });

  it('to a client whose claims are of one request: it cannot be registered', async () => {
    const add = bridge.clients.add({
      client_secret: CLIENT_SECRET,
      redirect_uris: [REDIRECT_URI],
      require_pkce: false,
      claims_profile: 'tara',
      remember_login: REMEMBER_SECONDS,
    });
    await assert.rejects(add, /remember_login is not for claims_profile tara/);
  });

  it('once the person has made Sild forget the browser', async () => {
    const { person, tokens } = await loggedIn();
    await loggedIn({ person, party: other });
    const cookie = Object.entries(person.cookiesFor(bridge.issuer)).map((pair) => pair.join('='));
    const req = { headers: { cookie: cookie.join('; ') } };
    assert.ok(await bridge.remembered.hasAny(req));
    await bridge.remembered.end({ req, cookies: { set: () => undefined } });
    assert.deepEqual(await areActive(config, tokens), [false]);
    for (const party of [config, other])
      assert.equal(await refusalOf(person, party, { prompt: 'none' }), 'login_required');
    assert.ok(!(await bridge.remembered.hasAny(req)), 'the cookies name nothing any more');
    assert.ok(!(await bridge.remembered.hasAny({ headers: {} })));
  });

  it('in another browser', async () => {
    await loggedIn();
    assert.equal(await refusalOf(personAt(bridge), config, { prompt: 'none' }), 'login_required');
  });

  it('to another client, which remembers its own', async () => {
    const { person } = await loggedIn();
    assert.equal(await refusalOf(person, other, { prompt: 'none' }), 'login_required');
    assert.ok(await isAsked(person, other));
    await loggedIn({ person, party: other, login: aLoginOf(PETER) });
    assert.equal((await ask(person, other, { prompt: 'none' })).claims()?.sub, PETER);
    assert.equal((await ask(person, config, { prompt: 'none' })).claims()?.sub, MARY);
  });

  it('to a client without the setting, which sets no cookie for it either', async () => {
    const { person } = await loggedIn({ party: plain });
    assert.equal(await refusalOf(person, plain, { prompt: 'none' }), 'login_required');
    assert.deepEqual(rememberedCookiesOf(person), []);
  });

  it('once the tokens were revoked because its code was used twice', async () => {
    const person = personAt(bridge);
    const { url, checks } = await authorizationRequest(config);
    const answer = await logIn(person, url);
    await openid.authorizationCodeGrant(config, answer, checks);
    // Later than the time within which a second redemption counts as concurrent.
    ahead = 10;
    await assert.rejects(openid.authorizationCodeGrant(config, answer, checks));
    ahead = 0;
    assert.equal(await refusalOf(person, config, { prompt: 'none' }), 'login_required');
  });
});

describe('a logout', () => {
  it('ends the remembered login of its client, and no other', async () => {
    const { person, tokens } = await loggedIn();
    await loggedIn({ person, party: other });
    const again = await ask(person, config, { prompt: 'none' });
    await logOut(person, { id_token_hint: again.id_token ?? '' });
    assert.deepEqual(await areActive(config, tokens, again), [false, false]);
    assert.equal(await refusalOf(person, config, { prompt: 'none' }), 'login_required');
    assert.equal((await ask(person, other, { prompt: 'none' })).claims()?.sub, MARY);
    assert.equal(rememberedCookiesOf(person).length, 1);
  });

  it('with the ID token of an earlier login of the client ends it too, and its tokens', async () => {
    const { person, tokens } = await loggedIn();
    const asked = await authorizationRequest(config, { prompt: 'login' });
    const answer = await logIn(person, asked.url);
    const newer = await openid.authorizationCodeGrant(config, answer, asked.checks);
    await logOut(person, { id_token_hint: tokens.id_token ?? '' });
    assert.equal(await refusalOf(person, config, { prompt: 'none' }), 'login_required');
    assert.deepEqual(await areActive(config, tokens, newer), [false, false]);
  });

  it('works long after the login', async () => {
    const { person, tokens } = await loggedIn();
    ahead = REMEMBER_SECONDS - 60;
    await logOut(person, { id_token_hint: tokens.id_token ?? '' });
    assert.equal(await refusalOf(person, config, { prompt: 'none' }), 'login_required');
    ahead = 0;
  });

  it('without client and known login ends all remembered logins of the browser', async () => {
    const { person } = await loggedIn();
    await loggedIn({ person, party: other });
    // Without the cookies of the logout, by nothing that a person opens.
    const cookie = Object.entries(person.cookiesFor(bridge.issuer)).map((pair) => pair.join('='));
    for (const headers of [{ 'sec-fetch-dest': 'image' }, { 'sec-purpose': 'prefetch;prerender' }]) {
      await fetch(logoutAddress({}), { headers: { ...headers, cookie: cookie.join('; ') } });
      assert.equal((await ask(person, config, { prompt: 'none' })).claims()?.sub, MARY);
    }
    // As if the browser had dropped the cookies of the logout.
    for (const name of Object.keys(person.cookiesFor(`${bridge.issuer}/logout`))) {
      if (name.startsWith('sild_session')) {
        person.setCookie(`${name}=; path=/logout; expires=Thu, 01 Jan 1970 00:00:00 GMT`, bridge.issuer);
      }
    }
    await logOut(person, {});
    for (const party of [config, other]) {
      assert.equal(await refusalOf(person, party, { prompt: 'none' }), 'login_required');
    }
    assert.deepEqual(rememberedCookiesOf(person), []);
  });

  it('of another browser with the same ID token does not end it', async () => {
    const { person, tokens } = await loggedIn();
    await logOut(personAt(bridge), { id_token_hint: tokens.id_token ?? '' });
    assert.equal((await ask(person, config, { prompt: 'none' })).claims()?.sub, MARY);
  });
});

/** What the modules of the OpenID Foundation's basic plan do that need a remembered login. */
describe('the conformance module', () => {
  it('oidcc-prompt-none-logged-in: the second ID token has the same sub and auth_time', async () => {
    const { person, tokens } = await loggedIn();
    const second = await ask(person, config, { prompt: 'none' });
    assert.deepEqual(
      [second.claims()?.sub, second.claims()?.auth_time],
      [tokens.claims()?.sub, tokens.claims()?.auth_time],
    );
  });

  it('oidcc-id-token-hint: with prompt=none, the hint gives the same sub and auth_time', async () => {
    const { person, tokens } = await loggedIn();
    const second = await ask(person, config, { prompt: 'none', id_token_hint: tokens.id_token ?? '' });
    assert.deepEqual(
      [second.claims()?.sub, second.claims()?.auth_time],
      [tokens.claims()?.sub, tokens.claims()?.auth_time],
    );
  });

  it('oidcc-max-age-10000: the second login shows no page, and has the same sub and auth_time', async () => {
    const { person, tokens } = await loggedIn();
    const second = await ask(person, config, { max_age: '10000' });
    assert.deepEqual(
      [second.claims()?.sub, second.claims()?.auth_time],
      [tokens.claims()?.sub, tokens.claims()?.auth_time],
    );
  });

  for (const name of ['prompt-none-logged-in', 'id-token-hint', 'max-age-10000'] as const) {
    it(`oidcc-${name} of the plan form_post, with request objects: the login is the same`, async () => {
      const person = personAt(bridge);
      const first = await signedRequest();
      const page = await finishLogin(person, await toLoginPage(person, first.url));
      const tokens = await openid.authorizationCodeGrant(signing, answerIn(page), first.checks);
      const second = await signedRequest(
        {
          'prompt-none-logged-in': { prompt: 'none' },
          'id-token-hint': { prompt: 'none', id_token_hint: tokens.id_token ?? '' },
          'max-age-10000': { max_age: '10000' },
        }[name],
      );
      const again = await openid.authorizationCodeGrant(
        signing,
        answerIn(await person.get(second.url)),
        second.checks,
      );
      assert.deepEqual([again.claims()?.sub, again.claims()?.auth_time], [MARY, tokens.claims()?.auth_time]);
    });
  }
});

/** By form_post, signed. */
async function signedRequest(parameters: Record<string, string> = {}) {
  const { url, checks } = await authorizationRequest(signing, { response_mode: 'form_post', ...parameters });
  const key = { key: signs.privateKey, kid: 'a' };
  return { url: await openid.buildAuthorizationUrlWithJAR(signing, url.searchParams, key), checks };
}

/** The answer that the page of form_post sends, as an address. */
function answerIn({ text }: HttpPage): URL {
  const fields = Array.from(text.matchAll(/<input name="(\w+)" value="([^"]*)">/g), ([, ...pair]) => pair);
  assert.ok(fields.length > 0, text);
  return new URL(`?${new URLSearchParams(fields).toString()}`, REDIRECT_URI);
}

function claimsOf(idToken: Record<string, unknown>): string {
  return JSON.stringify({ id_token: idToken });
}

async function loggedIn({
  person = personAt(bridge),
  party = config,
  login = aLogin(),
}: { person?: HttpBrowser; party?: openid.Configuration; login?: LoginResult } = {}) {
  const { url, checks } = await authorizationRequest(party);
  const answer = await logIn(person, url, login);
  return { person, tokens: await openid.authorizationCodeGrant(party, answer, checks) };
}

/** The tokens of a request that no page answers. */
async function ask(
  person: HttpBrowser,
  party: openid.Configuration,
  parameters: Record<string, string> = {},
) {
  const { url, checks } = await authorizationRequest(party, parameters);
  const page = await person.get(url);
  assert.deepEqual(
    page.way.map(({ origin }) => origin),
    [bridge.issuer, new URL(HOME).origin],
  );
  return openid.authorizationCodeGrant(party, page.url, checks);
}

async function refusalOf(
  person: HttpBrowser,
  party: openid.Configuration,
  parameters: Record<string, string>,
): Promise<string> {
  return oauthErrorOf(ask(person, party, parameters));
}

async function isAsked(
  person: HttpBrowser,
  party: openid.Configuration,
  parameters: Record<string, string> = {},
): Promise<boolean> {
  const { url } = await person.get((await authorizationRequest(party, parameters)).url);
  return url.pathname.startsWith('/login/');
}

async function logOut(person: HttpBrowser, parameters: Record<string, string>): Promise<void> {
  const page = await person.get(logoutAddress(parameters));
  if (page.url.pathname === '/logout/success') return;
  const [, action = ''] = /action=\\?"([^"\\]*)\\?"/.exec(page.text) ?? [];
  const [, xsrf = ''] = /name=\\?"xsrf\\?" value=\\?"([^"\\]*)\\?"/.exec(page.text) ?? [];
  const { status } = await person.post(new URL(action, bridge.issuer), { xsrf, logout: 'yes' });
  assert.ok(status < 400);
}

function logoutAddress(parameters: Record<string, string>): string {
  return `${bridge.issuer}/logout?${new URLSearchParams(parameters).toString()}`;
}

async function areActive(
  party: openid.Configuration,
  ...tokens: readonly { readonly access_token: string }[]
): Promise<boolean[]> {
  return Promise.all(
    tokens.map(async ({ access_token: token }) => (await openid.tokenIntrospection(party, token)).active),
  );
}

function rememberedCookiesOf(person: HttpBrowser): string[] {
  return Object.keys(person.cookiesFor(bridge.issuer)).filter((name) => name.startsWith('sild_remembered'));
}
