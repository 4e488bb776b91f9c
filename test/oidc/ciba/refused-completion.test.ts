/** What a client without a browser gets of a login that Smart-ID has confirmed: not another one than it may ask for now. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { after, before, beforeEach, describe, it, type TestContext } from 'node:test';
import * as openid from 'openid-client';
import { type Attempt, transition } from '../../../src/login/attempt.ts';
import type { LoginRequest } from '../../../src/login/login-request.ts';
import type { LoginResult } from '../../../src/login/login-result.ts';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../support/database.ts';
import {
  aClient,
  aLogin,
  aLoginOf,
  type Bridge,
  CLIENT_SECRET,
  oauthErrorOf,
  OPERATOR,
  relyingParty,
  startBridge,
} from '../../support/oidc-bridge.ts';
import { tokensOnce } from './agents.ts';

const PERSON = 'PNOEE-40504040001';
const HIGH = 'http://eidas.europa.eu/LoA/high';
const LOW = 'http://eidas.europa.eu/LoA/low';
const ESSENTIAL = { claims: JSON.stringify({ id_token: { acr: { essential: true, value: HIGH } } }) };
const BASE = {
  id: 'a',
  interactionUid: 'u',
  clientId: 'client',
  createdAt: 0,
  flow: 'notification',
} as const;

let store: Store;
/** Where every client may ask, and one with the same database where the policy of the operator is stricter now. */
let bridge: Bridge;
let stricter: Bridge;
/** What the attempt of each request is. */
let current: Attempt;
let begun: LoginRequest[];
let refused: unknown[];
let cancelled: string[];
let finished: number;
/** What happens while the login takes its step. */
let meanwhile: () => unknown;

const WAITING: Attempt = { ...BASE, state: 'waiting', session: {}, verificationCode: '4711', answerBy: 0 };
const authenticated = (result: LoginResult): Attempt => ({
  ...BASE,
  state: 'authenticated',
  authenticatedAt: 0,
  result,
});

const login: NonNullable<Parameters<typeof startBridge>[0]['ciba']>['login'] = {
  async begin(request) {
    begun.push(request);
    return WAITING;
  },
  advance: async () => WAITING,
  async current() {
    await meanwhile();
    return current;
  },
  async cancel(attempt) {
    cancelled.push(attempt.state);
    return attempt;
  },
  async refuse(attempt, code) {
    refused.push(code);
    return attempt;
  },
  async complete(attempt, completion) {
    finished += 1;
    const stored = { ...attempt, id: randomUUID(), interactionUid: randomUUID() };
    await store.attempts.add(stored);
    const done = transition(stored, { type: 'finish' }, 0);
    return done !== undefined && store.attempts.replace(stored, done, undefined, completion);
  },
};

before(async () => {
  store = await openTestStore();
  const options = { stores: store, ciba: { login, appText: () => 'text' } };
  bridge = await startBridge({
    ...options,
    clients: [
      aClient({ backchannel_token_delivery_mode: 'poll' }),
      aClient({ client_id: 'baltic', backchannel_token_delivery_mode: 'poll', countries: ['EE', 'LV'] }),
    ],
  });
  await bridge.clients.add({
    client_id: 'registered',
    client_secret: CLIENT_SECRET,
    backchannel_token_delivery_mode: 'poll',
  });
  stricter = await startBridge({
    ...options,
    operator: { ...OPERATOR, notificationPolicy: 'known-browser' },
  });
});
after(async () => {
  await bridge.close();
  await stricter.close();
  await store.close();
});
beforeEach(() => {
  current = WAITING;
  begun = [];
  refused = [];
  cancelled = [];
  finished = 0;
  meanwhile = () => undefined;
});

const ask = (agent: openid.Configuration, parameters: Readonly<Record<string, string>> = {}) =>
  openid.initiateBackchannelAuthentication(agent, { scope: 'openid', login_hint: PERSON, ...parameters });

