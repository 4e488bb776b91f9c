import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as openid from 'openid-client';
import { logoMetadataOf } from '../../../src/oidc/clients/client-logo.ts';
import { createClientRegistry } from '../../../src/oidc/clients/clients.ts';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../support/database.ts';
import {
  aClient,
  authorizationRequest,
  type Bridge,
  logIn,
  personAt,
  REDIRECT_URI,
  relyingParty,
  startBridge,
  toLoginPage,
} from '../../support/oidc-bridge.ts';

const logoOf = (colour: string) =>
  logoMetadataOf(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"><rect fill="${colour}"/></svg>`));
const LIBRARY = { id: 'library', name: 'City Library', 'name#et': 'Linnaraamatukogu', logo: logoOf('red') };

let store: Store;
let bridge: Bridge;
let config: openid.Configuration;

before(async () => {
  store = await openTestStore();
  const broker = { display_text: 'Log in to the broker', logo: logoOf('blue'), logo_dark: logoOf('navy') };
  bridge = await startBridge({
    stores: store,
    clients: [
      aClient({ ...broker, services: [LIBRARY, { id: 'museum', name: 'Museum' }] }),
      aClient({ client_id: 'plain' }),
    ],
  });
  config = await relyingParty(bridge);
});
after(async () => {
  await bridge.close();
  await store.close();
});

interface Shown {
  readonly id: string;
  readonly name: string;
  readonly branding: {
    readonly names: object;
    readonly displayText: object;
    readonly logo?: { readonly bytes: unknown };
    readonly logoDark?: { readonly bytes: unknown };
  };
}

async function shownFor(request: URL): Promise<Shown> {
  const person = personAt(bridge);
  const { text } = await person.get(await toLoginPage(person, request));
  return (JSON.parse(text) as { client: Shown }).client;
}

describe('a service behind a client', () => {
  it('is shown instead of the client', async () => {
    const { url } = await authorizationRequest(config, { service: 'library' });
    const { id, name, branding } = await shownFor(url);
    assert.deepEqual(
      [id, name, branding.names, branding.displayText],
      ['client', 'City Library', { et: 'Linnaraamatukogu' }, {}],
    );
    const own = await shownFor((await authorizationRequest(config)).url);
    assert.deepEqual([own.name, own.branding.displayText], ['A client', { default: 'Log in to the broker' }]);
    assert.notDeepEqual(branding.logo, own.branding.logo);
    const museum = await shownFor((await authorizationRequest(config, { service: 'museum' })).url);
    assert.deepEqual([museum.name, museum.branding.logo], ['Museum', own.branding.logo]);
    assert.ok(own.branding.logoDark);
    assert.deepEqual([museum.branding.logoDark, branding.logoDark], [own.branding.logoDark, undefined]);
  });

  it('is shown for a pushed request', async () => {
    const { url } = await authorizationRequest(config, { service: 'library' });
    const pushed = await openid.buildAuthorizationUrlWithPAR(config, Object.fromEntries(url.searchParams));
    assert.equal((await shownFor(pushed)).name, 'City Library');
  });

  it('changes nothing of what the client gets', async () => {
    const { url, checks } = await authorizationRequest(config, { service: 'library' });
    const tokens = await openid.authorizationCodeGrant(config, await logIn(personAt(bridge), url), checks);
    assert.deepEqual([tokens.claims()?.aud, tokens.claims()?.sub], ['client', 'PNOEE-40504040001']);
  });

  it('must be one of the client’s', async () => {
    for (const [client, service] of [
      ['client', 'Library'],
      ['client', 'toString'],
      ['plain', 'library'],
    ] as const) {
      const { url } = await authorizationRequest(await relyingParty(bridge, client), { service });
      const { searchParams } = (await personAt(bridge).get(url)).url;
      assert.equal(searchParams.get('error'), 'invalid_request');
      assert.match(searchParams.get('error_description') ?? '', /service/);
    }
  });

  it('has its logo among the files of the client', async () => {
    assert.equal((await bridge.branding('client'))?.serviceLogos?.length, 1);
    assert.equal((await bridge.branding('plain'))?.serviceLogos, undefined);
  });

  it('is refused in a wrong form at the registration', async () => {
    const clients = createClientRegistry(store.records);
    for (const services of [
      [],
      [{ id: 'a' }],
      [{ id: 'a b', name: 'A' }],
      [LIBRARY, LIBRARY],
      [{ ...LIBRARY, uri: 'x' }],
      [{ ...LIBRARY, logo: 'x' }],
    ]) {
      await assert.rejects(clients.add({ redirect_uris: [REDIRECT_URI], services }), {
        code: 'client_invalid',
      });
    }
  });
});
