import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { createLogger } from '../../src/log/logger.ts';
import { metricsListener } from '../../src/metrics/endpoint.ts';
import { createMetrics } from '../../src/metrics/create-metrics.ts';
import type { Metrics } from '../../src/metrics/metrics.ts';

const log = createLogger({ level: 'silent' });

async function serving(test: TestContext, metrics: Pick<Metrics, 'exposition'>): Promise<string> {
  const server = createServer(metricsListener(metrics, log));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('the metrics endpoint', () => {
  it('serves /metrics in the Prometheus text format', async (test) => {
    const at = await serving(test, createMetrics(Date.now));
    const answer = await fetch(`${at}/metrics?name[]=all`);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
    assert.match(await answer.text(), /^# TYPE sild_logins_total counter$/m);
  });

  it('refuses other paths and methods', async (test) => {
    const at = await serving(test, createMetrics(Date.now));
    assert.equal((await fetch(`${at}/`)).status, 404);
    assert.equal((await fetch(`${at}/metrics/x`)).status, 404);
    assert.equal((await fetch(`${at}/metrics`, { method: 'POST' })).status, 405);
  });

  it('responds with 500 if the metrics cannot be collected', async (test) => {
    const at = await serving(test, { exposition: () => Promise.reject(new Error('no')) });
    const answer = await fetch(`${at}/metrics`);
    assert.deepEqual([answer.status, await answer.text()], [500, '']);
  });
});
