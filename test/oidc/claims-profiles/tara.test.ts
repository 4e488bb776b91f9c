/** A service that was written for TARA: its requests and what it reads, as in TARA's technical specification 4.1 to 4.4. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import type { LoginResult } from '../../../src/login/login-result.ts';
import { createClientRegistry } from '../../../src/oidc/clients/clients.ts';
import { forgetPerson } from '../../../src/oidc/remembered/forget-person.ts';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../support/database.ts';
import {
  aClient,
  aLogin,
  aLoginOf,
  type Bridge,
  CLIENT_SECRET,
  finishLogin,
  logIn,
  personAt,
  REDIRECT_URI,
  startBridge,
  toLoginPage,
} from '../../support/oidc-bridge.ts';

let store: Store;
let bridge: Bridge;

before(async () => {
  store = await openTestStore();
  bridge = await startBridge({
    stores: store,
    clients: [
      aClient({ client_id: 'tara', claims_profile: 'tara', require_pkce: false }),
      aClient({ client_id: 'standard', require_pkce: false }),
    ],
  });
});
after(async () => {
  await bridge.close();
  await store.close();
});

function requestOf(parameters: Record<string, string> = {}, client = 'tara'): URL {
  const query = new URLSearchParams({
    redirect_uri: REDIRECT_URI,
    scope: 'openid smartid idcard mid eidas',
    state: 'hkMVY7vjuN7xyLl5',
    response_type: 'code',
    client_id: client,
    ui_locales: 'et',
    ...parameters,
  });
  return new URL(`${bridge.issuer}/authorize?${query.toString()}`);
}

async function tokensAt(end: URL, client = 'tara') {
  const answer = await fetch(`${bridge.issuer}/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${client}:${encodeURIComponent(CLIENT_SECRET)}`).toString('base64')}`,
    },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: end.searchParams.get('code') ?? '',
      redirect_uri: REDIRECT_URI,
    }),
  });
  assert.equal(answer.status, 200, await answer.clone().text());
  const { id_token, access_token } = (await answer.json()) as { id_token: string; access_token: string };
  const keys = createRemoteJWKSet(new URL(`${bridge.issuer}/jwks`));
  const { payload } = await jwtVerify(id_token, keys, {
    issuer: bridge.issuer,
    audience: client,
    requiredClaims: ['jti', 'nbf', 'iat', 'exp'].slice(client === 'tara' ? 0 : 2),
  });
  const userinfo = await fetch(`${bridge.issuer}/userinfo`, {
    headers: { authorization: `Bearer ${access_token}` },
  });
  return { payload, idToken: id_token, userinfo: (await userinfo.json()) as JWTPayload };
}

async function tokensOf(parameters: Record<string, string> = {}, login: LoginResult = aLogin()) {
  return tokensAt(await logIn(personAt(bridge), requestOf(parameters), login));
}

describe('the claims profile tara', () => {
  it('has TARA’s claims in the ID token', async () => {
    const { payload } = await tokensOf({ nonce: 'qrstuvwxyzabcdef' });
    const { jti, iss, aud, exp, iat, nbf, at_hash, auth_time, sid, ...claims } = payload;
    assert.deepEqual(claims, {
      sub: 'EE40504040001',
      profile_attributes: { date_of_birth: '1905-04-04', family_name: 'ÄNN', given_name: 'ÕIE-MARY' },
      amr: ['smartid'],
      acr: 'high',
      state: 'hkMVY7vjuN7xyLl5',
      nonce: 'qrstuvwxyzabcdef',
    });
    assert.match(String(jti), /^[\da-f-]{36}$/);
    assert.ok(Number(nbf) <= Number(iat) && [iss, aud, exp, at_hash, auth_time, sid].every(Boolean));
  });

  it('has TARA’s claims in userinfo, without those of the ID token alone', async () => {
    const login = aLogin();
    const { userinfo } = await tokensOf({}, login);
    assert.deepEqual(userinfo, {
      sub: 'EE40504040001',
      amr: ['smartid'],
      acr: 'high',
      auth_time: login.authenticatedAt,
      date_of_birth: '1905-04-04',
      family_name: 'ÄNN',
      given_name: 'ÕIE-MARY',
    });
  });

  it('leaves out a birth date that is not known', async () => {
    const { birthdate: _, ...person } = aLogin().person;
    const { payload } = await tokensOf({}, aLogin({ person }));
    assert.deepEqual(payload.profile_attributes, { family_name: 'ÄNN', given_name: 'ÕIE-MARY' });
  });

  it('tells that the person went back', async () => {
    const person = personAt(bridge);
    const loginPage = await toLoginPage(person, requestOf());
    const { url } = await person.post(`${loginPage.href}/abort`, { reason: 'user_cancel' });
    assert.deepEqual(
      [url.searchParams.get('error'), url.searchParams.get('state')],
      ['user_cancel', 'hkMVY7vjuN7xyLl5'],
    );
  });

  it('knows from its subject whom the request expects, before anybody logs in', async () => {
    const { idToken } = await tokensOf();
    const requested = JSON.stringify({ id_token: { sub: { value: 'EE40504040001' } } });
    for (const hint of [{ id_token_hint: idToken }, { claims: requested }]) {
      const person = personAt(bridge);
      const loginPage = await toLoginPage(person, requestOf(hint));
      const { expectedPerson } = JSON.parse((await person.get(loginPage)).text) as {
        expectedPerson?: string;
      };
      assert.equal(expectedPerson, 'PNOEE-40504040001');
      const { url } = await finishLogin(person, loginPage, aLoginOf('PNOEE-50001029996'));
      assert.equal(url.searchParams.get('error'), 'access_denied');
    }
  });

  it('demands the level high, unless low is enough for the request', async () => {
    const advanced = aLogin({ certificateLevel: 'ADVANCED' });
    for (const acr of [{}, { acr_values: 'high' }, { acr_values: 'substantial' }]) {
      const person = personAt(bridge);
      const loginPage = await toLoginPage(person, requestOf(acr));
      const { certificateLevel } = JSON.parse((await person.get(loginPage)).text) as {
        certificateLevel: string;
      };
      assert.equal(certificateLevel, 'QUALIFIED');
      const { url } = await finishLogin(person, loginPage, advanced);
      assert.equal(url.searchParams.get('error'), 'access_denied');
    }
    assert.equal((await tokensOf({ acr_values: 'low' }, advanced)).payload.acr, 'low');
  });

  it('has no subject for a passport or an identity card, whose number could be that of another person', async () => {
    const login = aLoginOf('PASEE-40504040001');
    const end = await logIn(personAt(bridge), requestOf(), {
      ...login,
      person: { ...login.person, identityType: 'PAS' },
    });
    assert.equal(end.searchParams.get('error'), 'access_denied');
  });

  it('recognises the person of an ID token, and no other', async () => {
    const { idToken } = await tokensOf();
    const hints = { id_token_hint: idToken, prompt: 'login' };
    assert.equal((await tokensOf(hints)).payload.sub, 'EE40504040001');
    const end = await logIn(personAt(bridge), requestOf(hints), aLoginOf('PNOEE-50001029996'));
    assert.equal(end.searchParams.get('error'), 'access_denied');
  });

  it('names the same person in the audit as every profile', async () => {
    const entries = async (client: string) =>
      bridge.audited.flatMap((event) =>
        'client' in event && event.client === client && 'person' in event && event.event === 'tokens_issued'
          ? [event.person]
          : [],
      );
    await tokensOf();
    assert.equal((await entries('tara')).at(-1), 'PNOEE-40504040001');
  });

  it('is forgotten with every login of the person, whose subject is written otherwise', async () => {
    const subjects = async (model: string) =>
      (await store.records.list(model)).map(({ payload }) => payload.accountId);
    await tokensOf();
    await logIn(personAt(bridge), requestOf(), aLoginOf('PNOEE-50001029996'));
    const grants = (await subjects('Grant')).filter((subject) => subject === 'EE40504040001').length;
    assert.ok(grants > 0 && (await subjects('Session')).includes('EE40504040001'));
    const { logins } = await forgetPerson(store, 'PNOEE-40504040001');
    assert.ok(logins >= grants);
    for (const model of ['Grant', 'Session']) {
      const left = await subjects(model);
      assert.ok(!left.includes('EE40504040001') && left.includes('EE50001029996'), model);
    }
  });

  it('is for one client alone', async () => {
    const end = await logIn(personAt(bridge), requestOf({ scope: 'openid' }, 'standard'));
    const { payload, userinfo } = await tokensAt(end, 'standard');
    assert.deepEqual(
      [payload.sub, payload.acr, payload.state, payload.profile_attributes, userinfo.given_name],
      ['PNOEE-40504040001', 'http://eidas.europa.eu/LoA/high', undefined, undefined, undefined],
    );
  });

  it('has no pairwise subjects', async () => {
    const clients = createClientRegistry(store.records);
    const metadata = { redirect_uris: [REDIRECT_URI], claims_profile: 'tara', subject_type: 'pairwise' };
    await assert.rejects(clients.add(metadata), { code: 'client_invalid', message: /pairwise/ });
    await assert.rejects(clients.add({ ...metadata, claims_profile: 'other' }), { code: 'client_invalid' });
  });
});
