import assert from 'node:assert/strict';
import Koa from 'koa';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type ClientRequest, createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { after, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { pino } from 'pino';
import { createAccounts } from '../../../src/simulator/accounts/accounts.ts';
import { readNotificationRequest } from '../../../src/simulator/rp-api/request-validation.ts';
import { rpApiV3Routes } from '../../../src/simulator/rp-api/rp-api-v3.ts';
import { createSessions } from '../../../src/simulator/accounts/sessions.ts';
import {
  authenticate,
  createSession,
  problem,
  requestBody,
  startTestSimulator,
  status,
} from '../relying-party.ts';

const ON_PHONE = 'PNOEE-47101010033';
const REFUSED = { state: 'COMPLETE', result: { endResult: 'USER_REFUSED' } } as const;

function startOne(sessions: ReturnType<typeof createSessions>): string {
  const [account] = createAccounts().ofPerson(ON_PHONE);
  const request = readNotificationRequest(requestBody(), { advanced: false });
  assert.ok(account);
  return sessions.start({ account, request }).id;
}

function onItsOwnConnection(url: string): ClientRequest {
  return request(url, { agent: false }).end();
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setTimeout(5);
}

describe('a session’s status', async () => {
  let ahead = 0;
  const now = () => new Date(Date.now() + ahead);
  const simulator = await startTestSimulator({ now });

  it('is only RUNNING at the end of a long poll', async () => {
    const id = await createSession(simulator, ON_PHONE);
    const at = Date.now();
    assert.deepEqual(await status(simulator, id, 1_000), { state: 'RUNNING' });
    assert.ok(Date.now() - at >= 950);
  });

  it('is returned to every long poll as soon as the session is complete', async () => {
    const slow = await startTestSimulator({ answerDelayMs: 200 });
    const id = await createSession(slow, 'PNOEE-40504040001');
    const at = Date.now();
    const answers = await Promise.all([status(slow, id, 120_000), status(slow, id, 120_000)]);
    assert.deepEqual(answers[0], answers[1]);
    assert.equal(answers[0].state, 'COMPLETE');
    assert.ok(Date.now() - at < 10_000);
  });

  it('accepts a timeoutMs of 1,000 to 120,000', async () => {
    const id = await createSession(simulator, 'PNOEE-30403039917');
    for (const accepted of ['', '?timeoutMs=1000', '?timeoutMs=120000']) {
      assert.equal((await fetch(`${simulator.baseUrl}session/${id}${accepted}`)).status, 200, accepted);
    }
    for (const refused of ['999', '120001', '-1', '1e4', '', 'soon', '5000&timeoutMs=5000']) {
      const response = await fetch(`${simulator.baseUrl}session/${id}?timeoutMs=${refused}`);
      assert.equal(response.status, 400, refused);
      assert.equal((await problem(response)).errors?.[0]?.paramName, 'timeoutMs');
    }
  });

  it('is 404 for an unknown session, 400 for a malformed session ID', async () => {
    assert.equal((await fetch(`${simulator.baseUrl}session/${randomUUID()}`)).status, 404);
    assert.equal((await fetch(`${simulator.baseUrl}session/1`)).status, 400);
  });

  it('is readable for five minutes after completion, then 404', async () => {
    const id = await createSession(simulator, 'PNOEE-40504040001');
    const first = await status(simulator, id);
    ahead += 4 * 60_000 + 50_000;
    assert.deepEqual(await status(simulator, id), first);
    ahead += 11_000;
    assert.equal((await fetch(`${simulator.baseUrl}session/${id}`)).status, 404);
  });

  it('is TIMEOUT after 90 seconds without an answer', async () => {
    const id = await createSession(simulator, ON_PHONE);
    ahead += 90_000;
    assert.deepEqual(await status(simulator, id), { state: 'COMPLETE', result: { endResult: 'TIMEOUT' } });
  });

  it('is TIMEOUT for waiting long polls too', async () => {
    const hasty = await startTestSimulator({ sessionSeconds: 0.2 });
    const completed = await authenticate(hasty, ON_PHONE);
    assert.deepEqual(completed, { state: 'COMPLETE', result: { endResult: 'TIMEOUT' } });
  });

  it('is RUNNING for waiting long polls when the service closes, which does not delay closing', async () => {
    const closing = await startTestSimulator();
    const id = await createSession(closing, ON_PHONE);
    const poll = onItsOwnConnection(`${closing.baseUrl}session/${id}?timeoutMs=120000`);
    const waiting = once(poll, 'response');
    await once(poll, 'finish');
    // Connections are accepted in their order: once a later one has its answer, the poll has started.
    const [later] = (await once(onItsOwnConnection(closing.phoneUrl), 'response')) as [IncomingMessage];
    later.resume();
    const at = Date.now();
    await closing.close();
    const [answer] = (await waiting) as [IncomingMessage];
    assert.deepEqual(await json(answer), { state: 'RUNNING' });
    assert.ok(Date.now() - at < 5_000);
  });
});

describe('the long polls of a session', () => {
  it('end when their client disconnects', async () => {
    const sessions = createSessions({ seconds: () => 90, now: () => new Date() });
    const answers = { give: async () => undefined, giveLater: async () => undefined, close: () => undefined };
    const log = pino({ level: 'silent' });
    const accounts = createAccounts();
    const app = new Koa().use(
      rpApiV3Routes({
        accounts,
        sessions,
        answers,
        rights: { advanced: false },
        answersLike: '3.2',
        deviceLinkBase: '',
        log,
      }).routes(),
    );
    const handle = app.callback();
    const server = createServer((request, response) => void handle(request, response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    after(() => server.close());
    const id = startOne(sessions);
    const { port } = server.address() as AddressInfo;
    const browser = new AbortController();
    const poll = fetch(`http://127.0.0.1:${port}/smart-id-rp/v3/session/${id}?timeoutMs=120000`, {
      signal: browser.signal,
    });
    await until(() => sessions.find(id)?.waiting === 1);
    browser.abort();
    await assert.rejects(poll, { name: 'AbortError' });
    await until(() => sessions.find(id)?.waiting === 0);
    sessions.close();
  });

  it('end on completion, which is final', async () => {
    const sessions = createSessions({ seconds: () => 90, now: () => new Date() });
    const id = startOne(sessions);
    const waiting = sessions.untilComplete(id, 120_000, new AbortController().signal);
    assert.equal(sessions.complete(id, REFUSED), true);
    await waiting;
    assert.equal(sessions.complete(id, { state: 'COMPLETE', result: { endResult: 'OK' } }), false);
    assert.deepEqual(sessions.find(id)?.completed?.status, REFUSED);
    sessions.close();
  });

  it('do not keep old sessions, which are deleted when new ones start', () => {
    let time = 0;
    const sessions = createSessions({ seconds: () => 90, now: () => new Date(time) });
    for (let count = 0; count < 100; count++) {
      startOne(sessions);
      time += 60_000;
    }
    assert.ok(sessions.all().length <= 8);
    sessions.close();
  });
});
