/** Clients with TLS certificates, with openid-client as the relying party: over Sild's own TLS, and through a proxy's header. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { GeneralName, id_kp_serverAuth, KeyUsageFlags } from '@peculiar/asn1-x509';
import { exportJWK } from 'jose';
import * as openid from 'openid-client';
import { Agent } from 'undici';
import { issuedBy } from '../../../src/bootstrap/tls/mutual-tls.ts';
import { createPresentedCertificate } from '../../../src/oidc/mtls/presented-certificate.ts';
import { parseCertificate } from '../../../src/pki/certificate.ts';
import { buildTrustStore } from '../../../src/pki/trust-store-building.ts';
import type { Store } from '../../../src/store/store.ts';
import { type HttpServer, onlyMtlsEndpoints, startHttpServer } from '../../../src/web/http-server.ts';
import {
  type ClientCertificate,
  clientCertificate,
  createClientCa,
} from '../../support/certificates/client-certificates.ts';
import { selfSigned } from '../../support/certificates/self-signed.ts';
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

const HEADER = 'x-client-cert';
const DNS = 'client.example';

const ca = createClientCa();
const strangers = createClientCa();
const tls = selfSigned('localhost');
const issued = clientCertificate(ca, { alternatives: [new GeneralName({ dNSName: DNS })] });
const own = clientCertificate(undefined);
const trusted = buildTrustStore([parseCertificate(ca.certificate.raw)]);
const isIssued = issuedBy(trusted, Date.now);

let store: Store;
let bridge: Bridge;
let server: HttpServer;
/** Where the bridge takes certificates of connections. */
let origin: string;
/** Bridges that take the header from this machine, and from another one alone. */
let behindProxy: Bridge;
let behindAnother: Bridge;
let ignored = 0;

before(async () => {
  store = await openTestStore();
  const clients = [
    aClient({
      client_id: 'by-ca',
      client_secret: undefined,
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_san_dns: DNS,
      tls_client_certificate_bound_access_tokens: true,
    }),
    aClient({
      client_id: 'by-name',
      client_secret: undefined,
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_subject_dn: 'CN=client,O=Example,C=EE',
    }),
    aClient({
      client_id: 'own',
      client_secret: undefined,
      token_endpoint_auth_method: 'self_signed_tls_client_auth',
      jwks: {
        keys: [
          { ...(await exportJWK(own.certificate.publicKey)), x5c: [own.certificate.raw.toString('base64')] },
        ],
      },
    }),
    aClient({ client_id: 'with-secret' }),
  ];
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
  const presented = createPresentedCertificate({});
  bridge = await startBridge({ stores: store, clients, mutualTls: { presented, isIssued, origin } });
  const behind = (proxies: readonly string[]) =>
    startBridge({
      stores: store,
      clients,
      mutualTls: {
        isIssued,
        presented: createPresentedCertificate({
          header: { name: HEADER, proxies },
          onUntrusted: () => (ignored += 1),
        }),
      },
    });
  behindProxy = await behind(['127.0.0.0/8', '::1']);
  behindAnother = await behind(['10.1.2.3']);
});
after(async () => {
  await server.drain(0, 0);
  for (const one of [bridge, behindProxy, behindAnother]) await one.close();
  await store.close();
});

/** A relying party that presents a certificate at the endpoints for it. */
async function partyWith(
  clientId: string,
  certificate?: ClientCertificate,
  authentication: openid.ClientAuth = openid.TlsClientAuth(),
): Promise<openid.Configuration> {
  const metadata = { use_mtls_endpoint_aliases: true };
  const config = await relyingParty(bridge, clientId, metadata, authentication);
  const { cert, key } = certificate ?? {};
  const dispatcher = new Agent({ connect: { ca: tls.cert, ...(cert && key ? { cert, key } : {}) } });
  after(() => dispatcher.destroy());
  config[openid.customFetch] = (url, options) =>
    fetch(url, { ...options, dispatcher } as unknown as RequestInit);
  return config;
}

async function isAccepted(clientId: string, certificate?: ClientCertificate): Promise<boolean> {
  try {
    const { active } = await openid.tokenIntrospection(await partyWith(clientId, certificate), 'unknown');
    return !active;
  } catch (error) {
    if (error instanceof openid.ResponseBodyError && error.error === 'invalid_client') return false;
    throw error;
  }
}

