import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as openid from 'openid-client';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../support/database.ts';
import {
  aClient,
  authorizationRequest,
  type Bridge,
  finishLogin,
  personAt,
  relyingParty,
  startBridge,
  toLoginPage,
} from '../../support/oidc-bridge.ts';

let store: Store;
let bridge: Bridge;
before(async () => {
  const now = () => Date.now();
  store = await openTestStore({ now });
  bridge = await startBridge({
    stores: store,
    now,
    clients: [aClient({ require_pushed_authorization_requests: true })],
  });
});
after(async () => {
  await bridge.close();
  await store.close();
});

async function push() {
  const party = await relyingParty(bridge);
  const { url } = await authorizationRequest(party);
  return openid.buildAuthorizationUrlWithPAR(party, url.searchParams);
}

describe('a pushed request', () => {
  it('is refused at /authorize after a minute', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
    const pushed = await push();
    t.mock.timers.tick(61_000);
    assert.match((await personAt(bridge).get(pushed)).text, /invalid_request_uri/);
  });

  for (const [when, milliseconds] of [
    ['within its minute', 0],
    ['after it', 61_000],
  ] as const) {
    it(`gives one code to two browsers that begin with it and are done ${when}`, async (t) => {
      t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
      const pushed = await push();
      const [one, other] = [personAt(bridge), personAt(bridge)];
      const pages = [await toLoginPage(one, pushed), await toLoginPage(other, pushed)] as const;
      t.mock.timers.tick(milliseconds);
      const first = (await finishLogin(one, pages[0])).url.searchParams;
      assert.ok(first.has('code'));
      const second = await finishLogin(other, pages[1]);
      assert.ok(!second.url.searchParams.has('code'));
      assert.match(second.url.href + second.text, /invalid_request_uri/);
    });
  }
});
