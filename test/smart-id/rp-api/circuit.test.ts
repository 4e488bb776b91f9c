/** The circuit breaker within the whole module, against a real server on loopback that fails. */
import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import type { CircuitState } from '../../../src/metrics/metrics.ts';
import type { Failure } from '../../../src/login/failure.ts';
import type { SmartIdOptions } from '../../../src/smart-id/session.ts';
import { createTestPki, issueAuthentication } from '../../support/certificates/certificates.ts';
import { json } from './rp-api-server.ts';
import { smartIdAgainst } from '../smart-id-against.ts';

const IDENTIFIER = 'PNOEE-40504040001';
const SESSION_ID = '3d32860c-b62d-4716-9992-f6983e678761';
const FAILURES = 5;
const account = issueAuthentication(createTestPki(), { identifier: IDENTIFIER });

type Answer = number | 'hang up' | 'session' | 'hold' | 'html';

describe('the circuit breaker', () => {
  for (const [name, answer, code] of [
    ['fails', 503, 'service_failed'],
    ['is under maintenance', 580, 'maintenance'],
    ['limits the rate', 429, 'service_failed'],
    ['breaks the connection', 'hang up', 'service_failed'],
  ] as const) {
    it(`opens after five consecutive requests if Smart-ID ${name}, and then sends none`, async (test) => {
      const smartId = await against(test, answer);
      for (let count = 0; count < FAILURES; count++) assert.equal((await smartId.fails()).code, code);
      assert.equal(smartId.sent(), FAILURES);
      const refused = await smartId.fails();
      assert.equal(refused.code, code);
      assert.equal(refused.retryAt, smartId.clock.ms + 10_000);
      assert.equal(smartId.sent(), FAILURES);
      assert.deepEqual(smartId.states, ['open']);
    });
  }

  it('opens if no server listens', async (test) => {
    const smartId = await against(test, 'session', { baseUrl: 'http://127.0.0.1:1/v3/' });
    for (let count = 0; count < FAILURES; count++) await smartId.fails();
    assert.equal((await smartId.fails()).detail, 'not sent: the circuit breaker is open');
  });

  it('stays closed if a request succeeds between failures', async (test) => {
    const smartId = await against(test, 500);
    for (let round = 0; round < 3; round++) {
      smartId.answer = 500;
      for (let count = 0; count < FAILURES - 1; count++) await smartId.fails();
      smartId.answer = 'session';
      await smartId.starts();
    }
    assert.deepEqual(smartId.states, []);
  });

  for (const answer of [400, 401, 403, 404, 471, 472, 480, 'html'] as const) {
    it(`counts ${answer} as a success`, async (test) => {
      const smartId = await against(test, answer);
      for (let count = 0; count < FAILURES * 2; count++) await smartId.fails();
      assert.equal(smartId.sent(), FAILURES * 2);
      assert.deepEqual(smartId.states, []);
    });
  }

  it('sends one probe after the pause, and every request after it succeeds', async (test) => {
    const smartId = await opened(test);
    smartId.clock.ms += 9_999;
    await smartId.fails();
    assert.equal(smartId.sent(), FAILURES);

    smartId.clock.ms += 1;
    smartId.answer = 'hold';
    const probe = smartId.starts();
    await smartId.held();
    const others = await Promise.all(Array.from({ length: 20 }, () => smartId.fails()));
    for (const { retryAt = 0 } of others) assert.ok(retryAt > smartId.clock.ms);
    assert.equal(smartId.sent(), FAILURES + 1);
    smartId.release();
    await probe;
    smartId.answer = 'session';
    await Promise.all([smartId.starts(), smartId.starts()]);
    assert.deepEqual(smartId.states, ['open', 'half_open', 'closed']);
  });

  it('doubles the pause each time the probe fails, up to a minute', async (test) => {
    const smartId = await opened(test);
    for (const seconds of [20, 40, 60, 60]) {
      smartId.clock.ms = (await smartId.fails()).retryAt ?? 0;
      await smartId.fails();
      assert.equal((await smartId.fails()).retryAt, smartId.clock.ms + seconds * 1_000);
    }
    assert.equal(smartId.sent(), FAILURES + 4);
    smartId.clock.ms += 60_000;
    smartId.answer = 'session';
    await smartId.starts();
    assert.equal(smartId.states.at(-1), 'closed');
  });

  it('closes after a probe that is answered with 404', async (test) => {
    const smartId = await opened(test);
    smartId.clock.ms += 10_000;
    smartId.answer = 404;
    assert.equal((await smartId.fails()).code, 'account_not_found');
    assert.deepEqual(smartId.states, ['open', 'half_open', 'closed']);
  });

  it('does not stay open when the clock is set back', async (test) => {
    const smartId = await opened(test);
    smartId.clock.ms -= 86_400_000;
    smartId.answer = 'session';
    await smartId.starts();
  });

  it('opens once if many requests fail at the same time', async (test) => {
    const smartId = await against(test, 502);
    await Promise.all(Array.from({ length: 30 }, () => smartId.fails()));
    assert.deepEqual(smartId.states, ['open']);
    assert.equal((await smartId.fails()).retryAt, smartId.clock.ms + 10_000);
  });

  it('logs each change once, with a warning when it opens', async (test) => {
    const smartId = await opened(test);
    await smartId.fails();
    smartId.clock.ms += 10_000;
    smartId.answer = 'session';
    await smartId.starts();
    const lines = smartId.logged().filter(({ event }) => event === 'smart_id_circuit');
    assert.deepEqual(
      lines.map(({ level, state, reason }) => [level, state, reason]),
      [
        ['warn', 'open', 'service_failed'],
        ['info', 'half_open', undefined],
        ['info', 'closed', undefined],
      ],
    );
  });

  it('does not block status polls, which start with the longest pause', async (test) => {
    const smartId = await against(test, 'session');
    const session = await smartId.starts();
    smartId.answer = 503;
    for (let count = 0; count < FAILURES; count++) await smartId.fails();
    const before = smartId.sent();
    assert.equal((await smartId.poll(session)).kind, 'unreachable');
    // With a closed circuit, several polls would have been sent in this time.
    assert.equal(smartId.sent(), before + 1);
    smartId.answer = 'session';
    assert.equal((await smartId.poll(session)).kind, 'running');
  });
});

