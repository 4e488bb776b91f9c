import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as openid from 'openid-client';
import type { Store } from '../../../src/store/store.ts';
import { exportedClients } from '../../../src/oidc/clients-file/exported-clients.ts';
import { openTestStore } from '../../support/database.ts';
import {
  aClient,
  type Bridge,
  CLIENT_SECRET,
  oauthErrorOf,
  OPERATOR,
  relyingParty,
  startBridge,
  tokensOf,
} from '../../support/oidc-bridge.ts';
import { statusOf } from './agents.ts';

const PING = {
  backchannel_token_delivery_mode: 'ping',
  backchannel_client_notification_endpoint: 'https://app.example/ping',
} as const;
const POLL = { backchannel_token_delivery_mode: 'poll' } as const;
const URIS = { redirect_uris: ['https://app.example/callback'] };

const auth = openid.ClientSecretBasic(CLIENT_SECRET);

/** Smart-ID is away. */
const FAILED = {
  id: 'attempt',
  interactionUid: 'uid',
  clientId: 'client',
  createdAt: 0,
  flow: 'notification',
  state: 'failed',
  failure: { code: 'service_failed', detail: 'test' },
} as const;
const failing = () => Promise.resolve(FAILED);
const NO_LOGIN = {
  begin: failing,
  advance: failing,
  current: failing,
  cancel: failing,
  refuse: failing,
  complete: () => Promise.resolve(false),
};

let store: Store;
let bridge: Bridge;

before(async () => {
  store = await openTestStore();
  bridge = await startBridge({ stores: store });
});
after(async () => {
  await bridge.close();
  await store.close();
});

describe('the registration of a client that asks without a browser', () => {
  const refused = (metadata: object, message: RegExp) =>
    assert.rejects(bridge.clients.add({ client_id: 'refused', ...metadata }), {
      code: 'client_invalid',
      message,
    });

  it('needs redirect URIs only without it', async () => {
    await refused({}, /redirect_uris/);
    await refused({ redirect_uris: [] }, /redirect_uris/);
    await bridge.clients.add({ client_id: 'without', ...POLL });
    await bridge.clients.add({ client_id: 'with', ...POLL, ...URIS });
  });

  it('refuses what contradicts it', async () => {
    await refused({ ...POLL, token_endpoint_auth_method: 'none' }, /without a secret/);
    await refused({ ...PING, backchannel_client_notification_endpoint: undefined }, /needed with ping/);
    await refused({ ...PING, backchannel_token_delivery_mode: 'poll' }, /not for poll/);
    await refused({ ...PING, backchannel_client_notification_endpoint: 'http://app.example/' }, /https/);
    await refused(
      { ...URIS, ...PING, backchannel_token_delivery_mode: undefined },
      /needs backchannel_token/,
    );
    await refused({ ...URIS, backchannel_push_allowed: true }, /needs backchannel_token/);
    await refused({ backchannel_token_delivery_mode: 'push' }, /backchannel_token_delivery_mode/);
    await refused({ ...POLL, flows: ['qr'] }, /needs notification/);
    await refused({ ...POLL, grant_types: ['authorization_code'] }, /grant_types/);
  });

  it('keeps what was given, and nothing that follows from it', async () => {
    await bridge.clients.add({ client_id: 'kept', ...PING });
    const kept = (await exportedClients(store.records)).find(
      (client) => 'client_id' in client && client.client_id === 'kept',
    );
    assert.deepEqual(kept && Object.keys(kept).sort(), [
      'backchannel_client_notification_endpoint',
      'backchannel_token_delivery_mode',
      'client_id',
      'client_secret_sha256',
      'redirect_uris',
    ]);
  });

  it('can be taken back', async () => {
    const { client_secret: secret = '' } = await bridge.clients.add({ client_id: 'back', ...POLL, ...URIS });
    const asking = async () =>
      openid.initiateBackchannelAuthentication(
        await relyingParty(ciba, 'back', {}, openid.ClientSecretBasic(secret)),
        { scope: 'openid', login_hint: 'PNOEE-40504040001' },
      );
    const ciba = await startBridge({ stores: store, ciba: { login: NO_LOGIN, appText: () => 'text' } });
    try {
      assert.equal(await statusOf(asking()), 503);
      assert.ok(!ciba.logLines.join('').includes('oidc_failed'), 'Smart-ID is away, and Sild is not');
      assert.deepEqual(
        await store.records.list('BackchannelAuthenticationRequest'),
        [],
        'nothing to poll for',
      );
      await ciba.clients.update('back', { backchannel_token_delivery_mode: null });
      assert.equal(await oauthErrorOf(asking()), 'invalid_request');
    } finally {
      await ciba.close();
    }
  });
});

it('refuses a client at which a changed configuration allows no login any more', async (test) => {
  const narrowed = await startBridge({
    stores: store,
    operator: { ...OPERATOR, countries: ['EE'] },
    clients: [aClient({ ...POLL, countries: ['LV'] })],
    ciba: { login: NO_LOGIN, appText: () => 'text' },
  });
  test.after(() => narrowed.close());
  const asking = openid.initiateBackchannelAuthentication(await relyingParty(narrowed), {
    scope: 'openid',
    login_hint: 'PNOEE-40504040001',
  });
  assert.equal(await oauthErrorOf(asking), 'unauthorized_client');
  assert.ok(!narrowed.logLines.join('').includes('oidc_failed'));
});

describe('a deployment that cannot ask without a browser', () => {
  for (const [why, operator] of [
    ['a policy without pushes', { ...OPERATOR, notificationPolicy: 'never' }],
    ['no flow with pushes', { ...OPERATOR, flows: ['qr', 'web2app'] }],
  ] as const) {
    it(`says nothing of it in discovery, and serves the browsers of such a client: ${why}`, async (test) => {
      const none = await startBridge({
        stores: store,
        operator,
        clients: [aClient(POLL)],
        ciba: { login: NO_LOGIN, appText: () => 'text' },
      });
      test.after(() => none.close());
      const party = await relyingParty(none);
      const metadata = party.serverMetadata();
      const named = Object.keys(metadata).filter((name) => name.startsWith('backchannel_'));
      assert.deepEqual([named, metadata.grant_types_supported], [[], ['authorization_code']]);
      const direct = new openid.Configuration(
        { issuer: none.issuer, backchannel_authentication_endpoint: `${none.issuer}/ciba` },
        'client',
        {},
        auth,
      );
      openid.allowInsecureRequests(direct);
      const parameters = { scope: 'openid', login_hint: 'PNOEE-40504040001' };
      const asking = openid.initiateBackchannelAuthentication(direct, parameters);
      assert.equal(await oauthErrorOf(asking), 'unauthorized_client');
      assert.ok((await tokensOf(none, party)).id_token);
    });
  }
});
