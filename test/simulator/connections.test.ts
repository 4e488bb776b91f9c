import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { request } from 'node:https';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { text } from 'node:stream/consumers';
import { selfSigned } from '../support/certificates/self-signed.ts';
import { requestBody, startTestSimulator, status } from './relying-party.ts';

const tls = selfSigned('localhost');

async function exchange(
  session: ClientHttp2Session,
  path: string,
  body?: unknown,
): Promise<{ status: unknown; body: string }> {
  const headers = { 'content-type': 'application/json', ':method': body === undefined ? 'GET' : 'POST' };
  const stream = session.request({ ':path': path, ...headers });
  stream.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = (await once(stream, 'response')) as [Record<string, unknown>];
  return { status: response[':status'], body: await text(stream) };
}

/** A whole authentication on one connection. */
async function authenticateOn(session: ClientHttp2Session): Promise<void> {
  const created = await exchange(
    session,
    '/smart-id-rp/v3/authentication/notification/etsi/PNOEE-40504040001',
    requestBody(),
  );
  assert.equal(created.status, 200);
  const { sessionID } = JSON.parse(created.body) as { sessionID: string };
  const completed = await exchange(session, `/smart-id-rp/v3/session/${sessionID}?timeoutMs=30000`);
  assert.match(completed.body, /"endResult":"OK"/);
  const missing = await exchange(session, '/smart-id-rp/v3/nothing');
  assert.equal(missing.status, 404);
  assert.equal((JSON.parse(missing.body) as { status: number }).status, 404);
}

/** Sends text on a plain connection, in pieces, and returns everything that is sent back. */
async function send(port: number, ...pieces: string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1').setNoDelay();
  await once(socket, 'connect');
  for (const piece of pieces) await new Promise((resolve) => socket.write(piece, resolve));
  return await text(socket);
}

describe('the simulator’s port', () => {
  it('speaks HTTP/2 to clients that know it, and HTTP/1.1 to others', async () => {
    const simulator = await startTestSimulator();
    const session = connectHttp2(simulator.phoneUrl);
    await authenticateOn(session);
    assert.equal((await exchange(session, '/')).status, 200);
    session.close();
    assert.equal((await fetch(simulator.phoneUrl)).status, 200);
  });

  it('recognises the protocol by its first bytes, however they are split', async () => {
    const { port } = await startTestSimulator();
    const rest = ' /revocation HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
    for (const pieces of [[`GET${rest}`], ['G', `ET${rest}`], ['P', 'R', `OPFIND${rest}`]])
      assert.match(await send(port, ...pieces), /^HTTP\/1\.1 (?:200|405) /, pieces.join('|'));
    const settings = '\0\0\0\x04\0\0\0\0\0';
    const goAway = '\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\0';
    const answer = await send(port, 'P', 'RI * HTTP/2.0\r\n\r\nSM\r\n\r\n', settings, goAway);
    // The frame type of SETTINGS is 4.
    assert.equal(answer.charCodeAt(3), 4);
  });

  it('speaks both over TLS too if it has a certificate, beside clear text', async () => {
    const simulator = await startTestSimulator({ tls });
    const url = new URL('/', simulator.phoneUrl.replace('http:', 'https:'));
    const session = connectHttp2(url, { ca: tls.cert });
    await authenticateOn(session);
    assert.equal(session.alpnProtocol, 'h2');
    session.close();

    const form = { origin: url.origin, 'content-type': 'application/x-www-form-urlencoded' };
    const sent = request(new URL('/revocation', url), { method: 'POST', ca: tls.cert, headers: form });
    sent.end('ocsp=slow&crl=answers&revoked=');
    const [response] = (await once(sent, 'response')) as [{ statusCode: number; httpVersion: string }];
    assert.deepEqual([response.statusCode, response.httpVersion], [303, '1.1']);
    assert.equal((await fetch(simulator.phoneUrl)).status, 200);
  });

  it('closes while connections of each kind are open, after their long polls', async () => {
    const simulator = await startTestSimulator({ tls, answerDelayMs: 60_000 });
    const silent = connect(simulator.port, '127.0.0.1');
    await once(silent, 'connect');
    const open = [
      connectHttp2(simulator.phoneUrl),
      connectHttp2(simulator.phoneUrl.replace('http:', 'https:'), { ca: tls.cert }),
    ];
    const polls = open.map(async (session) => {
      const path = '/smart-id-rp/v3/authentication/notification/etsi/PNOEE-40504040001';
      const { sessionID } = JSON.parse((await exchange(session, path, requestBody())).body) as {
        sessionID: string;
      };
      const poll = exchange(session, `/smart-id-rp/v3/session/${sessionID}?timeoutMs=120000`);
      // The next request of the connection is answered after the poll has begun.
      await exchange(session, '/revocation');
      return { poll, sessionID };
    });
    const [first] = await Promise.all(polls);
    assert.ok(first);
    assert.deepEqual(await status(simulator, first.sessionID, 1_000), { state: 'RUNNING' });
    const closing = simulator.close();
    for (const { poll } of await Promise.all(polls))
      assert.deepEqual(JSON.parse((await poll).body), { state: 'RUNNING' });
    await closing;
    if (!silent.closed) await once(silent, 'close');
  });
});