describe('discovery', () => {
  it('names the endpoints for certificates, and the methods', async () => {
    const metadata = (await partyWith('by-ca')).serverMetadata();
    assert.deepEqual(metadata.mtls_endpoint_aliases, {
      token_endpoint: `${origin}/token`,
      userinfo_endpoint: `${origin}/userinfo`,
      pushed_authorization_request_endpoint: `${origin}/par`,
      introspection_endpoint: `${origin}/introspect`,
      revocation_endpoint: `${origin}/revoke`,
    });
    assert.equal(metadata.tls_client_certificate_bound_access_tokens, true);
    const methods = metadata.token_endpoint_auth_methods_supported ?? [];
    assert.ok(['tls_client_auth', 'self_signed_tls_client_auth'].every((method) => methods.includes(method)));
  });

  it('has nothing of it without the setting, and tls_client_auth only with CAs', async (test) => {
    const without = await startBridge({ stores: store });
    test.after(() => without.close());
    const metadata = (await relyingParty(without)).serverMetadata();
    assert.equal(metadata.mtls_endpoint_aliases, undefined);
    assert.equal(metadata.tls_client_certificate_bound_access_tokens, undefined);
    assert.ok(!metadata.token_endpoint_auth_methods_supported?.some((method) => method.includes('tls')));
    const own = await startBridge({ stores: store, mutualTls: { presented: () => undefined } });
    test.after(() => own.close());
    const methods = (await relyingParty(own)).serverMetadata().token_endpoint_auth_methods_supported;
    assert.deepEqual(
      methods?.filter((method) => method.includes('tls')),
      ['self_signed_tls_client_auth'],
    );
  });
});

describe('tls_client_auth', () => {
  it('accepts a certificate of the operator’s CA with the registered name', async () => {
    assert.equal(await isAccepted('by-ca', issued), true);
    assert.equal(await isAccepted('by-name', issued), true);
  });

  const hour = 3_600_000;
  const named = { alternatives: [new GeneralName({ dNSName: DNS })] };
  const refused: Readonly<Record<string, ClientCertificate | undefined>> = {
    'no certificate': undefined,
    'a certificate of another CA of the same name': clientCertificate(strangers, named),
    'a self-signed certificate with the name': clientCertificate(undefined, named),
    'an expired one': clientCertificate(ca, { ...named, notAfter: new Date(Date.now() - 60_000) }),
    'one of the future': clientCertificate(ca, { ...named, notBefore: new Date(Date.now() + hour / 2) }),
    'one for servers': clientCertificate(ca, { ...named, purposes: [id_kp_serverAuth] }),
    'one whose key may not sign': clientCertificate(ca, {
      ...named,
      keyUsage: KeyUsageFlags.keyEncipherment,
    }),
    'another name': clientCertificate(ca, { alternatives: [new GeneralName({ dNSName: 'evil.example' })] }),
    'a wildcard': clientCertificate(ca, { alternatives: [new GeneralName({ dNSName: '*.example' })] }),
    'the name as another kind': clientCertificate(ca, {
      alternatives: [new GeneralName({ uniformResourceIdentifier: DNS })],
    }),
    'the name as the common name alone': clientCertificate(ca, { subject: [['2.5.4.3', DNS]] }),
  };
  for (const [title, certificate] of Object.entries(refused)) {
    it(`refuses ${title}`, async () => {
      assert.equal(await isAccepted('by-ca', certificate), false);
    });
  }

  it('compares the whole subject', async () => {
    for (const subject of [
      [['2.5.4.3', 'client']],
      [
        ['2.5.4.6', 'EE'],
        ['2.5.4.10', 'Example'],
        ['2.5.4.3', 'Client'],
      ],
      [
        ['2.5.4.3', 'client'],
        ['2.5.4.10', 'Example'],
        ['2.5.4.6', 'EE'],
      ],
      [
        ['2.5.4.6', 'EE'],
        ['2.5.4.10', 'Example,CN=client'],
      ],
    ] as const) {
      const certificate = clientCertificate(ca, { subject: subject.map(([oid, value]) => [oid, value]) });
      assert.equal(await isAccepted('by-name', certificate), false, JSON.stringify(subject));
    }
  });

  it('accepts one without purposes', async () => {
    assert.equal(await isAccepted('by-ca', clientCertificate(ca, { ...named, purposes: undefined })), true);
  });
});

