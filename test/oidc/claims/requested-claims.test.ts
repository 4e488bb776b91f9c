import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as openid from 'openid-client';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../support/database.ts';
import {
  aClient,
  aLogin,
  aLoginOf,
  authorizationRequest,
  type Bridge,
  finishLogin,
  logIn,
  OPERATOR,
  personAt,
  relyingParty,
  startBridge,
  tokensOf,
  toLoginPage,
} from '../../support/oidc-bridge.ts';

const HIGH = 'http://eidas.europa.eu/LoA/high';
const LOW = 'http://eidas.europa.eu/LoA/low';
const OTHER = 'urn:example:other';
const BASIC = aLogin({ certificateLevel: 'ADVANCED' });

let store: Store;
let bridge: Bridge;
let config: openid.Configuration;

before(async () => {
  store = await openTestStore();
  bridge = await startBridge({
    stores: store,
    clients: [
      aClient(),
      aClient({ client_id: 'limited', scope: 'openid profile' }),
      aClient({ client_id: 'pairwise', subject_type: 'pairwise' }),
      aClient({ client_id: 'high', default_acr_values: [HIGH] }),
    ],
  });
  config = await relyingParty(bridge);
});
after(async () => {
  await bridge.close();
  await store.close();
});

describe('the certificate level that a login must have', () => {
  for (const [title, parameters, level] of [
    ['a request without acr', {}, undefined],
    ['acr_values=high', { acr_values: HIGH }, 'QUALIFIED'],
    ['acr_values=low', { acr_values: LOW }, 'ADVANCED'],
    ['acr_values that accept both', { acr_values: `${HIGH} ${LOW}` }, 'ADVANCED'],
    ['acr_values of which only high is supported', { acr_values: `${OTHER} ${HIGH}` }, 'QUALIFIED'],
    ['acr_values that are not supported', { acr_values: OTHER }, undefined],
    ['an essential acr', acr({ essential: true, value: HIGH }), 'QUALIFIED'],
    ['an essential acr of two', acr({ essential: true, values: [HIGH, LOW] }), 'ADVANCED'],
    ['a voluntary acr in claims', acr({ values: [HIGH] }), 'QUALIFIED'],
    ['acr as any', acr(null), undefined],
    ['both parameters', { acr_values: HIGH, ...acr({ essential: true, values: [HIGH, LOW] }) }, 'QUALIFIED'],
    ['the default of the client', { client_id: 'high' }, 'QUALIFIED'],
  ] as const) {
    it(`by ${title} is ${level ?? 'the configured one'}`, async () => {
      const person = personAt(bridge);
      const loginPage = await toLoginPage(person, (await authorizationRequest(config, parameters)).url);
      const { text } = await person.get(loginPage);
      assert.equal(
        (JSON.parse(text) as { certificateLevel?: string }).certificateLevel,
        level ?? OPERATOR.certificateLevel,
      );
    });
  }

  it('is also that of a pushed request', async () => {
    const { url } = await authorizationRequest(config, acr({ essential: true, value: HIGH }));
    const pushed = await openid.buildAuthorizationUrlWithPAR(config, url.searchParams);
    const person = personAt(bridge);
    const { text } = await person.get(await toLoginPage(person, pushed));
    assert.equal((JSON.parse(text) as { certificateLevel?: string }).certificateLevel, 'QUALIFIED');
  });
});

describe('an essential acr', () => {
  for (const [title, request, login, stated] of [
    ['high of a qualified login', { value: HIGH }, aLogin(), HIGH],
    ['low of a login that is not qualified', { value: LOW }, BASIC, LOW],
    ['low of a qualified login, which satisfies it', { value: LOW }, aLogin(), LOW],
    ['one of two', { values: [LOW, HIGH] }, aLogin(), HIGH],
    ['one of two, the other unsupported', { values: [OTHER, HIGH] }, aLogin(), HIGH],
    ['any', {}, BASIC, LOW],
  ] as const) {
    it(`is stated if it is met: ${title}`, async () => {
      const tokens = await tokensOf(bridge, config, acr({ essential: true, ...request }), login);
      assert.equal(tokens.claims()?.acr, stated);
    });
  }

  it('that the login does not have fails with unmet_authentication_requirements', async () => {
    const { url } = await authorizationRequest(config, acr({ essential: true, value: HIGH }));
    assert.equal(errorIn(await logIn(personAt(bridge), url, BASIC)), 'unmet_authentication_requirements');
  });

  it('fails so if the person leaves because no account is suitable; without it that is access_denied', async () => {
    for (const [parameters, error] of [
      [acr({ essential: true, value: HIGH }), 'unmet_authentication_requirements'],
      [{ acr_values: HIGH }, 'access_denied'],
    ] as const) {
      const person = personAt(bridge);
      const loginPage = await toLoginPage(person, (await authorizationRequest(config, parameters)).url);
      const answer = await person.post(`${loginPage.href}/abort`, { reason: 'account_not_suitable' });
      assert.equal(errorIn(answer.url), error);
    }
  });

  for (const request of [{ value: OTHER }, { values: [OTHER] }]) {
    it(`that no login can have fails before the person is asked: ${JSON.stringify(request)}`, async () => {
      const { url } = await authorizationRequest(config, acr({ essential: true, ...request }));
      const answer = await personAt(bridge).get(url);
      assert.equal(errorIn(answer.url), 'unmet_authentication_requirements');
    });
  }
});

