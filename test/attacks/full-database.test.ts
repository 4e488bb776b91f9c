/**
 * An attacker sends the largest allowed authorization requests without end: what one address, and one IPv6 /48, can occupy in the
 * database. docs/security.md states the bound.
 */
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createLogger } from '../../src/log/logger.ts';
import { createClientRegistry } from '../../src/oidc/clients/clients.ts';
import { createSecrets } from '../../src/secrets/secrets.ts';
import { openStore } from '../../src/store/store.ts';
import { MAX_AUTHORIZATION_REQUEST } from '../../src/web/middleware/authorization-limits.ts';
import { createHttpBrowser } from '../support/servers/http-browser.ts';
import { execute, startTestPostgres, type TestPostgres } from '../support/servers/postgres.ts';
import { startWholeSild, type WholeSild } from '../support/whole-sild.ts';

const SECRET_KEY = randomBytes(48).toString('base64url');
const STARTS = 2;
/** As docs/security.md has it: three times as many as starts, and sixteen times that for a /48. */
const ROWS_OF_ADDRESS = 3 * STARTS;
const ROWS_OF_48 = 16 * ROWS_OF_ADDRESS;
/** Of the parameters, in JSON. */
const MAX_STORED = 8 * 1024;
const REDIRECT_URI = 'http://localhost:9/callback';

const PARAMETERS = {
  client_id: 'public',
  response_type: 'code',
  scope: 'openid',
  redirect_uri: REDIRECT_URI,
  code_challenge: 'x'.repeat(43),
  code_challenge_method: 'S256',
};

/** A request of the largest allowed size, which also takes as many bytes as a request may take in the database. */
function largestRequest(parameters: Readonly<Record<string, string>> = PARAMETERS): string {
  const start = `${new URLSearchParams(parameters).toString()}&login_hint=`;
  const length = MAX_AUTHORIZATION_REQUEST - start.length - '&state='.length;
  const ofText = { ...parameters, login_hint: '', state: 'x'.repeat(length) };
  const left = MAX_STORED - JSON.stringify(ofText).length;
  // Twice as long in JSON.
  return `${start}${'\\'.repeat(left)}&state=${'x'.repeat(length - left)}`;
}

