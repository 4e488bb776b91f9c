/** The use of a remembered login makes neither it nor what the browser and the database keep of it last longer. */
import assert from 'node:assert/strict';
import { after, before, describe, it, mock } from 'node:test';
import type * as openid from 'openid-client';
import { SESSION_SECONDS } from '../../../src/oidc/lifetimes.ts';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../support/database.ts';
import {
  aClient,
  authorizationRequest,
  type Bridge,
  logIn,
  personAt,
  relyingParty,
  startBridge,
} from '../../support/oidc-bridge.ts';
import type { HttpBrowser } from '../../support/servers/http-browser.ts';

const REMEMBER_SECONDS = 3_600;

let store: Store;
let bridge: Bridge;
let config: openid.Configuration;

before(async () => {
  // oidc-provider has no other clock.
  mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const now = () => Date.now();
  store = await openTestStore({ now });
  bridge = await startBridge({
    stores: store,
    now,
    clients: [aClient({ remember_login: REMEMBER_SECONDS })],
  });
  config = await relyingParty(bridge);
});
after(async () => {
  await bridge.close();
  await store.close();
  mock.timers.reset();
});

/** A request that no page answers: its error, if any, and the cookies of the answer. */
async function use(person: HttpBrowser) {
  const { url } = await authorizationRequest(config, { prompt: 'none' });
  const page = await person.get(url);
  return { error: page.url.searchParams.get('error'), cookies: page.headers.getSetCookie() };
}

async function endsOf(model: string): Promise<readonly unknown[]> {
  return (await store.records.list(model)).map(({ payload }) => payload.exp);
}

describe('the use of a remembered login', () => {
  it('leaves the ends of its session, its grant and its cookie as they are', async () => {
    const person = personAt(bridge);
    await logIn(person, (await authorizationRequest(config)).url);
    const loggedInAt = Math.floor(Date.now() / 1000);
    const ends = { session: await endsOf('Session'), grant: await endsOf('Grant') };
    const [[session, ...others], [grant]] = [ends.session, ends.grant];
    assert.deepEqual([session, others], [loggedInAt + SESSION_SECONDS + REMEMBER_SECONDS, []]);
    assert.ok(Number(grant) >= Number(session));
    for (const seconds of [600, 2_400, 590]) {
      mock.timers.tick(seconds * 1000);
      const { error, cookies } = await use(person);
      assert.equal(error, null);
      assert.deepEqual(
        cookies.filter((line) => line.startsWith('sild_remembered')),
        [],
      );
      assert.deepEqual({ session: await endsOf('Session'), grant: await endsOf('Grant') }, ends);
    }
    mock.timers.tick(11_000);
    assert.equal((await use(person)).error, 'login_required');
  });
});
