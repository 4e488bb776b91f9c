/** Clients in ping mode, and instances that stop while a person is asked: two instances on one database, with a fake Smart-ID. */
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { after, before, beforeEach, describe, it } from 'node:test';
import * as openid from 'openid-client';
import { createLogger } from '../../../src/log/logger.ts';
import type { AuthenticatedPerson, Authenticator, PollResult } from '../../../src/login/authenticator.ts';
import { createLogin, type Login } from '../../../src/login/login.ts';
import { createClientFetch } from '../../../src/oidc/clients/client-fetch.ts';
import type { RecordStore } from '../../../src/oidc/stores.ts';
import type { Store } from '../../../src/store/store.ts';
import { aPreparedSession, anAuthenticatedPerson, aSession } from '../../support/answers/authentications.ts';
import { createTestAudit } from '../../support/outputs/audit.ts';
import { selfSigned } from '../../support/certificates/self-signed.ts';
import { openTestStore } from '../../support/database.ts';
import {
  aClient,
  type Bridge,
  CLIENT_SECRET,
  oauthErrorOf,
  relyingParty,
  startBridge,
} from '../../support/oidc-bridge.ts';
import { anyNumber, unlimited } from '../../support/unlimited.ts';
import { statusOf, tokensOnce } from './agents.ts';

const PERSON = 'PNOEE-40504040001';
let authentication: AuthenticatedPerson;
const REFUSED = { kind: 'failed', failure: { code: 'user_refused', detail: 'USER_REFUSED' } } as const;

let store: Store;
let time = Date.now();
let pollResult: PollResult;
/** What the client's endpoint got. */
let pings: { readonly token: string | undefined; readonly body: unknown }[];
let status: number;
let port: number;
let close: () => void;
let cert: string;

const authenticator: Authenticator = {
  flows: ['notification'],
  prepare: () => ({ ...aPreparedSession(), expectedIdentifier: PERSON }),
  start: () => Promise.resolve({ kind: 'started', session: aSession() }),
  // Like Smart-ID, it answers as soon as there is an answer.
  async poll(_session, waitMs, signal) {
    const end = Date.now() + waitMs;
    while (pollResult.kind === 'running' && Date.now() < end && !signal?.aborted) await delay(20);
    return pollResult;
  },
  qrLink: () => '',
  appLink: () => '',
  linksCreatedAt: () => 0,
};

