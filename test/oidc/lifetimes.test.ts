import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import * as openid from 'openid-client';
import type { RecordWrite } from '../../src/oidc/stores.ts';
import type { Store } from '../../src/store/store.ts';
import { openTestStore } from '../support/database.ts';
import {
  authorizationRequest,
  type Bridge,
  personAt,
  relyingParty,
  startBridge,
  tokensOf,
} from '../support/oidc-bridge.ts';

let store: Store;
let bridge: Bridge;
const ends = new Map<string, (number | undefined)[]>();

function note({ model, expiresAt }: Pick<RecordWrite, 'model' | 'expiresAt'>): void {
  ends.set(model, [...(ends.get(model) ?? []), expiresAt]);
}

before(async () => {
  store = await openTestStore();
  const { records } = store;
  bridge = await startBridge({
    stores: {
      ...store,
      records: {
        ...records,
        put: (model, id, payload, keys, expiresAt) => {
          note({ model, expiresAt });
          return records.put(model, id, payload, keys, expiresAt);
        },
        write: (batch) => {
          batch.put?.forEach(note);
          if (batch.add) note(batch.add);
          return records.write(batch);
        },
        join: (batch) => {
          batch.put?.forEach(note);
          return records.join(batch);
        },
      },
    },
  });
});
after(async () => {
  await bridge.close();
  await store.close();
});

it('every record of a login expires within 26 minutes', async () => {
  const config = await relyingParty(bridge);
  await tokensOf(bridge, config);
  const { url } = await authorizationRequest(config);
  await openid.buildAuthorizationUrlWithPAR(config, url.searchParams);
  await personAt(bridge).get(`${bridge.issuer}/logout`);
  for (const model of [
    'Interaction',
    'Grant',
    'Session',
    'AuthorizationCode',
    'AccessToken',
    'PushedAuthorizationRequest',
  ]) {
    assert.ok(ends.has(model), `the login has made a ${model}`);
  }
  const latest = Math.floor(Date.now() / 1000) + 26 * 60;
  // The public keys of receipts are of no login.
  ends.delete('PublicKey');
  ends.delete('DerivedPublicKey');
  for (const [model, times] of ends) {
    for (const time of times) assert.ok(time !== undefined && time <= latest, model);
  }
});