describe('self_signed_tls_client_auth', () => {
  it('accepts the registered certificate alone', async () => {
    assert.equal(await isAccepted('own', own), true);
    for (const other of [undefined, issued, clientCertificate(undefined)]) {
      assert.equal(await isAccepted('own', other), false);
    }
  });

  it('does not let another client in', async () => {
    assert.equal(await isAccepted('with-secret', own), false);
    assert.equal(await isAccepted('by-ca', own), false);
  });
});

describe('an access token that is bound to a certificate', () => {
  it('is usable with this certificate alone', async () => {
    const config = await partyWith('by-ca', issued);
    const { url, checks } = await authorizationRequest(config);
    const answer = await logIn(personAt(bridge), url);
    const tokens = await openid.authorizationCodeGrant(config, answer, checks);
    const sub = tokens.claims()?.sub ?? '';
    assert.equal((await openid.fetchUserInfo(config, tokens.access_token, sub)).sub, sub);
    const { cnf } = await openid.tokenIntrospection(config, tokens.access_token);
    assert.equal(typeof cnf?.['x5t#S256'], 'string');
    for (const other of [own, undefined]) {
      const stranger = await partyWith('by-ca', other);
      await assert.rejects(openid.fetchUserInfo(stranger, tokens.access_token, sub), {
        code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE',
      });
    }
    const plain = await fetch(`${bridge.issuer}/userinfo`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    });
    assert.equal(plain.status, 401);
  });
});

describe('the port that asks for certificates', () => {
  it('has no page for people', async () => {
    const dispatcher = new Agent({ connect: { ca: tls.cert } });
    after(() => dispatcher.destroy());
    for (const path of ['/', '/authorize', '/login/x', '/logout', '/.well-known/openid-configuration']) {
      const { status } = await fetch(`${origin}${path}`, { dispatcher } as unknown as RequestInit);
      assert.equal(status, 404, path);
    }
  });
});

describe('the header of a proxy', () => {
  const pem = ({ cert }: ClientCertificate) => encodeURIComponent(cert);
  const status = async (at: Bridge, header: string | readonly string[], clientId = 'by-ca') => {
    const headers = new Headers();
    for (const value of [header].flat()) headers.append(HEADER, value);
    const body = new URLSearchParams({ client_id: clientId, token: 'unknown' });
    return (await fetch(`${at.issuer}/introspect`, { method: 'POST', headers, body })).status;
  };

  it('is accepted from a named proxy: as nginx writes it, as Apache does, and as of RFC 9440', async () => {
    const apache = issued.cert.replaceAll('\n', ' ');
    const rfc = `:${issued.certificate.raw.toString('base64')}:`;
    for (const header of [pem(issued), apache, rfc]) {
      assert.equal(await status(behindProxy, header), 200, header.slice(0, 40));
    }
    assert.equal(await status(behindProxy, pem(own), 'own'), 200);
  });

  it('is ignored from every other address, and where no header is configured', async () => {
    const before = ignored;
    assert.equal(await status(behindAnother, pem(issued)), 401);
    assert.equal(ignored, before + 1);
    assert.equal(await status(bridge, pem(issued)), 401);
  });

  it('is refused twice, with two certificates, empty, or as anything else', async () => {
    for (const header of [
      [pem(issued), pem(issued)],
      `${pem(issued)}${pem(own)}`,
      '',
      'x',
      '%',
      '::',
      ':AAAA:',
      encodeURIComponent('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'),
      `${pem(issued)},`,
    ]) {
      assert.equal(await status(behindProxy, header), 401, JSON.stringify(header).slice(0, 60));
    }
  });

  it('is checked like a certificate of a connection', async () => {
    assert.equal(await status(behindProxy, pem(clientCertificate(strangers))), 401);
    assert.equal(await status(behindProxy, pem(own)), 401);
  });
});