before(async () => {
  authentication = await anAuthenticatedPerson();
  store = await openTestStore({ now: () => time });
  const tls = selfSigned('localhost');
  cert = tls.cert;
  const server = createServer({ cert: tls.cert, key: tls.key }, (request, response) => {
    void text(request).then((body) => {
      pings.push({ token: request.headers.authorization, body: JSON.parse(body) });
      response.writeHead(status, { location: 'https://elsewhere.example/' }).end();
    });
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
  close = () => {
    server.close();
    server.closeAllConnections();
  };
});
after(async () => {
  close();
  await store.close();
});
beforeEach(() => {
  time = Date.now();
  pollResult = { kind: 'running' };
  pings = [];
  status = 204;
});

function loginAt(): Login {
  const log = createLogger({ level: 'silent' });
  return createLogin({
    attempts: store.attempts,
    authenticator,
    limits: unlimited,
    places: anyNumber,
    isOutage: (error) => error === AWAY,
    log,
    audit: createTestAudit(log),
    metrics: { loginBegun: () => undefined, loginEnded: () => undefined },
    now: () => time,
    newId: randomUUID,
    randomBytes,
    callbackUrl: 'https://login.example.ee/callback/smart-id',
    isCountryAllowed: () => true,
  });
}

const AWAY = new Error('the database is away');

/** An instance, with an address of its own. */
function instance(
  login: Partial<Login> = {},
  mode: 'ping' | 'poll' = 'ping',
  records: RecordStore = store.records,
): Promise<Bridge> {
  const endpoint = { backchannel_client_notification_endpoint: `https://localhost:${port}/ping` };
  return startBridge({
    stores: { ...store, records },
    isOutage: (error) => error === AWAY,
    now: () => time,
    clients: [aClient({ backchannel_token_delivery_mode: mode, ...(mode === 'ping' ? endpoint : {}) })],
    ciba: { login: { ...loginAt(), ...login }, appText: ({ name }) => `Log in to ${name}` },
    clientFetch: createClientFetch({ ca: cert, allowedHosts: [`localhost:${port}`, 'localhost'] }),
  });
}

async function ask(bridge: Bridge, parameters: Readonly<Record<string, string>> = {}, clientId = 'client') {
  const agent = await relyingParty(bridge, clientId);
  const asked = await openid.initiateBackchannelAuthentication(agent, {
    scope: 'openid',
    login_hint: PERSON,
    client_notification_token: 'token-of-the-client',
    ...parameters,
  });
  return { agent, asked };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300 && !(await condition()); tries += 1) await delay(10);
  assert.ok(await condition());
}

async function stop(bridge: Bridge): Promise<void> {
  await bridge.stop();
  await bridge.close();
}

describe('a client in ping mode', () => {
  it('gets one ping when the answer is there, and its tokens once', async (test) => {
    const bridge = await instance();
    test.after(() => stop(bridge));
    const { agent, asked } = await ask(bridge);
    assert.equal(pings.length, 0);
    pollResult = { kind: 'authenticated', authentication };
    await until(() => pings.length > 0);
    assert.deepEqual(pings, [
      { token: 'Bearer token-of-the-client', body: { auth_req_id: asked.auth_req_id } },
    ]);
    const results = await Promise.allSettled([1, 2, 3].map(() => tokensOnce(agent, asked)));
    const won = results.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    assert.deepEqual(
      won.map((tokens) => tokens.claims()?.sub),
      [PERSON],
    );
    const { access_token: token = '' } = won[0] ?? {};
    assert.equal((await openid.tokenIntrospection(agent, token)).active, true);
    time += 10_000;
    assert.equal(await oauthErrorOf(tokensOnce(agent, asked)), 'invalid_grant');
    assert.equal((await openid.tokenIntrospection(agent, token)).active, false, 'a replay');
    assert.equal(pings.length, 1);
  });

  it('gets a ping for a refusal too; a redirect of its endpoint is not followed, and the ping is not repeated', async (test) => {
    const bridge = await instance();
    test.after(() => stop(bridge));
    for (const answered of [302, 500]) {
      status = answered;
      pings = [];
      pollResult = { kind: 'running' };
      const { agent, asked } = await ask(bridge);
      pollResult = REFUSED;
      const failed = () => bridge.logLines.filter((line) => line.includes('"ping_failed"')).length;
      const before = failed();
      await until(() => failed() > before);
      assert.equal(pings.length, 1);
      assert.equal(await oauthErrorOf(tokensOnce(agent, asked)), 'access_denied');
    }
    assert.ok(!bridge.logLines.join('').includes('token-of-the-client'));
  });

  for (const isDone of [true, false]) {
    it(`gets its ping although the database fails after the push, which it has ${isDone ? '' : 'not '}stored`, async (test) => {
      let failures = 0;
      const bridge = await instance({}, 'ping', {
        ...store.records,
        async add(...record) {
          if (record[0] !== 'CibaPing' || (failures += 1) > 1) return store.records.add(...record);
          if (isDone) await store.records.add(...record);
          throw AWAY;
        },
      });
      test.after(() => stop(bridge));
      const { asked } = await ask(bridge);
      assert.ok(failures > 0);
      pollResult = { kind: 'authenticated', authentication };
      await until(() => pings.length > 0);
      assert.deepEqual(pings[0]?.body, { auth_req_id: asked.auth_req_id });
    });
  }

  it('gets none any more where its operator has changed it to poll meanwhile', async (test) => {
    const bridge = await instance();
    test.after(() => bridge.close());
    await bridge.clients.add({
      client_id: 'changed',
      client_secret: CLIENT_SECRET,
      backchannel_token_delivery_mode: 'ping',
      backchannel_client_notification_endpoint: `https://localhost:${port}/ping`,
    });
    const { agent, asked } = await ask(bridge, {}, 'changed');
    await bridge.clients.update('changed', {
      backchannel_token_delivery_mode: 'poll',
      backchannel_client_notification_endpoint: null,
    });
    pollResult = { kind: 'authenticated', authentication };
    await until(async () => (await store.records.list('CibaPing')).length === 0);
    await bridge.stop();
    assert.deepEqual([pings, bridge.logLines.filter((line) => line.includes('"ping_failed"'))], [[], []]);
    assert.equal((await tokensOnce(agent, asked)).claims()?.sub, PERSON);
  });

  it('gets none for a request whose time is over: its login is cancelled, and an answer has no effect', async (test) => {
    const cancelled: string[] = [];
    const login = loginAt();
    const bridge = await instance({
      async cancel(attempt) {
        cancelled.push(attempt.state);
        return login.cancel(attempt);
      },
    });
    test.after(() => stop(bridge));
    const { agent, asked } = await ask(bridge, { requested_expiry: '2' });
    time += 3_000;
    pollResult = { kind: 'unreachable', detail: 'the connection has ended' };
    await until(() => cancelled.length > 0);
    assert.deepEqual(cancelled, ['waiting']);
    pollResult = { kind: 'authenticated', authentication };
    assert.equal(await oauthErrorOf(tokensOnce(agent, asked)), 'expired_token');
    assert.deepEqual(pings, []);
  });

  it('must send a token for the notification', async (test) => {
    const bridge = await instance();
    test.after(() => stop(bridge));
    const agent = await relyingParty(bridge);
    for (const client_notification_token of ['', 'with space', 'x'.repeat(1_025)]) {
      const parameters = { scope: 'openid', login_hint: PERSON, client_notification_token };
      const asking = openid.initiateBackchannelAuthentication(agent, parameters);
      assert.equal(await oauthErrorOf(asking), 'invalid_request');
    }
  });
});

describe('an instance that stops while a person is asked', () => {
  it('leaves the ping to another one, at once', async (test) => {
    const first = await instance();
    const { asked } = await ask(first);
    const second = await instance();
    test.after(() => stop(second));
    await second.takeOver();
    await stop(first);
    await second.takeOver();
    pollResult = { kind: 'authenticated', authentication };
    await until(() => pings.length > 0);
    assert.deepEqual(pings[0]?.body, { auth_req_id: asked.auth_req_id });
    await second.takeOver();
    assert.equal(pings.length, 1);
  });

  it('leaves the login to the client’s next request at another one', async (test) => {
    const first = await instance({}, 'poll');
    const { asked } = await ask(first);
    await stop(first);
    const second = await instance({}, 'poll');
    test.after(() => stop(second));
    const agent = await relyingParty(second);
    pollResult = { kind: 'authenticated', authentication };
    assert.equal((await tokensOnce(agent, asked)).claims()?.sub, PERSON);
  });

  for (const [when, complete] of [
    ['before', () => Promise.reject(new Error('killed'))],
    ['after', (done) => done().then(() => Promise.reject(new Error('killed')))],
  ] as const satisfies readonly [string, (done: () => Promise<boolean>) => Promise<boolean>][]) {
    it(`gets its tokens from another one, of one grant, where it died ${when} the completion was stored`, async (test) => {
      const stored = loginAt();
      const killed = await instance(
        { complete: (...arguments_) => complete(() => stored.complete(...arguments_)) },
        'poll',
      );
      const other = await instance({}, 'poll');
      test.after(() => stop(killed));
      test.after(() => stop(other));
      const { agent, asked } = await ask(killed);
      const grants = async () => (await store.records.list('Grant')).length;
      const before = await grants();
      pollResult = { kind: 'authenticated', authentication };
      assert.equal(await statusOf(tokensOnce(agent, asked)), 500);
      time += 6_000;
      assert.equal((await tokensOnce(await relyingParty(other), asked)).claims()?.sub, PERSON);
      assert.equal((await grants()) - before, 1);
    });
  }
});