async function opened(test: TestContext) {
  const smartId = await against(test, 500);
  for (let count = 0; count < FAILURES; count++) await smartId.fails();
  assert.deepEqual(smartId.states, ['open']);
  return smartId;
}

async function against(test: TestContext, first: Answer, options: Partial<SmartIdOptions> = {}) {
  const clock = { ms: 1_700_000_000_000 };
  const states: CircuitState[] = [];
  const held = Promise.withResolvers<ServerResponse>();
  const { smartId, server, logged } = await smartIdAgainst(
    test,
    account,
    (response, { method }) => {
      const { answer } = controls;
      if (answer === 'hang up') response.destroy();
      else if (answer === 'hold') held.resolve(response);
      else if (answer === 'html') response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>');
      else if (answer !== 'session') response.writeHead(answer).end();
      else json(response, 200, method === 'GET' ? { state: 'RUNNING' } : { sessionID: SESSION_ID });
    },
    { now: () => new Date(clock.ms), onCircuit: (state) => states.push(state), ...options },
  );
  const start = () =>
    smartId.start(
      smartId.prepare({
        flow: 'notification',
        identifier: IDENTIFIER,
        displayText: 'Log in',
        knownBrowser: true,
      }),
    );
  const controls = {
    answer: first,
    clock,
    states,
    logged,
    sent: () => server.received.length,
    held: () => held.promise,
    release: () =>
      void held.promise.then((response) => {
        json(response, 200, { sessionID: SESSION_ID });
      }),
    poll: (session: Parameters<typeof smartId.poll>[0]) => smartId.poll(session, 2_000),
    async fails(): Promise<Failure> {
      const result = await start();
      assert.ok(result.kind === 'failed', 'the start fails');
      return result.failure;
    },
    async starts() {
      const result = await start();
      assert.ok(result.kind === 'started', 'the start succeeds');
      return result.session;
    },
  };
  return controls;
}
