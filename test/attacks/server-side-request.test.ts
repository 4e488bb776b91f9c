/**
 * A client, or an attacker who claims to be one, tries to make Sild fetch an address in the operator's network (SSRF). Sild
 * must not connect, neither for client metadata nor for parameters of an authorization request.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { generateKeyPair, SignJWT } from 'jose';
import { ClientError } from '../../src/oidc/clients/client-validation.ts';
import { type ClientRegistry, createClientRegistry } from '../../src/oidc/clients/clients.ts';
import type { Store } from '../../src/store/store.ts';
import { openTestStore } from '../support/database.ts';
import {
  aClient,
  authorizationRequest,
  type Bridge,
  personAt,
  REDIRECT_URI,
  relyingParty,
  startBridge,
} from '../support/oidc-bridge.ts';

/** An internal service of the operator. */
let inside: Server;
let address: string;
let connections = 0;
let store: Store;
let bridge: Bridge;

before(async () => {
  inside = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  inside.listen(0, 'localhost');
  await once(inside, 'listening');
  address = `localhost:${(inside.address() as AddressInfo).port}`;
  store = await openTestStore();
  bridge = await startBridge({ stores: store, clients: [aClient()] });
});
beforeEach(() => {
  connections = 0;
});
after(async () => {
  inside.close();
  await bridge.close();
  await store.close();
});

const refusals: Readonly<Record<string, (address: string) => Record<string, unknown>>> = {
  sector_identifier_uri: (at) => ({ subject_type: 'pairwise', sector_identifier_uri: `https://${at}/` }),
  'sector_identifier_uri over http': (at) => ({
    subject_type: 'pairwise',
    sector_identifier_uri: `http://${at}/`,
  }),
  'jwks_uri over http': (at) => ({ jwks_uri: `http://${at}/` }),
  logo_uri: (at) => ({ logo_uri: `https://${at}/` }),
  backchannel_logout_uri: (at) => ({ backchannel_logout_uri: `https://${at}/` }),
  request_uris: (at) => ({ request_uris: [`https://${at}/`] }),
  logo: (at) => ({ logo: `https://${at}/logo.png` }),
};

describe('client metadata with an internal address', () => {
  for (const [name, metadata] of Object.entries(refusals)) {
    it(`is refused without a connection: ${name}`, async () => {
      const registries: ClientRegistry[] = [bridge.clients, createClientRegistry(store.records)];
      for (const registry of registries) {
        await assert.rejects(
          registry.add({ redirect_uris: [REDIRECT_URI], ...metadata(address) }),
          (error) => error instanceof ClientError && error.code === 'client_invalid',
        );
      }
      assert.equal(connections, 0);
    });
  }

  it('is not connected to when a client authenticates: jwks_uri', async () => {
    const { client_id } = await bridge.clients.add({
      redirect_uris: [REDIRECT_URI],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks_uri: `https://${address}/`,
    });
    const { privateKey } = await generateKeyPair('ES256');
    const claims = { iss: client_id, sub: client_id, aud: bridge.issuer, jti: 'a' };
    const { status } = await fetch(`${bridge.issuer}/introspect`, {
      method: 'POST',
      body: new URLSearchParams({
        client_id,
        token: 'unknown',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await new SignJWT(claims)
          .setProtectedHeader({ alg: 'ES256' })
          .setExpirationTime('1m')
          .sign(privateKey),
      }),
    });
    assert.deepEqual([status, connections], [401, 0]);
  });

  it('is reported to the operator with the reason', async () => {
    await assert.rejects(
      bridge.clients.add({
        redirect_uris: [REDIRECT_URI],
        subject_type: 'pairwise',
        sector_identifier_uri: 'https://127.0.0.1/sector.json',
      }),
      /: 127\.0\.0\.1 is no address of the internet$/,
    );
  });
});

describe('an authorization request with an internal address', () => {
  it('causes no outbound request', async () => {
    const config = await relyingParty(bridge);
    for (const parameters of [
      { request_uri: `https://${address}/` },
      { client_id: `https://${address}/client` },
      { redirect_uri: `https://${address}/` },
      { registration: JSON.stringify({ jwks_uri: `https://${address}/` }) },
      { claims_locales: `https://${address}/`, resource: `https://${address}/` },
    ]) {
      const { url } = await authorizationRequest(config, parameters);
      await personAt(bridge).get(url);
    }
    assert.equal(connections, 0);
  });
});
