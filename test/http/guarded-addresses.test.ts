import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { fetchBounded } from '../../src/http/bounded-fetch.ts';
import { createDispatcher } from '../../src/http/dispatcher.ts';
import { HttpError, RefusedAddressError } from '../../src/http/errors.ts';
import type { AddressGuardOptions } from '../../src/http/guarded-addresses.ts';
import { answeringServer } from './answering-server.ts';
import { resolver } from './resolver.ts';

/** Sends one request to each URL over one guarded dispatcher. @returns the statuses, or why there was none */
async function statuses(
  test: TestContext,
  addresses: AddressGuardOptions,
  ...urls: readonly string[]
): Promise<(number | HttpError)[]> {
  const dispatcher = createDispatcher({ addresses });
  test.after(() => dispatcher.destroy());
  const outcomes: (number | HttpError)[] = [];
  for (const url of urls) {
    try {
      const { status } = await fetchBounded({ url }, { dispatcher, timeoutMs: 5_000, maxBytes: 1_000 });
      outcomes.push(status);
    } catch (error) {
      assert.ok(error instanceof HttpError);
      outcomes.push(error);
    }
  }
  return outcomes;
}

function assertRefused(outcome: unknown, of?: string): void {
  assert.ok(outcome instanceof HttpError, of);
  assert.equal(outcome.code, 'address_refused', of);
  assert.ok(outcome.cause instanceof RefusedAddressError, of);
}

const serving = (test: TestContext) =>
  answeringServer(test, (_request, response) => {
    response.setHeader('connection', 'close').end('{}');
  });

describe('a guarded connection', () => {
  it('is refused before it is made where the host is an address that is not allowed', async (test) => {
    const { port, connections } = await serving(test);
    const hosts = [
      '127.0.0.1',
      '127.1',
      '2130706433',
      '0x7f.0.0.1',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '0.0.0.0',
    ];
    for (const host of hosts) assertRefused((await statuses(test, {}, `http://${host}:${port}/`))[0], host);
    assert.equal(connections(), 0);
  });

  it('is refused before it is made where the name has an address that is not allowed', async (test) => {
    const { port, connections } = await serving(test);
    const url = `http://name.example:${port}/`;
    for (const addresses of [['127.0.0.1'], ['8.8.8.8', '127.0.0.1'], ['2606:4700:4700::1111', '::1'], []])
      assertRefused((await statuses(test, resolver(addresses), url))[0], addresses.join());
    assertRefused((await statuses(test, {}, `http://localhost:${port}/`))[0]);
    assert.equal(connections(), 0);
  });

  it('goes to the address that was checked: a name is resolved once for each connection', async (test) => {
    const { port, connections } = await serving(test);
    const { resolve, asked } = resolver(['127.0.0.1'], ['127.0.0.2']);
    const isAllowed = (address: string) => address === '127.0.0.1';
    const url = `http://name.example:${port}/`;
    const [first, second] = await statuses(test, { resolve, isAllowed }, url, url);
    assert.equal(first, 200);
    // The server closed the first connection, so that the name is resolved again, to an address that is not allowed.
    assertRefused(second);
    assert.deepEqual([asked, connections()], [['name.example', 'name.example'], 1]);
  });

  it('fails as a connection where the name does not resolve', async (test) => {
    const resolve = () => Promise.reject(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }));
    const [outcome] = await statuses(test, { resolve }, 'http://name.example/');
    assert.ok(outcome instanceof HttpError);
    assert.deepEqual([outcome.code, outcome.reason], ['connection_failed', 'ENOTFOUND']);
  });
});

describe('an allowed host', () => {
  it('is reached at a private address, in any letter case; every other host is not', async (test) => {
    const { port, connections } = await serving(test);
    const { resolve } = resolver(['127.0.0.1']);
    const addresses = { resolve, allowedHosts: ['keys.internal', '127.0.0.1'] };
    const urls = ['keys.internal', 'KEYS.internal', '127.0.0.1'].map((host) => `http://${host}:${port}/`);
    assert.deepEqual(await statuses(test, addresses, ...urls), [200, 200, 200]);
    const reached = connections();
    const others = [
      'evil.internal',
      'x.keys.internal',
      'keys.internal.evil.example',
      '[::1]',
      'keys.internal.',
    ];
    for (const [index, outcome] of (
      await statuses(test, addresses, ...others.map((host) => `http://${host}:${port}/`))
    ).entries()) {
      assertRefused(outcome, others[index]);
    }
    assert.equal(connections(), reached);
  });
});
