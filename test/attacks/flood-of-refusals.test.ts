/**
 * An attacker opens as many logins as one address may, uses up its starts, and then has each login refused again and again, by every
 * form and address that a stranger can reach: what that occupies in every table. docs/security.md states the bounds.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { REFUSAL_EVERY_MS, REFUSALS_AT_ONCE } from '../../src/audit/flood-guard.ts';
import { once } from '../support/once.ts';
import { createHttpBrowser, type HttpBrowser, type HttpPage } from '../support/servers/http-browser.ts';
import { execute, startTestPostgres, type TestPostgres } from '../support/servers/postgres.ts';
import { startWholeSild, type WholeSild } from '../support/whole-sild.ts';

const ADDRESS = '192.0.2.1';
const STARTS = 4;
const LOGINS = 3 * STARTS;
/** A start is admitted so often that the wait of a refusal is over again and again, and so rarely that a slow machine sends more. */
const SPACING_MS = 3_000;
/** It lasts for at least this long, and until so many were refused that the audit stores no more. */
const FLOOD_MS = 4 * SPACING_MS;
const REFUSALS = 2 * REFUSALS_AT_ONCE;
/** Kinds of refusals that anybody can cause. */
const KINDS = 6;
const BYTES_OF_ROW = 2_500;
/** The first row of a table takes a page for it and for each index; an index grows by pages. */
const SLACK = 256 * 1024;

interface OpenLogin {
  readonly browser: HttpBrowser;
  readonly url: string;
}

type Sizes = ReadonlyMap<string, { readonly rows: number; readonly bytes: number }>;

