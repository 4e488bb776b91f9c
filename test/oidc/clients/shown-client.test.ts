import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Client } from 'oidc-provider';
import { shownClient } from '../../../src/oidc/clients/shown-client.ts';

const ISSUER = 'https://login.example.ee';
const CALLBACK = 'https://app.example.ee:8443/callback?tenant=1';

describe('a client as pages show it', () => {
  it('has its registered home page, and begins a login at its initiate_login_uri with the issuer', () => {
    const client = aClient({
      clientUri: 'https://app.example.ee/home',
      initiateLoginUri: 'https://app.example.ee/start?from=sild',
    });
    const { uri, loginUri } = shownClient(client, {}, ISSUER);
    assert.equal(uri, 'https://app.example.ee/home');
    assert.equal(loginUri, 'https://app.example.ee/start?from=sild&iss=https%3A%2F%2Flogin.example.ee');
  });

  it('begins a login at its initiate_login_uri as it is registered, byte for byte', () => {
    const iss = 'iss=https%3A%2F%2Flogin.example.ee';
    for (const [registered, begins] of [
      ['https://app.example.ee/start?x=%20y&a=b+c', `https://app.example.ee/start?x=%20y&a=b+c&${iss}`],
      ['https://app.example.ee/start?', `https://app.example.ee/start?${iss}`],
      ['https://App.example.ee', `https://App.example.ee?${iss}`],
      ['https://app.example.ee/?a=1#/start?b', `https://app.example.ee/?a=1&${iss}#/start?b`],
    ] as const) {
      assert.equal(shownClient(aClient({ initiateLoginUri: registered }), {}, ISSUER).loginUri, begins);
    }
  });

  it('has the origin of the redirect URI as its home page, of the request or else the first', () => {
    const client = aClient({ redirectUris: ['http://localhost:3002/callback', CALLBACK] });
    assert.equal(shownClient(client).uri, 'http://localhost:3002/');
    assert.equal(shownClient(client, { redirect_uri: CALLBACK }).uri, 'https://app.example.ee:8443/');
  });

  it('has no home page if it is an app', () => {
    const app = 'ee.example.app:/callback';
    assert.equal(shownClient(aClient({ redirectUris: [app] }), { redirect_uri: app }).uri, undefined);
  });

  it('has the home page of the service that asks, and does not begin a login at the broker', () => {
    const client = aClient({
      clientUri: 'https://sso.example.ee/',
      initiateLoginUri: 'https://sso.example.ee/start',
      services: [
        { id: 'library', name: 'City Library', uri: 'https://library.example.ee/' },
        { id: 'museum', name: 'City Museum' },
      ],
    });
    const [library, museum] = ['library', 'museum'].map((service) =>
      shownClient(client, { service }, ISSUER),
    );
    assert.deepEqual([library?.uri, library?.loginUri], ['https://library.example.ee/', undefined]);
    assert.deepEqual(
      [museum?.name, museum?.uri, museum?.loginUri],
      [
        'City Museum',
        'https://sso.example.ee/',
        'https://sso.example.ee/start?iss=https%3A%2F%2Flogin.example.ee',
      ],
    );
  });
});

function aClient(members: Readonly<Record<string, unknown>>): Client {
  return { clientId: 'app', redirectUris: [CALLBACK], ...members } as unknown as Client;
}
