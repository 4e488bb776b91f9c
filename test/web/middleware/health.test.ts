import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { createWaitingLimits } from '../../../src/web/login/waiting-limits.ts';
import { startWeb, until, type WebOptions, type WebUnderTest } from '../web-under-test.ts';

let web: WebUnderTest;
const start = async (options?: WebOptions) => (web = await startWeb(options));
afterEach(() => web.close());

describe('health', () => {
  const ask = async (path: string) => {
    const answer = await web.get(path);
    return [answer.status, ((await answer.json()) as { status: string }).status];
  };

  it('distinguishes alive, ready, not ready and draining', async () => {
    let draining = false;
    let broken = false;
    await start({
      draining: () => draining,
      ready: () => (broken ? Promise.reject(new Error('no database')) : Promise.resolve()),
    });
    assert.deepEqual(await ask('/healthz'), [200, 'alive']);
    assert.deepEqual(await ask('/readyz'), [200, 'ready']);
    broken = true;
    assert.deepEqual(await ask('/readyz'), [503, 'not_ready']);
    broken = false;
    draining = true;
    assert.deepEqual(await ask('/readyz'), [503, 'draining']);
    assert.deepEqual(await ask('/healthz'), [200, 'alive']);
  });

  it('keeps a load balancer from an instance that drains, and not from one that is full or has no database', async () => {
    let draining = false;
    let broken = false;
    const waiting = createWaitingLimits(Date.now, { places: 1 });
    await start({
      waiting,
      draining: () => draining,
      ready: () => (broken ? Promise.reject(new Error('no database')) : Promise.resolve()),
    });
    assert.deepEqual(await ask('/readyz?for=balancer'), [200, 'serving']);
    waiting.hold('a login');
    assert.deepEqual(await ask('/readyz'), [503, 'full']);
    assert.deepEqual(await ask('/readyz?for=balancer'), [200, 'serving']);
    broken = true;
    assert.deepEqual(await ask('/readyz'), [503, 'not_ready']);
    assert.deepEqual(await ask('/readyz?for=balancer'), [200, 'serving']);
    draining = true;
    assert.deepEqual(await ask('/readyz?for=balancer'), [503, 'draining']);
    assert.deepEqual(await ask('/readyz?for=somebody'), [503, 'draining']);
    draining = false;
    assert.deepEqual(await ask('/readyz?for=somebody'), [503, 'not_ready']);
  });

  it('checks readiness once for requests at the same time, and again for later ones', async () => {
    const asked: PromiseWithResolvers<undefined>[] = [];
    let arrived = 0;
    await start({
      // Called by each request.
      draining: () => {
        arrived += 1;
        return false;
      },
      ready: () => {
        const answer = Promise.withResolvers<undefined>();
        asked.push(answer);
        return answer.promise;
      },
    });
    const crowd = Array.from({ length: 20 }, () => ask('/readyz'));
    await until(() => arrived === crowd.length);
    assert.equal(asked.length, 1);
    asked[0]?.reject(new Error('no database'));
    for (const answer of await Promise.all(crowd)) assert.deepEqual(answer, [503, 'not_ready']);
    assert.equal(web.lines.filter((line) => line.includes('no database')).length, 1);
    const next = ask('/readyz');
    await until(() => asked.length === 2);
    asked[1]?.resolve(undefined);
    assert.deepEqual(await next, [200, 'ready']);
  });
});