describe('a flood of refused logins', () => {
  let server: TestPostgres;
  let sild: WholeSild;
  before(async () => {
    server = await startTestPostgres();
    sild = await startWholeSild({
      DATABASE_URL: server.url,
      SECRET_KEY: randomBytes(48).toString('base64url'),
      TRUST_PROXY: '1',
      RATE_ADDRESS: `${STARTS}/${(STARTS * SPACING_MS) / 1_000}s`,
      RATE_REQUESTS: 'off',
    });
  });
  after(() => server.stop());

  it('adds one row a login, and to no other table more than its starts and the audit allow', async () => {
    const { grown, elapsedMs } = await flood();
    const starts = STARTS + Math.ceil(elapsedMs / SPACING_MS);
    const ofKind = REFUSALS_AT_ONCE + Math.ceil(elapsedMs / REFUSAL_EVERY_MS) + 2;
    const most: Readonly<Record<string, number>> = {
      login_attempt: LOGINS + starts,
      // A start that is refused for its person is counted there too.
      person_limit: starts,
      // The address, and the client.
      rate_limit: 2,
      // A start has at most four events.
      audit_event: 4 * starts + KINDS * ofKind,
      // Sums by hour, event and code; the hour may change.
      audit_count: 100,
      audit_time: 100,
      // With the first events of the instance, which may be stored after the flood has begun.
      audit_key: 1,
      lease: 1,
    };
    let allowed = 0;
    for (const [table, { rows }] of grown) {
      assert.ok(rows <= (most[table] ?? 0), `${table} has ${rows} rows more`);
      allowed += (most[table] ?? 0) * BYTES_OF_ROW;
    }
    assert.ok((grown.get('login_attempt')?.rows ?? 0) >= LOGINS);
    assert.ok((grown.get('audit_event')?.rows ?? 0) >= REFUSALS_AT_ONCE);
    assert.ok((grown.get('person_limit')?.rows ?? 0) >= 1);
    const bytes = [...grown.values()].reduce((sum, each) => sum + each.bytes, 0);
    assert.ok(bytes <= allowed + SLACK * grown.size, `${bytes} bytes`);
  });

  /** What it adds to each table until Sild has stopped, which writes the events that are still in memory. */
  async function flood(): Promise<{ readonly grown: Sizes; readonly elapsedMs: number }> {
    const stopped = once(() => sild.stop());
    try {
      const logins = await Promise.all(Array.from({ length: LOGINS }, openLogin));
      const earlier = await sizes();
      const since = Date.now();
      // Later it is chance whether a code or a link gets a free start.
      const [{ browser, url } = await openLogin()] = logins;
      await browser.post(`${url}/code`, { country: 'EE', personal_code: personalCode(999) });
      let refused = 0;
      for (let round = 0; Date.now() < since + FLOOD_MS || refused < REFUSALS; round += 1) {
        await delay(since + (round * SPACING_MS) / 2 - Date.now());
        const answers = await Promise.all(
          logins.flatMap((login, index) => attack(login, round * (LOGINS + 1) + index)),
        );
        refused += answers.filter(({ status }) => status === 429).length;
      }
      const elapsedMs = Date.now() - since;
      await stopped();
      return { grown: await growthSince(earlier), elapsedMs };
    } finally {
      await stopped();
    }
  }

  function attack({ browser, url }: OpenLogin, count: number): Promise<HttpPage>[] {
    const stranger = () => createHttpBrowser({ fetch: from });
    const links = ['qr', 'web2app'].map((show) => () => browser.post(`${url}/device-link`, { show }));
    const codes = [2 * count, 2 * count + 1].map(
      (each) => () => browser.post(`${url}/code`, { country: 'EE', personal_code: personalCode(each) }),
    );
    return [
      // The first of them gets the start that is free by now.
      ...(count % 2 === 0 ? [...links, ...codes] : [...codes, ...links]).map((send) => send()),
      browser.get(`${url}/wait?poll`),
      browser.get(`${url}/status`),
      browser.post(`${url}/restart`, {}),
      // In a browser without the login.
      stranger().get(url),
      ...[`callback/smart-id?value=${count}`, 'logout', 'me', `authorize?client_id=nobody${count}`].map(
        (path) => stranger().get(`${sild.issuer}/${path}`),
      ),
    ];
  }

  async function openLogin(): Promise<OpenLogin> {
    const browser = createHttpBrowser({ fetch: from, stopAt: (url) => url.origin !== sild.issuer });
    const { url } = await browser.get(
      `${sild.issuer}/authorize?${new URLSearchParams({
        client_id: 'sample-app',
        response_type: 'code',
        scope: 'openid',
        redirect_uri: sild.redirectUri,
        code_challenge: 'x'.repeat(43),
        code_challenge_method: 'S256',
      }).toString()}`,
    );
    assert.match(url.pathname, /^\/login\/[\w-]+$/);
    return { browser, url: url.href };
  }

  function from(url: URL, init: RequestInit & { readonly headers: Headers }): Promise<Response> {
    init.headers.set('x-forwarded-for', ADDRESS);
    return fetch(url, init);
  }

  async function growthSince(earlier: Sizes): Promise<Sizes> {
    const now = await sizes();
    return new Map(
      [...now].map(([table, { rows, bytes }]) => {
        const before = earlier.get(table);
        return [table, { rows: rows - (before?.rows ?? 0), bytes: bytes - (before?.bytes ?? 0) }];
      }),
    );
  }

  /** Of every table of the database. */
  async function sizes(): Promise<Sizes> {
    const tables = (await execute(
      server.url,
      `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
    )) as { name: string }[];
    const counted = (await execute(
      server.url,
      tables
        .map(
          ({ name }) =>
            `select '${name}' as name, (select count(*) from "${name}")::int as rows,
              pg_total_relation_size('"${name}"')::int as bytes`,
        )
        .join(' union all '),
    )) as { name: string; rows: number; bytes: number }[];
    return new Map(counted.map(({ name, ...size }) => [name, size]));
  }
});

/** An Estonian personal code that nobody has tried yet. */
function personalCode(count: number): string {
  const start = `39001${String((count % 28) + 1).padStart(2, '0')}${String(count % 1000).padStart(3, '0')}`;
  const sum = (weights: string) =>
    Array.from(weights).reduce((total, weight, index) => total + Number(weight) * Number(start[index]), 0) %
    11;
  const first = sum('1234567891');
  const digit = first < 10 ? first : sum('3456789123') % 10;
  return start + String(digit);
}
