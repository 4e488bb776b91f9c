import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSecrets } from '../../../src/secrets/secrets.ts';
import type { WebContext } from '../../../src/web/context.ts';
import { beginVisit, dropRequest, keepRequest, requestOf, visitOf } from '../../../src/web/history/visit.ts';

const PERSON = 'PNOEE-40504040001';
const MINUTES = 60_000;

/** One browser, with records that never expire by themselves and a clock that the test moves. */
function aBrowser() {
  const [jar, records] = [new Map<string, string>(), new Set<string>()];
  let time = Date.UTC(2031, 3, 5);
  let userAgent = 'a browser';
  const ctx = {
    secure: false,
    get: (name: string) => (name === 'User-Agent' ? userAgent : ''),
    cookies: {
      get: (name: string) => jar.get(name),
      set: (name: string, value: string | null) => {
        if (value === null) jar.delete(name);
        else jar.set(name, value);
      },
    },
  } as unknown as WebContext;
  const dependencies = {
    secrets: createSecrets('the SECRET_KEY of these tests, long enough'),
    now: () => time,
    records: {
      find: (_model: string, id: string) => Promise.resolve(records.has(id) ? { payload: {} } : undefined),
      remove: (_model: string, id: string) => Promise.resolve(void records.delete(id)),
    },
  };
  const logIn = async ({ id }: { readonly id: string }) => {
    records.add(id);
    return PERSON;
  };
  return {
    ctx,
    jar,
    records,
    dependencies,
    logIn,
    wait: (milliseconds: number) => void (time += milliseconds),
    nameItself: (name: string) => void (userAgent = name),
  };
}

describe('the visit of a history', () => {
  it('ends after 15 minutes', async () => {
    const { ctx, dependencies, logIn, wait } = aBrowser();
    assert.ok(await beginVisit(dependencies, ctx, logIn));
    wait(15 * MINUTES - 1);
    assert.equal((await visitOf(dependencies, ctx))?.person, PERSON);
    wait(1);
    assert.equal(await visitOf(dependencies, ctx), undefined);
  });

  it('ends when its record is removed', async () => {
    const { ctx, dependencies, logIn, records } = aBrowser();
    assert.ok(await beginVisit(dependencies, ctx, logIn));
    records.clear();
    assert.equal(await visitOf(dependencies, ctx), undefined);
  });

  it('does not begin before a login', async () => {
    const { ctx, dependencies, jar } = aBrowser();
    assert.equal(await beginVisit(dependencies, ctx, () => Promise.resolve(undefined)), false);
    assert.equal(jar.size, 0);
  });

  it('does not name the person in the cookie', async () => {
    const { ctx, dependencies, logIn, jar } = aBrowser();
    assert.ok(await beginVisit(dependencies, ctx, logIn));
    const texts = [...jar.values()].map(
      (value) => value + Buffer.from(value, 'base64url').toString('latin1'),
    );
    assert.equal(texts.length, 1);
    assert.ok(!texts.some((text) => text.includes('40504040001')));
  });

  it('and the request before it are of the browser in which they began', async () => {
    const { ctx, dependencies, logIn, nameItself } = aBrowser();
    const { state } = keepRequest(dependencies, ctx);
    assert.ok(await beginVisit(dependencies, ctx, logIn));
    for (const [name, isSame] of [
      ['another browser', false],
      ['', false],
      ['a browser', true],
    ] as const) {
      nameItself(name);
      assert.equal(requestOf(dependencies, ctx)?.state, isSame ? state : undefined);
      assert.equal((await visitOf(dependencies, ctx))?.person, isSame ? PERSON : undefined);
    }
  });

  it('begins with a request that is answered once, within 15 minutes', () => {
    const { ctx, dependencies, wait } = aBrowser();
    const request = keepRequest(dependencies, ctx);
    assert.equal(requestOf(dependencies, ctx)?.state, request.state);
    dropRequest(ctx);
    assert.equal(requestOf(dependencies, ctx), undefined);
    keepRequest(dependencies, ctx);
    wait(15 * MINUTES);
    assert.equal(requestOf(dependencies, ctx), undefined);
  });
});
