import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Context } from 'koa';
import { createLogger } from '../../src/log/logger.ts';
import { type Access, createAccess } from '../../src/ops/access.ts';
import { createSecrets, type Secrets } from '../../src/secrets/secrets.ts';

const TOKEN = 'kZ3v8Qm1Xw7Lr5Tn9Bd2Hs6Yc4Jf0PgA';
const HTTPS = 'ops.example.ee';
const LOOPBACK = 'localhost:9465';
const HOUR = 3_600_000;
const MINUTE = 60_000;

const OLD = 'the former secret key of these tests, long enough';
const NEW = 'the secret key of these tests now, long enough too';

let now: number;
beforeEach(() => {
  now = Date.UTC(2031, 3, 5);
});

function accessOf({ token = TOKEN, secrets = createSecrets(NEW) }: Partial<Of> = {}): Access {
  const origins = [`https://${HTTPS}`, `http://${LOOPBACK}`];
  return createAccess({ token, origins, secrets, log: createLogger({ level: 'silent' }), now: () => now });
}

interface Of {
  readonly token: string;
  readonly secrets: Secrets;
}

/** A request, and the cookie that its answer sets. */
function aRequest({ address = '192.0.2.7', host = HTTPS, authorization = '', cookie = '' } = {}) {
  const set: string[] = [];
  const ctx = {
    host,
    req: { socket: { remoteAddress: address } },
    get: (name: string) => (name === 'Authorization' ? authorization : ''),
    cookies: { get: () => cookie },
    set: (_name: string, line: string) => void set.push(line),
  } as unknown as Context;
  return { ctx, set };
}

/** The value of the cookie of a new session. */
function sessionAt(access: Access): string {
  const { ctx, set } = aRequest();
  assert.equal(access.begin(ctx, TOKEN), undefined);
  return /^sild_ops=([^;]+);/.exec(set[0] ?? '')?.[1] ?? '';
}

const refusalOf = (access: Access, of: Parameters<typeof aRequest>[0]) => access.refusalOf(aRequest(of).ctx);
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('a session at the operator’s page', () => {
  it('begins with the token alone', () => {
    const access = accessOf();
    for (const typed of ['', 'x', `${TOKEN}x`, TOKEN.toLowerCase()]) {
      const { ctx, set } = aRequest();
      assert.deepEqual([access.begin(ctx, typed), set], ['wrong', []], typed);
    }
    assert.equal(refusalOf(access, { cookie: sessionAt(access) }), undefined);
  });

  it('lasts ten hours, and is no longer one at an instance whose clock is far behind', () => {
    const access = accessOf();
    const cookie = sessionAt(access);
    now += 10 * HOUR - 1;
    assert.equal(refusalOf(access, { cookie }), undefined);
    now += 1;
    assert.equal(refusalOf(access, { cookie }), 'none');
    now -= 11 * HOUR;
    assert.equal(refusalOf(access, { cookie }), 'none');
  });

  it('ends with its token', () => {
    const cookie = sessionAt(accessOf());
    assert.equal(refusalOf(accessOf({ token: TOKEN.split('').reverse().join('') }), { cookie }), 'none');
    assert.equal(refusalOf(accessOf(), { cookie }), undefined);
  });

  it('goes on while SECRET_KEY is changed, at instances with both values in either order, and ends with its own', () => {
    const cookie = sessionAt(accessOf({ secrets: createSecrets(OLD) }));
    for (const [secrets, refusal] of [
      [createSecrets(OLD, NEW), undefined],
      [createSecrets(NEW, OLD), undefined],
      [createSecrets(NEW), 'none'],
    ] as const)
      assert.equal(refusalOf(accessOf({ secrets }), { cookie }), refusal);
    const later = sessionAt(accessOf({ secrets: createSecrets(NEW, OLD) }));
    assert.equal(refusalOf(accessOf(), { cookie: later }), undefined, 'the first value signs');
  });

  it('has a cookie for https alone where the page is reached by https', () => {
    const access = accessOf();
    for (const [host, ends] of [
      [HTTPS, 'HttpOnly; SameSite=Strict; Secure'],
      [LOOPBACK, 'HttpOnly; SameSite=Strict'],
    ] as const) {
      const { ctx, set } = aRequest({ host });
      access.begin(ctx, TOKEN);
      access.end(ctx);
      assert.equal(set.length, 2);
      for (const [index, seconds] of [36_000, 0].entries())
        assert.match(set[index] ?? '', new RegExp(`; Path=/; Max-Age=${seconds}; ${ends}$`));
    }
  });
});

describe('wrong tokens', () => {
  /** Sends so many; returns what the last one got. */
  function guess(access: Access, count: number, address?: string) {
    const results = Array.from({ length: count }, (_, time) =>
      refusalOf(access, { ...bearer(`guess-${time}`), ...(address !== undefined && { address }) }),
    );
    return results.at(-1);
  }

  it('are counted for each address', () => {
    const access = accessOf();
    assert.equal(guess(access, 10), 'wrong');
    assert.equal(guess(access, 1), 'limited');
    assert.equal(refusalOf(access, bearer(TOKEN)), 'limited');
    assert.equal(refusalOf(access, { ...bearer(TOKEN), address: '192.0.2.8' }), undefined);
    assert.equal(guess(access, 10, '2001:db8::8'), 'wrong');
  });

  it('are counted for a minute from the first one, also in the form', () => {
    const access = accessOf();
    guess(access, 1);
    now += MINUTE - 1;
    guess(access, 8);
    assert.equal(access.begin(aRequest().ctx, 'wrong'), 'wrong');
    assert.equal(access.begin(aRequest().ctx, TOKEN), 'limited');
    now += 1;
    assert.equal(access.begin(aRequest().ctx, TOKEN), undefined);
    assert.equal(guess(access, 10), 'wrong');
  });

  it('do not end a session', () => {
    const access = accessOf();
    const cookie = sessionAt(access);
    guess(access, 11);
    assert.equal(refusalOf(access, { cookie }), undefined);
  });

  it('of any number of addresses are forgotten together, and need no more memory', () => {
    const access = accessOf();
    guess(access, 10);
    for (let other = 1; other < 10_000; other += 1) guess(access, 1, `198.51.100.${other}`);
    assert.equal(guess(access, 1), 'limited');
    guess(access, 1, '203.0.113.1');
    assert.equal(refusalOf(access, bearer(TOKEN)), undefined);
  });
});
