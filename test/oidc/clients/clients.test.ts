import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import * as openid from 'openid-client';
import { logoMetadataOf, readLogo } from '../../../src/oidc/clients/client-logo.ts';
import { ClientError } from '../../../src/oidc/clients/client-validation.ts';
import { type ClientRegistry, createClientRegistry } from '../../../src/oidc/clients/clients.ts';
import { OWN_CLIENT_ID } from '../../../src/oidc/own-client.ts';
import { hashedSecret } from '../../../src/oidc/clients/secrets/secret-hash.ts';
import type { LoginInteraction } from '../../../src/oidc/interaction/login-interaction.ts';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../support/database.ts';
import {
  aClient,
  authorizationRequest,
  type Bridge,
  CLIENT_SECRET,
  logIn,
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
    const listed = (await registry.list()).find(({ metadata }) => metadata.client_id === client_id)?.metadata;
    assert.deepEqual(listed, { client_id, client_name: 'Short-lived', redirect_uris: [REDIRECT_URI] });
    assert.equal(await registry.remove(client_id), true);
    assert.equal(await registry.remove(client_id), false);
    const { url } = await authorizationRequest(await relyingParty(bridge), { client_id });
    assert.match((await personAt(bridge).get(url)).text, /invalid_client/);
  });

  it('changes members of a client, removes those that are null, and keeps the others', async () => {
    const redirect_uris = [REDIRECT_URI];
    const { client_id, client_secret } = await registry.add({
      client_id: 'changing',
      client_name: 'Before',
      client_uri: 'https://app.example/',
      redirect_uris,
    });
    const changes = { client_name: 'After', client_uri: null, client_id: 'another' };
    const changed = await registry.update(client_id, changes);
    assert.deepEqual(changed, { client_id, client_secret, redirect_uris, client_name: 'After' });
    const listed = (await registry.list()).find(({ metadata }) => metadata.client_id === client_id)?.metadata;
    assert.deepEqual(listed, { client_id, client_name: 'After', redirect_uris });
    assert.equal(await registry.update('nobody', {}), undefined);
    await assert.rejects(registry.update(client_id, { client_secret: CLIENT_SECRET }), {
      code: 'client_invalid',
    });
  });

  it('refuses to replace an existing client', async () => {
    await registry.add({ client_id: 'taken', redirect_uris: [REDIRECT_URI] });
    await refused({ client_id: 'taken', redirect_uris: [REDIRECT_URI] }, 'client_exists');
  });

  it('accepts a display text of one to 200 characters, each of which can be two code units', async () => {
    const display_text = '\u{1f600}'.repeat(200);
    await registry.add({ client_id: 'wordy', redirect_uris: [REDIRECT_URI], display_text });
    await registry.add({ client_id: 'terse', redirect_uris: [REDIRECT_URI], display_text: 'x' });
    const longer = { display_text: `${display_text}!`, redirect_uris: [REDIRECT_URI] };
    await refused({ client_id: 'too-wordy', ...longer }, 'client_invalid');
  });

  it('stores the branding of a client for the login pages', async () => {
    const logo = logoMetadataOf(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"></svg>'));
    const dark = logoMetadataOf(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>'));
    const { client_id } = await registry.add({
      client_id: 'library',
      client_name: 'City Library',
      'client_name#et': ' Linnaraamatukogu ',
      display_text: 'Enter the library',
      'display_text#ru': 'Вход в библиотеку',
      accent_color: '#7a1f5c',
      logo,
      logo_dark: dark,
      redirect_uris: [REDIRECT_URI],
    });
    const branding = {
      names: { et: 'Linnaraamatukogu' },
      displayText: { ru: 'Вход в библиотеку', default: 'Enter the library' },
      logo: readLogo(logo),
      logoDark: readLogo(dark),
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
    ['a public client with a secret', { token_endpoint_auth_method: 'none', client_secret: CLIENT_SECRET }],
    ['a secret that is too short', { client_secret: 'secret' }],
    ['a secret of one letter', { client_secret: 'x'.repeat(32) }],
    ['a secret that repeats a word', { client_secret: 'testtesttesttest' }],
    ['a country that there is not', { countries: ['EE', 'XX'] }],
    ['a redirect_uri twice', { redirect_uris: [REDIRECT_URI, REDIRECT_URI] }],
    [
      'a post_logout_redirect_uri twice',
      { post_logout_redirect_uris: ['https://app.example/', 'https://app.example/'] },
    ],
    ['an unsupported client authentication method', { token_endpoint_auth_method: 'private_key_jwt' }],
    ['an unsupported algorithm', { id_token_signed_response_alg: 'HS256' }],
    ['an unsupported scope', { scope: 'openid email' }],
    ['a misspelled member', { redirect_url: REDIRECT_URI }],
    ['a name in an unsupported language', { 'client_name#fi': 'Kirjasto' }],
    ['an empty name in a language', { 'client_name#et': ' ' }],
    ['a display text that is too long', { display_text: 'x'.repeat(201) }],
    ['a colour name', { accent_color: 'rebeccapurple' }],
    ['a colour with further CSS', { accent_color: '#000000;}' }],
    ['an address as the dark logo', { logo_dark: 'https://app.example/logo.png' }],
    [
      'a dark logo without the other one',
      { logo_dark: logoMetadataOf(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"></svg>')) },
    ],
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

  for (const uri of [
    `${REDIRECT_URI} `,
    `${REDIRECT_URI}\n`,
    `${REDIRECT_URI}\u2060`,
    'https:app.example/callback',
    'https:/app.example/callback',
    'https:///app.example/callback',
    'https://app.example\\callback',
    'https://*.app.example/callback',
    'https://app.example/*',
    'https://app.example/a/../callback',
    'https://app.example/%zz',
    'https://õ.example/callback',
    'https://app.example/õ',
    'https://127.1/callback',
    'https://user@app.example/callback',
    'https://app.example/callback#',
    'https://app.example/callback?state=mine',
    "https://app.example/callback?x='y'",
    'ee.example.app:/call back',
    'app:/callback',
  ]) {
    it(`refuses the redirect URI ${JSON.stringify(uri)}, also for after a logout`, async () => {
      const native = uri.startsWith('https') ? {} : { application_type: 'native' };
      await refused({ redirect_uris: [uri], ...native }, 'client_invalid');
      const after = { redirect_uris: [REDIRECT_URI], post_logout_redirect_uris: [uri] };
      await refused({ ...after, ...native }, 'client_invalid');
    });
  }

  it('accepts redirect URIs that browsers read as they are written', async () => {
    for (const uri of [
      'https://app.example',
      'https://App.Example:443/callback',
      'https://app.example:8443/Call-back;v=1?x=%20y&a=b+c&empty=',
      'https://xn--9ca.example/callback?',
      'https://[2001:db8::1]/callback',
    ]) {
      assert.ok((await registry.add({ redirect_uris: [uri] })).client_id, uri);
    }
    const native = { redirect_uris: ['ee.example.app:/callback'], application_type: 'native' };
    assert.ok((await registry.add(native)).client_id);
  });

  for (const id of ['bad id', ' bad', 'bad\n', 'b"d', 'b+d', 'b%64', 'õ', '..', '', OWN_CLIENT_ID]) {
    it(`refuses the client ID ${JSON.stringify(id)}`, () =>
      refused({ client_id: id, redirect_uris: [REDIRECT_URI] }, 'client_invalid'));
  }

  const SERVICE = { id: 'library', name: 'City Library' };
  const membersWith = (uri: string): Readonly<Record<string, object>> => ({
    client_uri: { client_uri: uri },
    sector_identifier_uri: { sector_identifier_uri: uri },
    initiate_login_uri: { initiate_login_uri: uri },
    jwks_uri: { jwks_uri: uri },
    'the uri of a service': { services: [{ ...SERVICE, uri }] },
    backchannel_client_notification_endpoint: {
      backchannel_token_delivery_mode: 'ping',
      backchannel_client_notification_endpoint: uri,
    },
  });
  for (const [member, metadata] of Object.entries(membersWith('https:app.example'))) {
    it(`refuses ${member} with a typing error, a wildcard host, or of another scheme`, async () => {
      await refused({ redirect_uris: [REDIRECT_URI], ...metadata }, 'client_invalid');
      for (const uri of [
        'https://*.app.example/',
        'javascript:alert(1)',
        'ee.example.app:/',
        'mailto:a@b.ee',
      ])
        await refused({ redirect_uris: [REDIRECT_URI], ...membersWith(uri)[member] }, 'client_invalid');
    });
  }

  it('accepts the addresses of a client and of its service', async () => {
    for (const member of ['client_uri', 'initiate_login_uri', 'the uri of a service']) {
      const metadata = membersWith('https://app.example/start?x=%20y#top')[member];
      assert.ok((await registry.add({ redirect_uris: [REDIRECT_URI], ...metadata })).client_id, member);
    }
    await refused(
      { redirect_uris: [REDIRECT_URI], initiate_login_uri: 'https://app.example/?iss=x' },
      'client_invalid',
    );
  });

  for (const [what, character] of [
    ['a control character', '\u0000'],
    ['a line break', '\n'],
    ['a character that turns the direction of text', '\u202e'],
    ['a character without a width', '\u200b'],
    ['a word joiner', '\u2060'],
    ['a soft hyphen', '\u00ad'],
    ['a filler', '\u3164'],
    ['half a character', '\ud800'],
  ] as const) {
    it(`refuses ${what} in every text that people read`, async () => {
      const text = `City${character}Library`;
      for (const metadata of [
        { client_name: text },
        { 'client_name#et': text },
        { display_text: text },
        { 'display_text#lv': text },
        { services: [{ ...SERVICE, name: text }] },
        { services: [{ ...SERVICE, 'name#et': text }] },
      ])
        await refused({ redirect_uris: [REDIRECT_URI], ...metadata }, 'client_invalid');
    });
  }

  it('names the invisible character, and where it is', async () => {
    const metadata = {
      redirect_uris: [REDIRECT_URI],
      services: [{ ...SERVICE, 'name#et': 'Raamatu\u2060kogu' }],
    };
    await assert.rejects(registry.add(metadata), (error: Error) => {
      assert.match(error.message, /U\+2060/);
      assert.match(error.message, /services\[0\](?:\.|\[")name#et/);
      return true;
    });
  });

  it('refuses scopes with which each request would fail', () =>
    refused({ redirect_uris: [REDIRECT_URI], scope: 'profile identity' }, 'client_invalid'));

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

describe('a changed secret', () => {
  let now = Date.now();
  let other: Bridge;
  before(async () => {
    other = await startBridge({ stores: store, now: () => now });
  });
  after(() => other.close());

  it('is accepted beside the old one until the end of that, on every instance, and by no other request', async () => {
    const { client_id, client_secret: first = '' } = await registry.add({ redirect_uris: [REDIRECT_URI] });
    const end = Math.floor(now / 1000) + 3_600;
    const second = (await registry.changeSecret(client_id, end)) ?? '';
    assert.deepEqual(await accepted(client_id, first, second, 'neither', ''), [true, true, false, false]);
    now = end * 1000;
    assert.deepEqual(await accepted(client_id, first, second), [false, true]);
  });

  it('ends every older one at once without an overlap', async () => {
    const { client_id, client_secret: first = '' } = await registry.add({ redirect_uris: [REDIRECT_URI] });
    const second = (await registry.changeSecret(client_id, Math.floor(now / 1000) + 3_600)) ?? '';
    const third = (await registry.changeSecret(client_id)) ?? '';
    assert.deepEqual(await accepted(client_id, first, second, third), [false, false, true]);
  });

  it('of which only the hash is stored is accepted, and the stored text is not', async () => {
    const hashes = ['the first secret', 'the second secret'].map((secret) =>
      createHash('sha256').update(secret).digest('hex'),
    );
    const put = (client_id: string, client_secret: string) =>
      store.records.put(
        'Client',
        client_id,
        { client_id, client_secret, redirect_uris: [REDIRECT_URI] },
        {},
        undefined,
      );
    const one = hashedSecret(hashes.slice(0, 1));
    await put('hashed', one);
    assert.deepEqual(await accepted('hashed', 'the first secret', one, hashes[0] ?? '', ''), [
      true,
      false,
      false,
      false,
    ]);
    const both = hashedSecret(hashes);
    await put('changing', both);
    assert.deepEqual(await accepted('changing', 'the first secret', 'the second secret', both), [
      true,
      true,
      false,
    ]);
    await put('damaged', 'sha256:');
    assert.deepEqual(await accepted('damaged', 'sha256:', ''), [false, false]);
    await refused({ client_secret: one, redirect_uris: [REDIRECT_URI] }, 'client_invalid');
  });

  function accepted(id: string, ...secrets: readonly string[]): Promise<boolean[]> {
    return Promise.all(
      secrets.map(async (secret) => {
        const { status } = await fetch(`${other.issuer}/introspect`, {
          method: 'POST',
          headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
          body: new URLSearchParams({ token: 'unknown' }),
        });
        return status === 200;
      }),
    );
  }
});

describe('the query of a registered URI', () => {
  const QUERY = '?x=%20y&z=a+b%2Bc&x=~&flag';

  for (const responseMode of ['query', 'fragment']) {
    it(`comes back byte for byte after a login, with response_mode ${responseMode}`, async () => {
      const redirect_uri = `${REDIRECT_URI}${QUERY}`;
      const { client_id, client_secret = '' } = await registry.add({ redirect_uris: [redirect_uri] });
      const party = await relyingParty(bridge, client_id, {}, openid.ClientSecretBasic(client_secret));
      const { url } = await authorizationRequest(party, { redirect_uri, response_mode: responseMode });
      const back = (await logIn(personAt(bridge), url)).href;
      assert.ok(back.startsWith(`${redirect_uri}${responseMode === 'query' ? '&' : '#'}code=`), back);
      const { url: refused } = await authorizationRequest(party, { redirect_uri, prompt: 'none' });
      const error = (await personAt(bridge).get(refused)).url.href;
      assert.ok(error.startsWith(`${redirect_uri}&error=login_required&`), error);
    });
  }

  it('comes back byte for byte after a logout', async () => {
    const uri = `${REDIRECT_URI}${QUERY}`;
    const { client_id } = await registry.add({
      redirect_uris: [REDIRECT_URI],
      post_logout_redirect_uris: [REDIRECT_URI, uri],
    });
    const party = await relyingParty(bridge, client_id);
    const person = personAt(bridge);
    const { url } = await authorizationRequest(party, { redirect_uri: REDIRECT_URI });
    await logIn(person, url);
    const asked = await person.get(
      openid.buildEndSessionUrl(party, { post_logout_redirect_uri: uri, state: 'a state' }),
    );
    const { form } = JSON.parse(asked.text) as { form: string };
    const [, action = ''] = / action="([^"]+)"/.exec(form) ?? [];
    const [, xsrf = ''] = / name="xsrf" value="([^"]+)"/.exec(form) ?? [];
    assert.equal((await person.post(action, { xsrf, logout: 'yes' })).url.href, `${uri}&state=a+state`);
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
