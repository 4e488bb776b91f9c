import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import {
  assertReturned,
  assertSigned,
  certificateOf,
  createDeviceLinkSession,
  type DeviceLinkSession,
  linkOf,
  problem,
  startTestSimulator,
  status,
} from '../relying-party.ts';

const OK = 'PNOEE-40404040009-MOCK-Q';

/** A relying party's web server that records its requests. */
async function webServer(): Promise<{ address: string; requests: IncomingMessage[]; next(): Promise<void> }> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    response.writeHead(303, { location: '/elsewhere' }).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const next = async () => {
    await once(server, 'request');
  };
  return { address: `http://127.0.0.1:${port}/callback?value=x`, requests, next };
}

describe('the mock device', async () => {
  const simulator = await startTestSimulator();
  const post = (body: unknown) =>
    fetch(new URL('/mock/device-link', simulator.phoneUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const qr = (session: DeviceLinkSession, documentNumber = OK) => ({
    documentNumber,
    deviceLink: linkOf(session, 'QR'),
    flowType: 'QR',
  });
  const web = (session: DeviceLinkSession, flowType = 'Web2App') => ({
    documentNumber: OK,
    deviceLink: linkOf(session, flowType),
    flowType,
    browserCookie: 'a=b;c=d',
    initialCallbackUrl: session.initialCallbackUrl,
  });

  for (const documentNumber of [
    'PNOEE-40404040009-MOCK-Q',
    'PNOLT-40404040009-MOCK-Q',
    'PNOLV-040404-10003-DEMO-Q',
    'PNOBE-04040400287-MOCK-Q',
    'PNOEE-61101019999-MOCK-Q',
    'PNOLT-61101019999-MOCK-Q',
    'PNOLV-010111-22341-MOCK-Q',
    'PNOLV-320000-00008-DEMO-Q',
    'PNOBE-11010199815-MOCK-Q',
    'PNOLT-61101019988-MOCK-NQ',
    'PNOLV-020211-12351-MOCK-NQ',
  ]) {
    it(`logs ${documentNumber} in by QR code`, async () => {
      const session = await createDeviceLinkSession(simulator, {
        certificateLevel: 'ADVANCED',
        initialCallbackUrl: undefined,
      });
      assert.equal((await post(qr(session, documentNumber))).status, 200);
      const completed = await status(simulator, session.sessionID);
      assert.deepEqual(completed.result, { endResult: 'OK', documentNumber });
      assertSigned(simulator, session.body, completed, 'sha512', { flowType: 'QR', initialCallbackUrl: '' });
      assert.match(certificateOf(completed).subjectAltName ?? '', new RegExp(documentNumber));
    });
  }

  for (const flowType of ['Web2App', 'App2App']) {
    it(`requests the callback with the proofs and the browser’s cookie after ${flowType}`, async () => {
      const server = await webServer();
      const session = await createDeviceLinkSession(simulator, { initialCallbackUrl: server.address });
      const called = server.next();
      assert.equal((await post(web(session, flowType))).status, 200);
      await called;
      const [request, ...more] = server.requests;
      assert.ok(request && more.length === 0, 'it does not follow redirects');
      assert.deepEqual([request.method, request.headers.cookie], ['GET', 'a=b;c=d']);
      const completed = await status(simulator, session.sessionID);
      const flow = { flowType, initialCallbackUrl: server.address };
      assertSigned(simulator, session.body, completed, 'sha512', flow);
      assertReturned(session, new URL(request.url ?? '', server.address).href, completed);
    });
  }

  it('accepts the cookie as JSON', async () => {
    const server = await webServer();
    const session = await createDeviceLinkSession(simulator, { initialCallbackUrl: server.address });
    const called = server.next();
    await post({ ...web(session), browserCookie: JSON.stringify({ a: 'b', c: 'd' }) });
    await called;
    assert.equal(server.requests[0]?.headers.cookie, 'a=b; c=d');
  });

  it('gives the account’s answer, and requests no callback after a failure', async () => {
    const called: string[] = [];
    const watched = await startTestSimulator({
      fetch: async (input) => {
        called.push(input instanceof Request ? input.url : String(input));
        return new Response();
      },
    });
    const session = await createDeviceLinkSession(watched, { initialCallbackUrl: 'http://localhost:9/x' });
    await fetch(new URL('/mock/device-link', watched.phoneUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...web(session), documentNumber: 'PNOEE-30403039917-MOCK-Q' }),
    });
    assert.deepEqual((await status(watched, session.sessionID)).result, { endResult: 'USER_REFUSED' });
    await watched.close();
    assert.deepEqual(called, []);
  });

  it('does not show the request on the virtual phone', async () => {
    const slow = await startTestSimulator({ answerDelayMs: 60_000 });
    const session = await createDeviceLinkSession(slow);
    const response = await fetch(new URL('/mock/device-link', slow.phoneUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(qr(session)),
    });
    assert.equal(response.status, 200);
    assert.match(await (await fetch(slow.phoneUrl)).text(), /No requests/);
  });

  const refused: string[] = [];
  const wrong: [
    defect: string,
    pointer: string,
    changes: (session: DeviceLinkSession) => Record<string, unknown>,
  ][] = [
    [
      'a wrong code',
      '/deviceLink',
      (session) => ({ deviceLink: linkOf({ ...session, sessionSecret: '' }, 'Web2App') }),
    ],
    [
      'a link of another session',
      '/deviceLink',
      (session) => ({ deviceLink: linkOf({ ...session, sessionToken: 'x' }, 'Web2App') }),
    ],
    ['no link', '/deviceLink', () => ({ deviceLink: undefined })],
    ['another flow than the link’s', '/flowType', () => ({ flowType: 'QR' })],
    ['an unknown flow', '/flowType', () => ({ flowType: 'Notification' })],
    ['no document number', '/documentNumber', () => ({ documentNumber: undefined })],
    ['an unknown document number', '/documentNumber', () => ({ documentNumber: 'PNOEE-40404040009-DEMO-Q' })],
    [
      'an account that is on the phone',
      '/documentNumber',
      () => ({ documentNumber: 'PNOEE-47101010033-DEMO-Q' }),
    ],
    ['a Basic account', '/documentNumber', () => ({ documentNumber: 'PNOLT-61101019988-MOCK-NQ' })],
    ['no cookie', '/browserCookie', () => ({ browserCookie: undefined })],
    ['a cookie with a line break', '/browserCookie', () => ({ browserCookie: 'a=b\r\nx: y' })],
    ['no callback', '/initialCallbackUrl', () => ({ initialCallbackUrl: undefined })],
    ['another callback', '/initialCallbackUrl', () => ({ initialCallbackUrl: 'http://localhost:9/y' })],
    [
      'a callback elsewhere',
      '/initialCallbackUrl',
      () => ({ initialCallbackUrl: 'https://rp.example.com/' }),
    ],
  ];
  for (const [defect, pointer, changes] of wrong) {
    it(`refuses ${defect} with 400`, async () => {
      const session = await createDeviceLinkSession(simulator, {
        initialCallbackUrl: 'http://localhost:9/x',
      });
      const response = await post({ ...web(session), ...changes(session) });
      assert.equal(response.status, 400);
      const { errors } = await problem(response);
      assert.deepEqual(
        errors?.map((error) => error.pointer),
        [pointer],
      );
      refused.push(session.sessionID);
    });
  }

  it('does not change the sessions of refused requests', async () => {
    assert.equal(refused.length, wrong.length);
    const answers = await Promise.all(refused.map((id) => status(simulator, id, 1_000)));
    for (const answer of answers) assert.deepEqual(answer, { state: 'RUNNING' });
  });

  it('refuses callbacks outside loopback, even those of the session', async () => {
    const session = await createDeviceLinkSession(simulator);
    assert.equal((await post(web(session))).status, 400);
  });

  it('refuses another account than the session’s', async () => {
    const session = await createDeviceLinkSession(simulator, { path: `document/${OK}` });
    assert.equal((await post(qr(session, 'PNOLT-40404040009-MOCK-Q'))).status, 400);
    assert.equal((await post(qr(session))).status, 200);
    assert.equal((await status(simulator, session.sessionID)).result.documentNumber, OK);
  });

  it('refuses another document of the person where the session names one', async () => {
    const [asked, other] = ['PNOEE-39901012239-MOCK-Q', 'PNOEE-39901012239-DEMO-Q'];
    const ofDocument = await createDeviceLinkSession(simulator, { path: `document/${asked}` });
    assert.equal((await post(qr(ofDocument, other))).status, 400);
    const ofPerson = await createDeviceLinkSession(simulator, { path: 'etsi/PNOEE-39901012239' });
    assert.equal((await post(qr(ofPerson, other))).status, 200);
    assert.equal((await status(simulator, ofPerson.sessionID)).result.documentNumber, other);
  });

  it('answers a session once', async () => {
    const session = await createDeviceLinkSession(simulator);
    await post(qr(session));
    await status(simulator, session.sessionID);
    assert.equal((await post(qr(session))).status, 400);
  });
});
