/** How connections end, and that nothing of them stays: no socket, no request that waits for ever. */
import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTls, type TLSSocket } from 'node:tls';
import { describe, it } from 'node:test';
import { fetchBounded } from '../../../src/http/bounded-fetch.ts';
import { issueServerCertificate, tlsServer } from '../../support/servers/tls-server.ts';
import { genuineTls, h2Server, http2Dispatcher, json, outcomeOf, pki, polls } from './h2-server.ts';
import { freezableRelay } from './relay.ts';
import { serverInThread } from './server-in-thread.ts';

const POST = { method: 'POST', body: '{}' } as const;
const NEVER_MS = 60_000;
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('a connection that ends', { concurrency: true, timeout: 20_000 }, () => {
  it('is still found dead by a ping, where the server ends it gracefully and then dies', async (test) => {
    const { hold } = polls();
    const server = await h2Server(test, hold);
    const relay = await freezableRelay(test, server.port);
    const dispatcher = http2Dispatcher(test, { http2: { pingMs: 200, pongMs: 200 } });
    const poll = outcomeOf(dispatcher, { url: relay.url });
    await server.came(1);
    server.sessions[0]?.close();
    // What comes now goes over another connection, so the end has been understood.
    const later = outcomeOf(dispatcher, { url: relay.url, ...POST });
    await server.came(2);
    relay.freeze();
    assert.equal(await poll, 'connection_lost HTTP2_NO_PONG');
    assert.equal(await later, 'connection_lost HTTP2_NO_PONG');
  });

  it('leaves no socket where the server never closes its side', async (test) => {
    const server = await h2Server(test, json());
    const relay = await freezableRelay(test, server.port);
    const dispatcher = http2Dispatcher(test, { http2: { idleMs: 100, pongMs: 200 } });
    assert.equal(await outcomeOf(dispatcher, { url: relay.url }), 200);
    relay.freeze();
    await relay.givenUp();
  });

  it('carries no new request from the moment on at which its socket is closed', async (test) => {
    const clients: Socket[] = [];
    const onSocket = (message: unknown) => clients.push((message as { readonly socket: Socket }).socket);
    subscribe('net.client.socket', onSocket);
    test.after(() => unsubscribe('net.client.socket', onSocket));
    const server = await h2Server(test, json());
    const dispatcher = http2Dispatcher(test);
    assert.equal(await outcomeOf(dispatcher, { url: server.url, ...POST }), 200);
    // The session learns of it a moment later.
    clients.find(({ remotePort }) => remotePort === server.port)?.destroy();
    assert.equal(await outcomeOf(dispatcher, { url: server.url, ...POST }), 200);
    assert.equal(server.connections(), 2);
  });

  it('because of its age takes no new request, and answers those that it has', async (test) => {
    const { hold, answerAll } = polls();
    const server = await h2Server(test, hold);
    const dispatcher = http2Dispatcher(test, { http2: { ageMs: 200 } });
    const asked = [outcomeOf(dispatcher, { url: server.url })];
    await server.came(1);
    await pause(250);
    asked.push(outcomeOf(dispatcher, { url: server.url, ...POST }));
    await server.came(2);
    assert.equal(server.connections(), 2);
    answerAll();
    assert.deepEqual(await Promise.all(asked), [200, 200]);
  });
});

