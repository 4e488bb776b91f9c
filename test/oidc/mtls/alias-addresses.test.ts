/** What clients sign for the endpoints of `mtls_endpoint_aliases`, with openid-client as the relying party at Sild's own TLS. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { GeneralName } from '@peculiar/asn1-x509';
import { exportJWK, generateKeyPair } from 'jose';
import * as openid from 'openid-client';
import { Agent } from 'undici';
import { createPresentedCertificate } from '../../../src/oidc/mtls/presented-certificate.ts';
import type { Store } from '../../../src/store/store.ts';
import { type HttpServer, onlyMtlsEndpoints, startHttpServer } from '../../../src/web/http-server.ts';
import { clientCertificate, createClientCa } from '../../support/certificates/client-certificates.ts';
import { selfSigned } from '../../support/certificates/self-signed.ts';
import { openTestStore } from '../../support/database.ts';
import {
  aClient,
  authorizationRequest,
  type Bridge,
  logIn,
  oauthErrorOf,
  personAt,
  REDIRECT_URI,
  relyingParty,
  startBridge,
} from '../../support/oidc-bridge.ts';

const DNS = 'client.example';
const tls = selfSigned('localhost');
const certificate = clientCertificate(createClientCa(), {
  alternatives: [new GeneralName({ dNSName: DNS })],
});

let store: Store;
let bridge: Bridge;
let server: HttpServer;
/** Of the aliases. */
let origin: string;
let keys: CryptoKeyPair;
let dispatcher: Agent;

before(async () => {
  store = await openTestStore();
  keys = await generateKeyPair('ES256', { extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'a' }] };
  server = await startHttpServer({
    port: 0,
    host: 'localhost',
    tls,
    asksForCertificate: true,
    listener: onlyMtlsEndpoints((request, response) => {
      bridge.callback()(request, response);
    }),
  });
  origin = `https://localhost:${server.port}`;
  bridge = await startBridge({
    stores: store,
    clients: [
      aClient({
        client_id: 'by-key',
        client_secret: undefined,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks,
        tls_client_certificate_bound_access_tokens: true,
      }),
      aClient({
        client_id: 'by-ca',
        client_secret: undefined,
        token_endpoint_auth_method: 'tls_client_auth',
        tls_client_auth_san_dns: DNS,
        dpop_bound_access_tokens: true,
      }),
    ],
    mutualTls: { presented: createPresentedCertificate({}), isIssued: () => true, origin },
  });
  await bridge.clients.add({ client_id: 'bank', profile: 'fapi2', redirect_uris: [REDIRECT_URI], jwks });
  dispatcher = new Agent({ connect: { ca: tls.cert, cert: certificate.cert, key: certificate.key } });
});
after(async () => {
  await dispatcher.destroy();
  await server.drain(0, 0);
  await bridge.close();
  await store.close();
});

async function partyWith(clientId: string, authentication: openid.ClientAuth) {
  const config = await relyingParty(bridge, clientId, { use_mtls_endpoint_aliases: true }, authentication);
  config[openid.customFetch] = (url, options) =>
    fetch(url, { ...options, dispatcher } as unknown as RequestInit);
  return config;
}

/** Introspects with an assertion for this audience: undefined, or the error. */
async function refusalOf(clientId: string, aud: unknown): Promise<string | undefined> {
  const authentication = openid.PrivateKeyJwt(
    { key: keys.privateKey, kid: 'a' },
    {
      [openid.modifyAssertion]: (_header, payload) => {
        payload.aud = aud as string;
      },
    },
  );
  const asked = openid.tokenIntrospection(await partyWith(clientId, authentication), 'unknown');
  return asked.then(
    () => undefined,
    () => oauthErrorOf(asked),
  );
}

describe('an assertion at an alias', () => {
  it('may have the addresses of the alias and of the issuer, of the endpoint and of the token endpoint', async () => {
    for (const base of [origin, bridge.issuer])
      for (const path of ['/introspect', '/token'])
        assert.equal(await refusalOf('by-key', `${base}${path}`), undefined, base + path);
    assert.equal(await refusalOf('by-key', bridge.issuer), undefined);
  });

  it('may have no other address', async () => {
    for (const aud of [origin, `${origin}/par`, `${origin}/authorize`, 'https://other.example/token'])
      assert.equal(await refusalOf('by-key', aud), 'invalid_client', aud);
  });

  it('has the issuer as its audience with the profile fapi2, and nothing else', async () => {
    assert.equal(await refusalOf('bank', bridge.issuer), undefined);
    assert.equal(await refusalOf('bank', `${origin}/introspect`), 'invalid_client');
  });
});

describe('a DPoP proof at an alias', () => {
  it('has the address of the alias, from the pushed request to userinfo', async () => {
    const config = await partyWith('by-ca', openid.TlsClientAuth());
    const DPoP = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair('ES256'));
    const { url, checks } = await authorizationRequest(config);
    const pushed = await openid.buildAuthorizationUrlWithPAR(config, url.searchParams, { DPoP });
    const answer = await logIn(personAt(bridge), pushed);
    const tokens = await openid.authorizationCodeGrant(config, answer, checks, undefined, { DPoP });
    const sub = tokens.claims()?.sub ?? '';
    assert.equal((await openid.fetchUserInfo(config, tokens.access_token, sub, { DPoP })).sub, sub);
  });

  it('cannot have the address of another endpoint', async () => {
    const config = await partyWith('by-ca', openid.TlsClientAuth());
    // The client signs its proofs for the other endpoint, and sends them to /token.
    config[openid.customFetch] = (address, options) =>
      fetch(address.replace(`${origin}/par`, `${origin}/token`), {
        ...options,
        dispatcher,
      } as unknown as RequestInit);
    const DPoP = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair('ES256'));
    const { url } = await authorizationRequest(config);
    url.searchParams.set('grant_type', 'authorization_code');
    url.searchParams.set('code', 'unknown');
    const pushed = openid.buildAuthorizationUrlWithPAR(config, url.searchParams, { DPoP });
    assert.equal(await oauthErrorOf(pushed), 'invalid_dpop_proof');
  });
});