/** Addresses in as many /64 of one /48 as there are. */
function addressesIn48(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}:${(index * 37).toString(16)}::1`);
}

describe('a flood of authorization requests', () => {
  let server: TestPostgres;
  let sild: WholeSild;
  before(async () => {
    server = await startTestPostgres();
    await addClient();
    sild = await startWholeSild({
      DATABASE_URL: server.url,
      SECRET_KEY,
      TRUST_PROXY: '1',
      RATE_ADDRESS: `${STARTS}/1d`,
      RATE_REQUESTS: 'off',
    });
  });
  after(async () => {
    await sild.stop();
    await server.stop();
  });

  for (const { model, send } of [
    { model: 'Interaction', send: (address: string) => authorize(address) },
    { model: 'PushedAuthorizationRequest', send: (address: string) => push(address) },
  ] as const) {
    const flood = async (addresses: readonly string[]) => {
      const before = await occupied(model);
      for (let from = 0; from < addresses.length; from += 20) {
        const statuses = await Promise.all(addresses.slice(from, from + 20).map(send));
        for (const status of statuses) assert.ok([201, 303, 429].includes(status), `${status}`);
      }
      const { rows, bytes } = await occupied(model);
      return { rows: rows - before.rows, bytes: bytes - before.bytes };
    };
    // An index grows by pages.
    const slack = 64 * 1024;

    it(`adds no more rows of ${model} from one address than the bound`, async () => {
      const { rows, bytes } = await flood(Array.from({ length: 60 }, () => '192.0.2.1'));
      assert.equal(rows, ROWS_OF_ADDRESS);
      assert.ok(bytes <= rows * (await bytesOfRow()) + slack, `${bytes} bytes for ${rows} rows`);
    });

    it(`adds no more rows of ${model} from one /48 than the bound`, async () => {
      const addresses = addressesIn48(model === 'Interaction' ? '2001:db8:1' : '2001:db8:2', 200);
      const { rows, bytes } = await flood([...addresses, ...addresses, ...addresses]);
      assert.equal(rows, ROWS_OF_48);
      assert.ok(bytes <= rows * (await bytesOfRow()) + slack, `${bytes} bytes for ${rows} rows`);
      assert.ok(bytes >= (rows * (await bytesOfRow())) / 2, `${bytes} bytes`);
    });
  }

  it('remembers no more proofs of pushed requests (DPoP) than it stores requests', async () => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(pair.publicKey);
    const before = await occupied('ReplayDetection');
    const { nonce } = await pushWithProof({});
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async () => (await pushWithProof({ nonce })).status),
    );
    assert.ok(statuses.includes(201) && statuses.includes(429), statuses.join());
    assert.equal((await occupied('ReplayDetection')).rows - before.rows, ROWS_OF_ADDRESS);

    async function pushWithProof(claims: Readonly<Record<string, unknown>>) {
      const valid = { htm: 'POST', htu: `${sild.issuer}/par`, jti: randomUUID(), ...claims };
      const proof = await new SignJWT({ ...valid, iat: Math.floor(Date.now() / 1000) })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
        .sign(pair.privateKey);
      const answer = await fetch(`${sild.issuer}/par`, {
        method: 'POST',
        headers: { 'x-forwarded-for': '198.51.100.9', dpop: proof },
        body: new URLSearchParams(PARAMETERS),
      });
      await answer.body?.cancel();
      return { status: answer.status, nonce: answer.headers.get('dpop-nonce') };
    }
  });

  for (const [what, more] of [
    ['a text that is longer in JSON', { state: '\\'.repeat(5_000) }],
    ['numbers that are longer without an exponent', { claims: manyNumbers(800) }],
  ] as const) {
    it(`stores no request with ${what}`, async () => {
      const { rows } = await occupied('PushedAuthorizationRequest');
      const query = new URLSearchParams({ ...PARAMETERS, ...more })
        .toString()
        .replaceAll('%5C', '\\')
        .replaceAll('%2C', ',');
      assert.ok(query.length <= MAX_AUTHORIZATION_REQUEST);
      assert.equal(await push('198.51.100.1', query), 400);
      assert.equal((await occupied('PushedAuthorizationRequest')).rows, rows);
    });
  }

  it('returns such a request to its client, without a row', async () => {
    const { rows } = await occupied('Interaction');
    const query = new URLSearchParams(PARAMETERS).toString();
    assert.equal(await authorize('198.51.100.1', `${query}&state=${'\\'.repeat(5_000)}`), 303);
    assert.equal((await occupied('Interaction')).rows, rows);
    assert.equal(await authorize('198.51.100.1', query), 303);
    assert.equal((await occupied('Interaction')).rows, rows + 1);
  });

  it('adds an answer to each request that ends without a login, which takes no more than the request', async () => {
    const state = "'".repeat(1_365);
    for (const [address, query] of [
      ['203.0.113.1', largestRequest()],
      ['203.0.113.2', largestRequest({ ...PARAMETERS, response_mode: 'form_post' })],
      ['203.0.113.3', new URLSearchParams({ ...PARAMETERS, response_mode: 'form_post', state }).toString()],
    ] as const) {
      const before = await occupied('ResumptionAnswer');
      const requests = await occupied('Interaction');
      for (let count = 0; count < ROWS_OF_ADDRESS; count += 1) await goBackFrom(address, query);
      const { rows, bytes } = await occupied('ResumptionAnswer');
      assert.equal(rows - before.rows, ROWS_OF_ADDRESS);
      assert.equal((await occupied('Interaction')).rows - requests.rows, ROWS_OF_ADDRESS);
      assert.ok(bytes - before.bytes <= 2 * ROWS_OF_ADDRESS * (await bytesOfRow()) + 64 * 1024);
    }
  });

  it('stores no request whose answer would be longer', async () => {
    const { rows } = await occupied('Interaction');
    for (const character of ["'", '"', '<', '\\']) {
      const parameters = { ...PARAMETERS, response_mode: 'form_post', state: character.repeat(1_366) };
      assert.equal(await authorize('203.0.113.4', new URLSearchParams(parameters).toString()), 400);
    }
    assert.equal((await occupied('Interaction')).rows, rows);
  });

  it('does not limit what a client with a secret pushes', async () => {
    const { rows } = await occupied('PushedAuthorizationRequest');
    const secret = { authorization: `Basic ${btoa('sample-app:sample-app-secret')}` };
    const client = { ...PARAMETERS, client_id: 'sample-app', redirect_uri: sild.redirectUri };
    const body = new URLSearchParams(client).toString();
    for (let count = 0; count <= ROWS_OF_ADDRESS; count += 1) {
      assert.equal(await push('192.0.2.1', body, secret), 201);
    }
    assert.equal((await occupied('PushedAuthorizationRequest')).rows, rows + ROWS_OF_ADDRESS + 1);
  });

  async function authorize(address: string, query = largestRequest()): Promise<number> {
    const { status, body } = await fetch(`${sild.issuer}/authorize?${query}`, {
      headers: { 'x-forwarded-for': address, accept: 'application/json' },
      redirect: 'manual',
    });
    await body?.cancel();
    return status;
  }

  /** Opens a login, goes back, and gets the answer for the client. */
  async function goBackFrom(address: string, query: string): Promise<void> {
    const browser = createHttpBrowser({
      stopAt: (url) => url.origin !== sild.issuer,
      fetch(url, init) {
        init.headers.set('x-forwarded-for', address);
        return fetch(url, init);
      },
    });
    const { url: loginPage } = await browser.get(`${sild.issuer}/authorize?${query}`);
    const [login] = /^\/login\/[\w-]+/.exec(loginPage.pathname) ?? [];
    assert.ok(login);
    assert.equal((await browser.post(`${sild.issuer}${login}/cancel`, {})).status, 200);
    await browser.get(`${sild.issuer}${login.replace('/login', '/authorize')}`);
  }

  async function push(
    address: string,
    body = largestRequest(),
    headers: Record<string, string> = {},
  ): Promise<number> {
    const answer = await fetch(`${sild.issuer}/par`, {
      method: 'POST',
      headers: {
        ...headers,
        'x-forwarded-for': address,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body,
    });
    await answer.body?.cancel();
    if (answer.status === 429) assert.ok(Number(answer.headers.get('retry-after')) > 0);
    return answer.status;
  }

  async function occupied(model: string): Promise<{ rows: number; bytes: number }> {
    const [counted] = await execute(
      server.url,
      `select (select count(*) from oidc_record where model = '${model}')::int as rows,
        pg_total_relation_size('oidc_record')::int as bytes`,
    );
    return counted as { rows: number; bytes: number };
  }

  async function addClient(): Promise<void> {
    const store = await openStore({
      databaseUrl: server.url,
      dataDir: '/nowhere',
      secrets: createSecrets(SECRET_KEY),
      now: Date.now,
      log: createLogger({ level: 'silent' }),
    });
    await createClientRegistry(store.records).add({
      client_id: 'public',
      client_name: 'Public',
      token_endpoint_auth_method: 'none',
      redirect_uris: [REDIRECT_URI],
    });
    await store.close();
  }
});

function manyNumbers(count: number): string {
  return `{"id_token":{"name":{"values":[${Array.from({ length: count }, () => '1e20').join(',')}]}}}`;
}

/** What docs/security.md says that the largest request takes. */
async function bytesOfRow(): Promise<number> {
  const text = await readFile(join(import.meta.dirname, '..', '..', 'docs', 'security.md'), 'utf8');
  const { kilobytes } = /at most 6 KiB, which takes (?<kilobytes>\d+) KB/.exec(text)?.groups ?? {};
  assert.ok(kilobytes);
  return Number(kilobytes) * 1_000;
}
