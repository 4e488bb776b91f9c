import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as openid from 'openid-client';
import { logoMetadataOf, readLogo } from '../../../src/oidc/clients/client-logo.ts';
import { ClientError, type ClientRegistry, createClientRegistry } from '../../../src/oidc/clients/clients.ts';
import type { LoginInteraction } from '../../../src/oidc/interaction/login-interaction.ts';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../support/database.ts';
import {
  aClient,
  authorizationRequest,
  type Bridge,
  personAt,
  relyingParty,
  startBridge,
  tokensOf,
  toLoginPage,
} from '../../support/oidc-bridge.ts';

const REDIRECT_URI = 'https://app.example/callback';
let store: Store;
let bridge: Bridge;
let registry: ClientRegistry;

before(async () => {
  store = await openTestStore();
  bridge = await startBridge({ stores: store });
  registry = bridge.clients;
});
after(async () => {
  await bridge.close();
  await store.close();
});

describe('the client registry', () => {
  it('generates an ID and a secret that work at once', async () => {
    const { client_id, client_secret = '' } = await registry.add({ redirect_uris: [REDIRECT_URI] });
    assert.equal(Buffer.from(client_secret, 'base64url').length, 32);
    const party = await relyingParty(bridge, client_id, {}, openid.ClientSecretBasic(client_secret));
    const claims = (await tokensOf(bridge, party, { redirect_uri: REDIRECT_URI })).claims();
    assert.equal(claims?.aud, client_id);
  });

  it('generates no secret for a public client', async () => {
    const { client_id, client_secret } = await registry.add({
      client_id: 'public',
      redirect_uris: [REDIRECT_URI],
      token_endpoint_auth_method: 'none',
    });
    assert.equal(client_secret, undefined);
    const party = await relyingParty(bridge, client_id, {}, openid.None());
    assert.ok((await tokensOf(bridge, party, { redirect_uri: REDIRECT_URI })).id_token);
  });

  it('lists clients without their secrets, and removes them', async () => {
    const { client_id } = await registry.add({
      client_id: 'short-lived',
      client_name: 'Short-lived',
      redirect_uris: [REDIRECT_URI],
    });
    const listed = (await registry.list()).find((client) => client.client_id === client_id);
    assert.deepEqual(listed, { client_id, client_name: 'Short-lived', redirect_uris: [REDIRECT_URI] });
    assert.equal(await registry.remove(client_id), true);
    assert.equal(await registry.remove(client_id), false);
    const { url } = await authorizationRequest(await relyingParty(bridge), { client_id });
    assert.match((await personAt(bridge).get(url)).text, /invalid_client/);
  });

  it('refuses to replace an existing client', async () => {
    await registry.add({ client_id: 'taken', redirect_uris: [REDIRECT_URI] });
    await refused({ client_id: 'taken', redirect_uris: [REDIRECT_URI] }, 'client_exists');
  });

  it('stores the branding of a client for the login pages', async () => {
    const logo = logoMetadataOf(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"></svg>'));
    const { client_id } = await registry.add({
      client_id: 'library',
      client_name: 'City Library',
      'client_name#et': ' Linnaraamatukogu ',
      display_text: 'Enter the library',
      'display_text#ru': 'Вход в библиотеку',
      accent_color: '#7a1f5c',
      logo,
      redirect_uris: [REDIRECT_URI],
    });
    const branding = {
      names: { et: 'Linnaraamatukogu' },
      displayText: { ru: 'Вход в библиотеку', default: 'Enter the library' },
      logo: readLogo(logo),
      accentColor: '#7a1f5c',
    };
    assert.deepEqual(await bridge.branding(client_id), branding);
    assert.equal(await bridge.branding('nobody'), undefined);
    const { url } = await authorizationRequest(await relyingParty(bridge), {
      client_id,
      redirect_uri: REDIRECT_URI,
    });
    const person = personAt(bridge);
    const page = await person.get(await toLoginPage(person, url));
    const { client } = JSON.parse(page.text) as LoginInteraction;
    assert.equal(client.name, 'City Library');
    assert.deepEqual(client.branding?.names, branding.names);
    assert.deepEqual(client.branding.displayText, branding.displayText);
  });

  for (const [title, metadata] of [
    ['no redirect_uris', { redirect_uris: [] }],
    ['a redirect_uri over plain http', { redirect_uris: ['http://app.example/callback'] }],
    ['a redirect_uri that only looks local', { redirect_uris: ['http://localhost.evil.example/callback'] }],
    ['a redirect_uri with a fragment', { redirect_uris: [`${REDIRECT_URI}#part`] }],
    ['a redirect_uri that is not a URI', { redirect_uris: ['callback'] }],
    ['a redirect_uri that is a script', { redirect_uris: ['javascript:alert(1)'] }],
    ['a post_logout_redirect_uri over plain http', { post_logout_redirect_uris: ['http://app.example/'] }],
    ['a public client without PKCE', { token_endpoint_auth_method: 'none', require_pkce: false }],
    ['a public client with a secret', { token_endpoint_auth_method: 'none', client_secret: 'x'.repeat(32) }],
    ['a secret that is too short', { client_secret: 'secret' }],
    ['an unsupported client authentication method', { token_endpoint_auth_method: 'private_key_jwt' }],
    ['an unsupported algorithm', { id_token_signed_response_alg: 'HS256' }],
    ['an unsupported scope', { scope: 'openid email' }],
    ['a misspelled member', { redirect_url: REDIRECT_URI }],
    ['a name in an unsupported language', { 'client_name#fi': 'Kirjasto' }],
    ['an empty name in a language', { 'client_name#et': ' ' }],
    ['a display text that is too long', { display_text: 'x'.repeat(201) }],
    ['a colour name', { accent_color: 'rebeccapurple' }],
    ['a colour with further CSS', { accent_color: '#000000;}' }],
    ['an address as the logo', { logo: 'https://app.example/logo.png' }],
    [
      'a logo with a script',
      { logo: logoMetadataOf(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="x()"></svg>')) },
    ],
    ['a client_uri that is a script', { client_uri: 'javascript:alert(1)' }],
    [
      'pairwise subjects over several hosts',
      {
        subject_type: 'pairwise',
        redirect_uris: [REDIRECT_URI, 'https://other.example/callback'],
      },
    ],
  ] as const) {
    it(`refuses ${title}`, () => refused({ redirect_uris: [REDIRECT_URI], ...metadata }, 'client_invalid'));
  }

  it('accepts plain http on loopback', async () => {
    for (const host of ['localhost:3002', '127.0.0.1', '[::1]:3002']) {
      assert.ok((await registry.add({ redirect_uris: [`http://${host}/callback`] })).client_id);
    }
  });

  it('fetches a sector_identifier_uri once, and logs people in while it is unavailable', async () => {
    const client = {
      redirect_uris: [REDIRECT_URI, 'https://second.example/callback'],
      subject_type: 'pairwise',
      sector_identifier_uri: 'https://sector.invalid/uris.json',
    };
    await refused(client, 'client_invalid');
    const registeredBefore = createClientRegistry(store.records, () => Promise.resolve());
    const { client_id, client_secret = '' } = await registeredBefore.add(client);
    const party = await relyingParty(bridge, client_id, {}, openid.ClientSecretBasic(client_secret));
    const claims = (await tokensOf(bridge, party, { redirect_uri: REDIRECT_URI })).claims();
    assert.equal(claims?.aud, client_id);
    assert.match(claims.sub, /^[\w-]{43}$/);
  });

  it('works the same without a running instance, as on the command line', async () => {
    const alone = createClientRegistry(store.records);
    const { client_id } = await alone.add({ client_id: 'added-alone', redirect_uris: [REDIRECT_URI] });
    const { url } = await authorizationRequest(await relyingParty(bridge), {
      client_id,
      redirect_uri: REDIRECT_URI,
    });
    await toLoginPage(personAt(bridge), url);
    await assert.rejects(
      alone.add({ redirect_uris: ['http://app.example/callback'] }),
      (error) => error instanceof ClientError && error.code === 'client_invalid',
    );
    assert.equal(await alone.remove(client_id), true);
  });
});

describe('a built-in client', () => {
  it('prevents the start if it is invalid', async () => {
    for (const metadata of [
      { redirect_uris: ['http://app.example/callback'] },
      { token_endpoint_auth_method: 'none', require_pkce: false } as const,
      { id_token_signed_response_alg: 'HS256' } as const,
      { accent_color: 'teal' },
    ]) {
      await assert.rejects(startBridge({ stores: store, clients: [aClient(metadata)] }), {
        name: 'InvalidClientMetadata',
      });
    }
  });
});

function refused(metadata: Record<string, unknown>, code: ClientError['code']): Promise<void> {
  return assert.rejects(
    registry.add(metadata),
    (error) => error instanceof ClientError && error.code === code,
  );
}
