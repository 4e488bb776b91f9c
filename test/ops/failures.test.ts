import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { createLogger } from '../../src/log/logger.ts';
import { createOpsApp } from '../../src/ops/ops.ts';
import { createSecrets } from '../../src/secrets/secrets.ts';
import { isOutage, StoreError } from '../../src/store/errors.ts';

const TOKEN = 'kZ3v8Qm1Xw7Lr5Tn9Bd2Hs6Yc4Jf0PgA';

/** The page of an operator, for which every figure fails with an error. */
async function pageWith(error: Error, test: TestContext) {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const fails = () => Promise.reject(error);
  const app = createOpsApp({
    token: TOKEN,
    origins: [origin],
    issuer: 'https://login.example.ee',
    secrets: createSecrets('a secret key of a test, 32 characters or more'),
    figures: { counts: fails, slots: fails, times: fails, extent: fails, newest: fails, referred: fails },
    instances: { list: fails },
    clients: fails,
    expiries: fails,
    pins: [],
    auditDays: 365,
    isOutage,
    log: createLogger({ level: 'silent' }),
    now: Date.now,
  });
  const handle = app.callback();
  server.on('request', (request, response) => void handle(request, response));
  const headers = { Authorization: `Bearer ${TOKEN}`, Connection: 'close' };
  const answer = await fetch(origin, { headers });
  return { status: answer.status, text: await answer.text() };
}

describe('the operator’s page', () => {
  it('says that the database is away only where it is', async (test) => {
    const outage = await pageWith(new StoreError('database_unreachable', 'the connection was lost'), test);
    assert.equal(outage.status, 503);
    assert.match(outage.text, /the database does not answer/);
    const fault = await pageWith(new TypeError('a fault of Sild'), test);
    assert.equal(fault.status, 500);
    assert.doesNotMatch(fault.text, /the database does not answer|a fault of Sild/);
  });
});
