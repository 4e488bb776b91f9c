import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { OperatorSettings } from '../../../src/oidc/login-settings/login-settings.ts';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../support/database.ts';
import {
  aClient,
  aLogin,
  authorizationRequest,
  type Bridge,
  finishLogin,
  logIn,
  OPERATOR,
  personAt,
  relyingParty,
  startBridge,
  toLoginPage,
} from '../../support/oidc-bridge.ts';

let store: Store;
let bridge: Bridge;
/** As another start of Sild would have it. */
const operator: { -readonly [Name in keyof OperatorSettings]: OperatorSettings[Name] } = { ...OPERATOR };

before(async () => {
  store = await openTestStore();
  bridge = await startBridge({
    stores: store,
    operator,
    clients: [
      aClient(),
      aClient({ client_id: 'estonian', countries: ['EE'] }),
      aClient({ client_id: 'latvian', countries: ['LV'] }),
      aClient({ client_id: 'qualified', certificate_level: 'QUALIFIED' }),
    ],
  });
});
after(async () => {
  await bridge.close();
  await store.close();
});

const requestOf = async (client: string) =>
  (await authorizationRequest(await relyingParty(bridge, client))).url;

describe('an authorization request', () => {
  it('is refused while the settings of the client allow no login, with the reason in the audit', async () => {
    operator.countries = ['EE', 'LT'];
    const { searchParams } = (await personAt(bridge).get(await requestOf('latvian'))).url;
    assert.equal(searchParams.get('error'), 'unauthorized_client');
    const refused = bridge.audited.findLast(({ event }) => event === 'oidc_refused');
    assert.ok(refused?.event === 'oidc_refused');
    assert.deepEqual(
      [refused.client, refused.detail],
      ['latvian', 'countries has none of SMARTID_COUNTRIES'],
    );
    operator.countries = undefined;
    assert.ok((await toLoginPage(personAt(bridge), await requestOf('latvian'))).pathname);
  });

  it('ends where the configuration changes before the person has logged in', async () => {
    const person = personAt(bridge);
    const loginPage = await toLoginPage(person, await requestOf('latvian'));
    operator.countries = ['EE'];
    assert.equal((await person.get(loginPage)).status, 404);
    operator.countries = undefined;
    assert.equal((await person.get(loginPage)).status, 200);
  });
});

describe('a login', () => {
  it('is no login at a client that excludes its country', async () => {
    const end = await logIn(personAt(bridge), await requestOf('latvian'));
    assert.equal(end.searchParams.get('error'), 'access_denied');
    assert.ok((await logIn(personAt(bridge), await requestOf('estonian'))).searchParams.get('code'));
  });

  it('is no login at a client that demands a higher level', async () => {
    const person = personAt(bridge);
    const advanced = aLogin({ certificateLevel: 'ADVANCED' });
    const end = await finishLogin(person, await toLoginPage(person, await requestOf('qualified')), advanced);
    assert.equal(end.url.searchParams.get('error'), 'access_denied');
    assert.ok((await logIn(personAt(bridge), await requestOf('client'), advanced)).searchParams.get('code'));
  });
});