describe('the end of a dispatcher', { concurrency: true, timeout: 20_000 }, () => {
  it('ends also what a connection still carries that the server ends gracefully', async (test) => {
    const { hold } = polls();
    const server = await h2Server(test, hold);
    const dispatcher = http2Dispatcher(test);
    const poll = outcomeOf(dispatcher, { url: server.url });
    await server.came(1);
    server.sessions[0]?.close();
    const later = outcomeOf(dispatcher, { url: server.url });
    await server.came(2);
    await dispatcher.destroy();
    for (const outcome of await Promise.all([poll, later]))
      assert.match(String(outcome), /^connection_lost /);
  });

  it('closes a connection whose server has not begun to speak HTTP/2', async (test) => {
    const mute = createTls({ ...genuineTls, ALPNProtocols: ['h2'] }).listen(0, 'localhost');
    await once(mute, 'listening');
    test.after(() => mute.close());
    const url = `https://localhost:${(mute.address() as AddressInfo).port}/`;
    const dispatcher = http2Dispatcher(test, { connectMs: NEVER_MS });
    const outcome = outcomeOf(dispatcher, { url, ...POST });
    const [socket] = (await once(mute, 'secureConnection')) as [TLSSocket];
    socket.resume().on('error', () => undefined);
    // The client has sent its preface.
    await once(socket, 'data');
    const closed = once(socket, 'close');
    await dispatcher.destroy();
    assert.equal(await outcome, 'connection_failed closed');
    await closed;
  });

  it('connects no more: neither for a request that comes later, nor for one that waits for a ping', async (test) => {
    const { hold } = polls();
    const server = await h2Server(test, hold);
    const relay = await freezableRelay(test, server.port);
    const dispatcher = http2Dispatcher(test, { http2: { pongMs: 300, pingMs: NEVER_MS } });
    const poll = outcomeOf(dispatcher, { url: relay.url });
    await server.came(1);
    relay.freeze();
    await pause(350);
    const asking = outcomeOf(dispatcher, { url: relay.url, ...POST });
    await dispatcher.destroy();
    assert.match(String(await poll), /^connection_lost /);
    assert.equal(await asking, 'connection_failed closed');
    assert.equal(
      await outcomeOf(dispatcher, { url: relay.url, ...POST }),
      'connection_lost UND_ERR_DESTROYED',
    );
    assert.equal(relay.connections(), 1);
  });
});

describe('requests that wait for a connection', { concurrency: true, timeout: 20_000 }, () => {
  it('are sent in the order in which they came, also where the server is asked first', async (test) => {
    const order: unknown[] = [];
    const { hold, answerAll } = polls();
    const server = await h2Server(
      test,
      (stream, headers) => {
        order.push(headers[':path']);
        hold(stream, headers);
      },
      { settings: { maxConcurrentStreams: 3 } },
    );
    const dispatcher = http2Dispatcher(test, { http2: { pongMs: 300, pingMs: NEVER_MS } });
    const ask = (path: string) => outcomeOf(dispatcher, { url: new URL(path, server.url), ...POST });
    const first = ask('0');
    await server.came(1);
    answerAll();
    assert.equal(await first, 200);
    await pause(350);
    const asked = ['1', '2', '3', '4', '5', '6'].map(ask);
    await server.came(7);
    assert.deepEqual(order, ['/0', '/1', '/2', '/3', '/4', '/5', '/6']);
    assert.equal(server.connections(), 2);
    answerAll();
    await Promise.all(asked);
  });

  it('go by HTTP/1.1 where that is chosen; connections with HTTP/2 are used all the same', async (test) => {
    const { hold, answerAll } = polls();
    const server = await h2Server(test, hold, { settings: { maxConcurrentStreams: 1 } });
    const older = await tlsServer(test, issueServerCertificate(pki), { chain: [pki.issuing.certificate] });
    const relay = await freezableRelay(test, server.port);
    const dispatcher = http2Dispatcher(test);
    const poll = outcomeOf(dispatcher, { url: relay.url });
    await server.came(1);
    relay.redirect(older.port);
    const bounds = { dispatcher, timeoutMs: 10_000, maxBytes: 100 };
    const { headers } = await fetchBounded({ url: relay.url }, bounds);
    assert.equal(headers.connection, 'keep-alive');
    assert.equal(older.requests(), 1);
    answerAll();
    assert.equal(await poll, 200);
    // Its stream is free when it is closed, a moment after the answer.
    await pause(100);
    const again = outcomeOf(dispatcher, { url: relay.url });
    await server.came(2);
    answerAll();
    assert.equal(await again, 200);
    assert.equal(older.requests(), 1);
  });
});

describe('a busy process', { timeout: 20_000 }, () => {
  it('gets a connection that became ready while it could not read', async (test) => {
    const url = await serverInThread(test);
    let busy = true;
    test.after(() => (busy = false));
    // From the end of the TLS handshake on, each round takes longer than the server may take.
    const work = () => {
      const end = performance.now() + 700;
      while (performance.now() < end);
      if (busy) setImmediate(work);
    };
    const dispatcher = http2Dispatcher(test, { connectMs: 600, onPresented: () => setImmediate(work) });
    const outcome = outcomeOf(dispatcher, { url });
    assert.equal(await outcome.finally(() => (busy = false)), 200);
  });
});
