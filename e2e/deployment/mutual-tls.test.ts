/** Clients with TLS certificates at MTLS_PORT: the product in its own process, and a real TLS client. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { GeneralName } from '@peculiar/asn1-x509';
import { exportJWK } from 'jose';
import * as openid from 'openid-client';
import {
  type ClientCertificate,
  clientCertificate,
  createClientCa,
} from '../../test/support/certificates/client-certificates.ts';
import { selfSigned } from '../../test/support/certificates/self-signed.ts';
import { createHttpBrowser } from '../../test/support/servers/http-browser.ts';
import { copyDataDirectory } from '../../test/support/templates.ts';
import { freePorts } from '../../test/support/servers/free-ports.ts';
import { freshEnvironment } from '../support/environment.ts';
import { logInOverHttp } from '../support/http/http-login.ts';
import { runSild, type SildProcess } from '../support/sild-process.ts';

const REDIRECT_URI = 'https://client.example/callback';
const DNS = 'client.example';
const PERSON = { country: 'EE', personal_code: '40504040001' };

const ca = createClientCa();
const named = { alternatives: [new GeneralName({ dNSName: DNS })] };
const issued = clientCertificate(ca, named);
const own = clientCertificate(undefined);
const wrong: Readonly<Record<string, ClientCertificate | undefined>> = {
  'no certificate': undefined,
  'one of another CA': clientCertificate(createClientCa(), named),
  'one of the CA for another name': clientCertificate(ca),
  'a self-signed one': clientCertificate(undefined, named),
};
const tls = selfSigned('localhost');

let directory: string;
let sild: SildProcess;
let issuer: string;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sild-mtls-'));
  const dataDirectory = join(directory, 'data');
  await copyDataDirectory(dataDirectory);
  const environment = await freshEnvironment(dataDirectory);
  const [mtlsPort = 0] = await freePorts(1);
  issuer = environment.ISSUER.replace('http:', 'https:');
  const x5c = [own.certificate.raw.toString('base64')];
  const common = { redirect_uris: [REDIRECT_URI], tls_client_certificate_bound_access_tokens: true };
  const clients = [
    {
      ...common,
      client_id: 'issued',
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_san_dns: DNS,
    },
    {
      ...common,
      client_id: 'own',
      token_endpoint_auth_method: 'self_signed_tls_client_auth',
      jwks: { keys: [{ ...(await exportJWK(own.certificate.publicKey)), x5c }] },
    },
  ];
  const files = {
    TLS_CERT_FILE: ['tls.pem', tls.cert],
    TLS_KEY_FILE: ['tls.key', tls.key],
    MTLS_CA_FILE: ['ca.pem', ca.certificate.toString()],
    CLIENTS_FILE: ['clients.json', JSON.stringify({ clients })],
  } as const;
  for (const [name, content] of Object.values(files)) await writeFile(join(directory, name), content);
  const paths = Object.entries(files).map(([variable, [name]]) => [variable, join(directory, name)] as const);
  sild = runSild({
    environment: {
      ...environment,
      ...Object.fromEntries(paths),
      ISSUER: issuer,
      MTLS_PORT: String(mtlsPort),
      // The sample app of the process is a TLS client of the issuer.
      NODE_EXTRA_CA_CERTS: join(directory, 'tls.pem'),
    },
  });
  await untilReady();
});
after(async () => {
  sild.signal('SIGTERM');
  assert.equal(await sild.exited, 0);
  await rm(directory, { recursive: true, force: true });
});

/** The platform's TLS client, with a certificate or without. */
function fetchWith(certificate?: ClientCertificate) {
  return async (address: string | URL, init: RequestInit = {}): Promise<Response> => {
    // It knows the headers of the body, as the platform's `fetch` does.
    const asked = new Request(address, init);
    const body = await asked.text();
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = Object.fromEntries(asked.headers);
      const { cert, key } = certificate ?? {};
      const sent = request(
        address,
        { method: asked.method, headers, ca: tls.cert, cert, key, agent: false },
        resolve,
      );
      sent.on('error', reject);
      sent.end(body);
    });
    const headers = new Headers();
    for (const [name, values = []] of Object.entries(answer.headersDistinct)) {
      for (const value of values) headers.append(name, value);
    }
    return new Response(await text(answer), { status: answer.statusCode ?? 0, headers });
  };
}

async function untilReady(): Promise<void> {
  const limit = performance.now() + 60_000;
  for (;;) {
    const answer = await fetchWith()(`${issuer}/readyz`).catch(() => undefined);
    if (answer?.status === 200) return;
    if (sild.hasExited() || performance.now() > limit) throw new Error(sild.output());
    await delay(50);
  }
}

function partyWith(clientId: string, certificate?: ClientCertificate): Promise<openid.Configuration> {
  const metadata = { use_mtls_endpoint_aliases: true };
  return openid.discovery(new URL(issuer), clientId, metadata, openid.TlsClientAuth(), {
    [openid.customFetch]: (url, options) => fetchWith(certificate)(url, options as RequestInit),
  });
}

/** The code of a login, as the address of the redirect to the client, with what checks it. */
async function codeFor(config: openid.Configuration) {
  const pkceCodeVerifier = openid.randomPKCECodeVerifier();
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri: REDIRECT_URI,
    scope: 'openid',
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  const browser = createHttpBrowser({
    stopAt: (at) => at.href.startsWith(REDIRECT_URI),
    fetch: (at, init) => fetchWith()(at, init),
  });
  const page = await logInOverHttp(browser, url, PERSON);
  return { callback: page.url, checks: { pkceCodeVerifier } };
}

describe('MTLS_PORT of a process', () => {
  for (const [clientId, right, others] of [
    ['issued', issued, wrong],
    ['own', own, { ...wrong, 'one of the CA': issued }],
  ] as const) {
    it(`authenticates the client ${clientId} by its certificate, and binds its token to it`, async () => {
      const config = await partyWith(clientId, right);
      const { mtls_endpoint_aliases: aliases } = config.serverMetadata();
      assert.notEqual(new URL(aliases?.token_endpoint ?? '').port, new URL(issuer).port);
      const { callback, checks } = await codeFor(config);
      for (const [title, other] of Object.entries(others)) {
        const grant = openid.authorizationCodeGrant(await partyWith(clientId, other), callback, checks);
        await assert.rejects(grant, { error: 'invalid_client' }, title);
      }
      const tokens = await openid.authorizationCodeGrant(config, callback, checks);
      const { access_token: token } = tokens;
      const sub = tokens.claims()?.sub ?? '';
      assert.equal(sub, `PNOEE-${PERSON.personal_code}`);
      assert.equal((await openid.fetchUserInfo(config, token, sub)).sub, sub);
      for (const [title, other] of Object.entries(others)) {
        const info = openid.fetchUserInfo(await partyWith(clientId, other), token, sub);
        await assert.rejects(info, { code: 'OAUTH_WWW_AUTHENTICATE_CHALLENGE' }, title);
      }
      // PORT does not ask for a certificate, so that there is none.
      const plain = await fetchWith(right)(`${issuer}/userinfo`, {
        headers: { authorization: `Bearer ${token}` },
      });
      assert.equal(plain.status, 401);
    });
  }

  it('has no page for people', async () => {
    const aliases = (await partyWith('issued', issued)).serverMetadata().mtls_endpoint_aliases;
    const page = await fetchWith(issued)(new URL('/authorize', aliases?.token_endpoint));
    assert.equal(page.status, 404);
  });
});