describe('a voluntary acr', () => {
  for (const parameters of [{ acr_values: HIGH }, acr({ value: HIGH }), { acr_values: OTHER }] as const) {
    it(`that is not met is no error: ${Object.values(parameters).join()}`, async () => {
      const tokens = await tokensOf(bridge, config, parameters, BASIC);
      assert.equal(tokens.claims()?.acr, LOW);
    });
  }
});

describe('the claims parameter', () => {
  it('requests claims one by one, for the ID token and the userinfo endpoint', async () => {
    const tokens = await tokensOf(
      bridge,
      config,
      claims({ id_token: { given_name: null }, userinfo: { identity_number: { essential: true } } }),
    );
    const stated = tokens.claims();
    assert.deepEqual([stated?.given_name, stated?.identity_number], ['ÕIE-MARY', undefined]);
    const userinfo = await openid.fetchUserInfo(config, tokens.access_token, stated?.sub ?? '');
    assert.deepEqual([userinfo.given_name, userinfo.identity_number], [undefined, '40504040001']);
  });

  it('gives no claims of scopes that the client may not request', async () => {
    const party = await relyingParty(bridge, 'limited');
    const names = { given_name: null, identity_number: null, semantics_identifier: null };
    const tokens = await tokensOf(bridge, party, claims({ id_token: names, userinfo: names }));
    const userinfo = await openid.fetchUserInfo(party, tokens.access_token, tokens.claims()?.sub ?? '');
    for (const stated of [tokens.claims(), userinfo]) {
      assert.deepEqual(
        [stated?.given_name, stated?.identity_number, stated?.semantics_identifier],
        ['ÕIE-MARY', undefined, undefined],
      );
    }
  });

  for (const client of ['client', 'pairwise']) {
    it(`logs in only the person whose sub it requests: ${client}`, async () => {
      const party = await relyingParty(bridge, client);
      const sub = (await tokensOf(bridge, party)).claims()?.sub;
      for (const named of [
        { id_token: { sub: { value: sub } } },
        { id_token: { sub: { values: ['another', sub] } } },
        { userinfo: { sub: { value: sub } } },
        { userinfo: { sub: { essential: true, values: [sub] } } },
      ]) {
        const requested = claims(named);
        assert.equal((await tokensOf(bridge, party, requested)).claims()?.sub, sub);
        const { url } = await authorizationRequest(party, requested);
        const answer = await logIn(personAt(bridge), url, aLoginOf('PNOLV-030303-10012'));
        assert.equal(errorIn(answer), 'access_denied', requested.claims);
      }
    });
  }

  it('logs in nobody where its requests of a sub exclude each other', async () => {
    const sub = 'PNOEE-40504040001';
    const requested = { id_token: { sub: { value: sub } }, userinfo: { sub: { value: 'another' } } };
    const { url } = await authorizationRequest(config, claims(requested));
    assert.equal(errorIn(await logIn(personAt(bridge), url, aLoginOf(sub))), 'access_denied');
  });

  for (const malformed of [
    { id_token: { acr: HIGH } },
    { id_token: { acr: { essential: true, values: HIGH } } },
    { id_token: { sub: { value: 7 } } },
    { userinfo: { sub: { values: 'PNOEE-40504040001' } } },
    { id_token: [] },
    [],
    {},
  ]) {
    it(`that is malformed is invalid_request: ${JSON.stringify(malformed)}`, async () => {
      const { url } = await authorizationRequest(config, claims(malformed));
      assert.equal(errorIn((await personAt(bridge).get(url)).url), 'invalid_request');
    });
  }

  it('is in discovery', async () => {
    assert.equal(config.serverMetadata().claims_parameter_supported, true);
  });

  it('completes a login with one page, also if it requests unknown claims', async () => {
    const person = personAt(bridge);
    const requested = claims({ id_token: { name: { essential: true }, unknown: null, nonce: null } });
    const loginPage = await toLoginPage(person, (await authorizationRequest(config, requested)).url);
    assert.ok((await finishLogin(person, loginPage)).url.searchParams.has('code'));
  });
});

function claims(requested: object): { readonly claims: string } {
  return { claims: JSON.stringify(requested) };
}

function acr(requested: object | null): { readonly claims: string } {
  return claims({ id_token: { acr: requested } });
}

function errorIn(url: URL): string | null {
  return url.searchParams.get('error');
}