describe('a confirmed login that the client does not get', () => {
  const lithuanian = aLogin({ person: { ...aLogin().person, identityCountry: 'LT' } });
  for (const [title, result, clientId, parameters, code] of [
    ['of another person', aLoginOf('PNOEE-50001029996'), 'client', {}, 'person_mismatch'],
    ['of a country that the client excludes', lithuanian, 'baltic', {}, 'country_not_allowed'],
    [
      'below the level that is essential',
      aLogin({ certificateLevel: 'ADVANCED' }),
      'client',
      ESSENTIAL,
      'account_not_suitable',
    ],
  ] as const) {
    it(`is one ${title}`, async () => {
      const agent = await relyingParty(bridge, clientId);
      const asked = await ask(agent, parameters);
      current = authenticated(result);
      assert.equal(await oauthErrorOf(tokensOnce(agent, asked)), 'access_denied');
      assert.deepEqual([refused, finished], [[code], 0]);
    });
  }

  it('is one of a client that may not ask any more', async () => {
    const asking = await relyingParty(bridge, 'registered');
    const agent = await relyingParty(stricter, 'registered');
    const asked = await ask(asking);
    current = authenticated(aLogin());
    assert.equal(await oauthErrorOf(tokensOnce(agent, asked)), 'access_denied');
    assert.deepEqual([finished, cancelled], [0, ['authenticated']]);
  });

  for (const [title, ends] of [
    [
      'has expired',
      (t) => {
        t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 200_000 });
      },
    ],
    ['is gone', (_, id) => store.records.remove('BackchannelAuthenticationRequest', id)],
  ] as const satisfies readonly [string, (t: TestContext, id: string) => unknown][]) {
    it(`is one whose request ${title} while Smart-ID was asked`, async (t) => {
      const agent = await relyingParty(bridge);
      const asked = await ask(agent);
      current = authenticated(aLogin());
      meanwhile = () => ends(t, asked.auth_req_id);
      assert.equal(await oauthErrorOf(tokensOnce(agent, asked)), 'expired_token');
      assert.deepEqual([finished, cancelled], [0, ['authenticated']]);
    });
  }

  it('is none other: the level that is essential, the country and the person are enough', async () => {
    for (const [clientId, parameters] of [
      ['client', ESSENTIAL],
      ['baltic', {}],
    ] as const) {
      const agent = await relyingParty(bridge, clientId);
      const asked = await ask(agent, parameters);
      current = authenticated(aLogin());
      assert.equal((await tokensOnce(agent, asked)).claims()?.sub, PERSON);
    }
    assert.deepEqual([refused, finished], [[], 2]);
  });
});

describe('a request without a browser', () => {
  it('asks Smart-ID for the level that it needs', async () => {
    const agent = await relyingParty(bridge);
    for (const parameters of [{}, { acr_values: LOW }, { acr_values: HIGH }, ESSENTIAL])
      await ask(agent, parameters);
    assert.deepEqual(
      begun.map(({ certificateLevel }) => certificateLevel),
      ['ADVANCED', 'ADVANCED', 'QUALIFIED', 'QUALIFIED'],
    );
  });

  it('begins the login of the person whom it names, as one of no known browser, with the text of its client', async () => {
    await ask(await relyingParty(bridge), { binding_message: 'Call 4711' });
    const [request] = begun;
    assert.ok(request);
    assert.partialDeepStrictEqual(request, {
      clientId: 'client',
      identifier: PERSON,
      address: (await lookup('localhost')).address,
      flow: 'notification',
      displayText: 'text: Call 4711',
      wholeText: true,
      knownBrowser: false,
      codeFirst: false,
      backchannel: true,
      keepsEvidence: false,
      relyingParty: { name: 'DEMO' },
    });
  });

  it('can be continued by any instance, but its ID, which is a credential, is not with the attempt', async () => {
    const { auth_req_id: id } = await ask(await relyingParty(bridge));
    const { interactionUid = '' } = begun[0] ?? {};
    assert.match(interactionUid, /^ciba:[\w-]{43}$/);
    assert.ok(!JSON.stringify(begun).includes(id));
  });

  it('lives for as long as the client asks, but no longer than the person can answer', async () => {
    const agent = await relyingParty(bridge);
    for (const [requested_expiry, expected] of [
      ['1', 1],
      ['179', 179],
      ['181', 180],
      ['86400', 180],
    ] as const)
      assert.equal((await ask(agent, { requested_expiry })).expires_in, expected);
  });
});
