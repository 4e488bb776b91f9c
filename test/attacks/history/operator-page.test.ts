/**
 * Attacks on the operator's page: without the token, by another site, by a name that leads to it, and by what a client or a
 * failure puts onto it.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';

import { loadConfig } from '../../../src/config/config.ts';
import { createLogger } from '../../../src/log/logger.ts';
import { createOpsApp } from '../../../src/ops/ops.ts';
import { referenceOf } from '../../../src/reference.ts';
import { createSecrets } from '../../../src/secrets/secrets.ts';
import { isOutage } from '../../../src/store/errors.ts';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../support/database.ts';
import { createAudit } from '../../../src/audit/audit.ts';

const TOKEN = 'kZ3v8Qm1Xw7Lr5Tn9Bd2Hs6Yc4Jf0PgA';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const HOUR = 3_600_000;
const MARKUP = '<script>alert(1)</script>"\'><img src=x>';
const PERSON = 'PNOEE-40504040001';

describe('an attack on the operator’s page', () => {
  const secrets = createSecrets('a secret key of a test, 32 characters or more');
  let now = Date.now();
  let store: Store;
  let server: Server;
  let origin: string;
  let reference: string;
  const log: string[] = [];

  before(async () => {
    store = await openTestStore();
    const attempt = randomUUID();
    reference = referenceOf(attempt);
    const logger = createLogger({ level: 'info', destination: { write: (line) => void log.push(line) } });
    const audit = createAudit({
      store: store.audit,
      log: createLogger({ level: 'silent' }),
      pseudonym: (value) => secrets.pseudonym(value),
      instance: randomUUID(),
      now: () => now,
    });
    const what = { attempt, client: MARKUP, flow: 'qr', person: PERSON } as const;
    audit.record({ event: 'login_begun', ...what, address: '192.0.2.77' });
    audit.record({ event: 'login_failed', ...what, milliseconds: 9, code: MARKUP, detail: MARKUP });
    assert.equal(await audit.close(5_000), 0);
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    origin = `http://localhost:${port}`;
    const app = createOpsApp({
      token: TOKEN,
      origins: [origin],
      issuer: 'https://login.example.ee',
      secrets,
      figures: store.figures,
      instances: store.instances,
      clients: () => Promise.resolve([{ id: 'evil', name: MARKUP }]),
      expiries: () =>
        Promise.resolve([
          { kind: 'trust anchor', name: MARKUP, at: undefined, warningDays: 60, note: MARKUP },
        ]),
      pins: [],
      auditDays: 365,
      isOutage,
      log: logger,
      now: () => now,
    });
    const handle = app.callback();
    server.on('request', (incoming, outgoing) => void handle(incoming, outgoing));
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await store.close();
  });

  it('without a token, or with a wrong one, sees only a form', async () => {
    const cases: [string, Record<string, string>][] = [
      ['/', {}],
      ['/', { Authorization: 'Bearer wrong' }],
      ['/', { Authorization: `Bearer ${TOKEN}x` }],
      ['/', { Authorization: `Basic ${TOKEN}` }],
      ['/?hours=168', { Cookie: `sild_ops=${TOKEN}` }],
      [`/story/${reference}?at=${now}`, {}],
      // In an address a token would be in logs and histories.
      [`/?token=${TOKEN}`, {}],
      [`/?access_token=${TOKEN}`, {}],
    ];
    for (const [path, headers] of cases) {
      const answer = await get(path, headers);
      assert.equal(answer.status, 401, path);
      assert.equal(answer.headers.get('set-cookie'), null);
      const text = await answer.text();
      assert.match(text, /OPS_TOKEN/);
      assert.doesNotMatch(text, /login\.example\.ee\/|Last failures/);
    }
    assert.equal((await get('/', bearer())).status, 200);
    assert.ok(log.some((line) => line.includes('ops_token_refused')));
    assert.ok(!log.some((line) => line.includes(TOKEN)), 'the token is not logged');
  });

  it('gets no answer under another host name', async () => {
    for (const host of ['evil.example', 'localhost.evil.example', `localhost:1`, `127.0.0.1.nip.io`]) {
      assert.equal(await statusFor(host), 421, host);
    }
    assert.equal(await statusFor(new URL(origin).host), 200);
  });

  it('cannot send the form from another site, also with the right token', async () => {
    const foreign: Record<string, string>[] = [
      {},
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { Origin: `http://evil.localhost:${new URL(origin).port}` },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site', Origin: origin },
      { 'Sec-Fetch-Site': 'none' },
    ];
    for (const headers of foreign) {
      for (const path of ['/session', '/session/end']) {
        const answer = await post(path, headers);
        assert.equal(answer.status, 403, JSON.stringify(headers));
        assert.equal(answer.headers.get('set-cookie'), null);
      }
    }
  });

  it('cannot use a session that it has made, that is over, or of another token', async () => {
    const answer = await post('/session', { Origin: origin });
    assert.equal(answer.status, 303);
    const cookie = answer.headers.get('set-cookie') ?? '';
    assert.match(cookie, /; HttpOnly; SameSite=Strict$/);
    const [value = ''] = cookie.split(';');
    assert.equal((await get('/', { Cookie: value })).status, 200);
    const [expires = '', mac = ''] = value.slice('sild_ops='.length).split('.');
    for (const forged of [
      `${Number(expires) + 1}.${mac}`,
      `${expires}.${mac.slice(1)}A`,
      `${expires}.`,
      mac,
    ]) {
      assert.equal((await get('/', { Cookie: `sild_ops=${forged}` })).status, 401, forged);
    }
    now += 11 * HOUR;
    assert.equal((await get('/', { Cookie: value })).status, 401);
  });

  it('cannot put markup, a name or a personal code onto a page', async () => {
    const pages = ['/', '/?hours=168', `/story/${reference}?at=${now - 11 * HOUR}`];
    for (const path of pages) {
      const answer = await get(path, bearer());
      assert.equal(answer.status, 200, path);
      const text = await answer.text();
      assert.doesNotMatch(text, /<script|<img|onerror|style=/i, path);
      assert.ok(text.includes('&lt;script&gt;'), path);
      assert.doesNotMatch(text, /40504040001|PNOEE|192\.0\.2\.77/);
      assert.equal(answer.headers.get('cache-control'), 'no-store');
      const policy = answer.headers.get('content-security-policy') ?? '';
      assert.match(policy, /^default-src 'none'/);
      assert.doesNotMatch(policy, /script-src|unsafe/);
    }
  });

  it('cannot frame a page, have it read as another type, or find it in a cache, whatever its answer is', async () => {
    for (const [path, headers, status] of [
      ['/', bearer(), 200],
      ['/', {}, 401],
      ['/ops.css', {}, 200],
      ['/unknown', bearer(), 404],
      [`/story/${reference}?at=x`, bearer(), 404],
    ] as const) {
      const answer = await get(path, headers);
      assert.equal(answer.status, status, path);
      assert.equal(
        answer.headers.get('content-security-policy'),
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
      );
      for (const [name, value] of Object.entries({
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
        'referrer-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      }))
        assert.equal(answer.headers.get(name), value, `${path} ${name}`);
    }
  });

  it('begins no session with a form that is too long, and no error of the log with one that it breaks off', async () => {
    for (const [padding, status] of [
      [4_000, 303],
      [4_096, 401],
      [1_000_000, 401],
    ] as const) {
      const body = new URLSearchParams({ token: TOKEN, padding: 'x'.repeat(padding) });
      const answer = await post('/session', { Origin: origin }, body);
      assert.equal(answer.status, status, String(padding));
      assert.equal(answer.headers.has('set-cookie'), status === 303);
    }
    const begun = request(`${origin}/session`, {
      method: 'POST',
      headers: { ...FORM, Origin: origin, 'content-length': 99 },
    });
    const received = once(server, 'request') as Promise<[IncomingMessage, ServerResponse]>;
    begun.write('token=');
    begun.once('error', () => undefined);
    const [, outgoing] = await received;
    begun.destroy();
    await once(outgoing, 'close');
    assert.equal((await get('/', bearer())).status, 200);
    assert.ok(!log.some((line) => line.includes('ops_failed')), log.at(-1));
  });

  it('finds no page of a malformed reference', async () => {
    for (const path of [
      '/story/',
      '/story/%E0%A4%A',
      '/story/..%2f',
      `/story/${reference}`,
      `/story/${reference}?at=x`,
    ]) {
      assert.equal((await get(path, bearer())).status, 404, path);
    }
    assert.equal((await fetch(origin, { method: 'DELETE', headers: bearer() })).status, 404);
  });

  it('is stopped after ten wrong tokens in a minute, and the right one is refused too until it is over', async () => {
    now += HOUR;
    const statuses: number[] = [];
    for (let tries = 0; tries < 12; tries++) {
      statuses.push((await get('/', { Authorization: `Bearer guess-${tries}` })).status);
    }
    assert.deepEqual(statuses, [...Array.from({ length: 10 }, () => 401), 429, 429]);
    assert.equal((await get('/', bearer())).status, 429);
    now += 61_000;
    assert.equal((await get('/', bearer())).status, 200);
  });

  const bearer = () => ({ Authorization: `Bearer ${TOKEN}` });
  const get = (path: string, headers: Record<string, string>) => fetch(origin + path, { headers });
  const post = (
    path: string,
    headers: Record<string, string>,
    body = new URLSearchParams({ token: TOKEN }),
  ) => fetch(origin + path, { method: 'POST', headers: { ...FORM, ...headers }, body, redirect: 'manual' });

  /** `fetch` sets the host itself. */
  function statusFor(host: string): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      request(origin, { headers: { host, ...bearer() } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
        .once('error', reject)
        .end();
    });
  }
});

describe('the configuration of the operator’s page', () => {
  const base = { OPS_PORT: '9465' };
  it('has none by default', () => {
    assert.equal(loadConfig({}).ops, undefined);
    assert.equal(loadConfig({ OPS_TOKEN: TOKEN }).ops, undefined);
  });

  it('binds it to this machine', () => {
    assert.equal(loadConfig({ ...base, OPS_TOKEN: TOKEN }).ops?.host, '127.0.0.1');
  });

  it('refuses a page without a token, or with one that can be guessed', () => {
    for (const token of [undefined, '', 'short', 'a'.repeat(40)]) {
      assert.throws(
        () => loadConfig({ ...base, OPS_TOKEN: token }),
        ({ problems }: { problems: { variable: string }[] }) =>
          problems.some(({ variable }) => variable === 'OPS_TOKEN'),
        token,
      );
    }
  });

  it('refuses the port of another one', () => {
    assert.throws(() => loadConfig({ OPS_PORT: '3000', OPS_TOKEN: TOKEN }), /OPS_PORT/);
  });
});
