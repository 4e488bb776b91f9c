/** HTTP/2 is used where the server chooses it, and everything that holds for a request holds over it too. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, isIP } from 'node:net';
import { createServer as createTls } from 'node:tls';
import { describe, it, type TestContext } from 'node:test';
import { fetchBounded } from '../../../src/http/bounded-fetch.ts';
import { pinOf } from '../../../src/http/tls-pins.ts';
import { forwardProxy } from '../../support/servers/forward-proxy.ts';
import { issueServerCertificate, pemOf, tlsServer } from '../../support/servers/tls-server.ts';
import { answeringServer } from '../answering-server.ts';
import { type Answer, h2Server, http2Dispatcher, json, outcomeOf, pki } from './h2-server.ts';

const OTHER_PIN = Buffer.alloc(32, 7).toString('base64');
const POST = { method: 'POST', body: '{}' } as const;
const silent: Answer = () => undefined;
/** Resolves when a stream has been reset by the client. */
function hangingUp(answer: Answer) {
  const { promise: hungUp, resolve } = Promise.withResolvers<number>();
  const hanging: Answer = (stream, headers) => {
    stream.once('close', () => {
      resolve(stream.rstCode);
    });
    answer(stream, headers);
  };
  return { hanging, hungUp };
}
const CANCEL = 8;

/** An address at which connections are neither accepted nor refused: the queue of its port is full. */
async function silentAddress(test: TestContext, port: number): Promise<string> {
  const address = '127.0.0.3';
  const script = `require('node:net').createServer().listen({ port: ${port}, host: '${address}', backlog: 1 }, () => {
    process.stdout.write('listening');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  })`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  // Linux accepts one more than the backlog.
  const fillers = [1, 2].map(() => connect(port, address).on('error', () => undefined));
  test.after(() => {
    child.kill('SIGKILL');
    for (const filler of fillers) filler.destroy();
  });
  await Promise.all(fillers.map((filler) => once(filler, 'connect')));
  return address;
}

describe('a request over HTTP/2', { concurrency: true }, () => {
  it('has its method, path, headers and body, and its answer status, headers and body', async (test) => {
    let received: object = {};
    const server = await h2Server(test, (stream, headers) => {
      void stream.toArray().then((chunks: Buffer[]) => {
        const { ':method': method, ':path': path, ':authority': authority } = headers;
        const { 'content-type': type, 'content-length': length } = headers;
        received = { method, path, authority, type, length, body: Buffer.concat(chunks).toString() };
        stream.respond({ ':status': 201, 'x-answer': 'yes' });
        stream.end('an answer');
      });
    });
    const sent = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'ä question' } as const;
    const answer = await fetchBounded(
      { url: `${server.url}a/b?c=d`, ...sent },
      { dispatcher: http2Dispatcher(test), timeoutMs: 5_000, maxBytes: 100, status: 201 },
    );
    assert.deepEqual(received, {
      method: 'POST',
      path: '/a/b?c=d',
      authority: `localhost:${server.port}`,
      type: 'text/plain',
      length: '11',
      body: 'ä question',
    });
    assert.deepEqual(
      [answer.status, answer.headers['x-answer'], answer.headers[':status'], answer.body.toString()],
      [201, 'yes', undefined, 'an answer'],
    );
  });

  it('for the headers alone (HEAD) is answered though the length of a body is announced', async (test) => {
    const server = await h2Server(test, (stream) => {
      stream.respond({ ':status': 200, 'content-length': 5 });
      stream.end();
    });
    assert.equal(await outcomeOf(http2Dispatcher(test), { url: server.url, method: 'HEAD' }), 200);
  });

  it('that cannot be written says so, and is not tried again', async (test) => {
    const server = await h2Server(test, json());
    const dispatcher = http2Dispatcher(test);
    const headers = { connection: 'close' };
    assert.equal(
      await outcomeOf(dispatcher, { url: server.url, headers }),
      'connection_failed ERR_HTTP2_INVALID_CONNECTION_HEADERS',
    );
    assert.equal(await outcomeOf(dispatcher, { url: server.url }), 200);
    assert.equal(server.connections(), 1);
    assert.equal(server.requests(), 1);
  });

  it('is one by HTTP/1.1 with a server that has only that, and one without TLS', async (test) => {
    const certificate = issueServerCertificate(pki);
    const server = await tlsServer(test, certificate, { chain: [pki.issuing.certificate] });
    const plain = await answeringServer(test, (_request, response) => response.end('{}'));
    const dispatcher = http2Dispatcher(test);
    const bounds = { dispatcher, timeoutMs: 5_000, maxBytes: 100 };
    for (const url of [server.url, plain.url]) {
      const requests = Array.from({ length: 5 }, () => fetchBounded({ url, ...POST }, bounds));
      for (const { status, headers } of await Promise.all(requests)) {
        assert.equal(status, 200);
        // Of Node's HTTP/1.1 server only.
        assert.equal(headers.connection, 'keep-alive');
      }
    }
    assert.equal(server.requests(), 5);
    // One has found out that the server has no HTTP/2.
    assert.ok(server.connections() <= 6, `${server.connections()} connections`);
  });

  it('is HTTP/1.1 where HTTP/2 is not asked for', async (test) => {
    const server = await h2Server(test, json(), { allowHTTP1: true });
    const dispatcher = http2Dispatcher(test, { http2: undefined });
    assert.match(String(await outcomeOf(dispatcher, { url: server.url }, { timeoutMs: 500 })), /^timed_out/);
    assert.equal(server.connections(), 0);
  });
});

describe('a connection with HTTP/2', { concurrency: true }, () => {
  it('is made where a key is pinned, and otherwise refused before anything is sent', async (test) => {
    const certificate = issueServerCertificate(pki);
    const server = await h2Server(test, json(), { certificate });
    const pin = pinOf(new X509Certificate(certificate.certificate));
    const pinned = http2Dispatcher(test, { pins: [OTHER_PIN, pin] });
    assert.equal(await outcomeOf(pinned, { url: server.url, ...POST }), 200);
    assert.equal(server.connections(), 1);
    const told: (readonly string[])[] = [];
    const onMismatch = (presented: readonly string[]) => told.push(presented);
    const other = http2Dispatcher(test, { pins: [OTHER_PIN], onMismatch });
    assert.equal(await outcomeOf(other, { url: server.url, ...POST }), 'connection_failed TLS_PIN_MISMATCH');
    assert.deepEqual(told, [[pin, pinOf(new X509Certificate(pki.issuing.certificate))]]);
    assert.equal(server.requests(), 1);
  });

  it('is validated: its CA, and the name of the server', async (test) => {
    const elsewhere = issueServerCertificate(pki, { host: 'rp-api.example' });
    const server = await h2Server(test, json(), { certificate: elsewhere });
    assert.equal(
      await outcomeOf(http2Dispatcher(test), { url: server.url }),
      'connection_failed ERR_TLS_CERT_ALTNAME_INVALID',
    );
    const genuine = await h2Server(test, json());
    const distrusting = http2Dispatcher(test, { ca: undefined });
    assert.match(
      String(await outcomeOf(distrusting, { url: genuine.url })),
      /^connection_failed (SELF|UNABLE)/,
    );
    assert.equal(server.requests() + genuine.requests(), 0);
  });

  it('goes through the proxy, pinned and validated all the same', async (test) => {
    const certificate = issueServerCertificate(pki, { host: 'smart-id.test' });
    const server = await h2Server(test, json(), { certificate });
    const proxy = await forwardProxy(test);
    const url = `https://smart-id.test:${server.port}/`;
    const proxies = { https: proxy.url };
    const pins = [pinOf(new X509Certificate(certificate.certificate))];
    const dispatcher = http2Dispatcher(test, { proxies, pins });
    const asked = await Promise.all([1, 2, 3].map(() => outcomeOf(dispatcher, { url, ...POST })));
    assert.deepEqual(asked, [200, 200, 200]);
    assert.deepEqual(proxy.got, [
      { asked: `CONNECT smart-id.test:${server.port}`, authorization: undefined },
    ]);
    assert.equal(server.connections(), 1);
    assert.equal(
      await outcomeOf(http2Dispatcher(test, { proxies, pins: [OTHER_PIN] }), { url }),
      'connection_failed TLS_PIN_MISMATCH',
    );
    const refusing = await forwardProxy(test, 407);
    assert.equal(
      await outcomeOf(http2Dispatcher(test, { proxies: { https: refusing.url } }), { url }),
      'connection_failed PROXY_REFUSED',
    );
  });

  it('is refused to an address that must not be connected to', async (test) => {
    const server = await h2Server(test, json());
    const dispatcher = http2Dispatcher(test, { addresses: {} });
    assert.match(String(await outcomeOf(dispatcher, { url: server.url })), /^address_refused/);
    assert.equal(server.connections(), 0);
  });

  for (const [how, addressOf] of [
    ['refuses', () => Promise.resolve('127.0.0.2')],
    ['says nothing', silentAddress],
  ] as const) {
    it(`is made to another address of the name where the first one ${how}`, async (test) => {
      const server = await h2Server(test, json());
      const dead = await addressOf(test, server.port);
      const resolve = async () =>
        [dead, '127.0.0.1', '::1'].map((address) => ({ address, family: isIP(address) }));
      const addresses = { resolve, isAllowed: () => true };
      const dispatcher = http2Dispatcher(test, { addresses, connectMs: 60_000 });
      const asked = { url: server.url, ...POST };
      assert.equal(await outcomeOf(dispatcher, asked, { timeoutMs: 60_000 }), 200);
    });
  }

  it('that cannot be made fails every request that waits for it, with nothing sent', async (test) => {
    const server = await h2Server(test, json());
    const dispatcher = http2Dispatcher(test, { ca: undefined });
    const asked = await Promise.all([1, 2, 3].map(() => outcomeOf(dispatcher, { url: server.url, ...POST })));
    for (const outcome of asked) assert.match(String(outcome), /^connection_failed /);
  });
});

describe('a limit over HTTP/2', { concurrency: true }, () => {
  it('of time ends an answer that does not begin, pauses or never ends, and resets the stream', async (test) => {
    const pausing: Answer = (stream) => {
      stream.respond({ ':status': 200 });
      stream.write('a part');
    };
    const dripping: Answer = (stream) => {
      stream.respond({ ':status': 200 });
      const drip = setInterval(() => stream.write(' '), 10);
      stream.once('close', () => {
        clearInterval(drip);
      });
    };
    for (const [answer, limits] of [
      [silent, { timeoutMs: 500 }],
      [silent, { answerMs: 500 }],
      [pausing, { pauseMs: 100 }],
      [dripping, { timeoutMs: 500 }],
    ] as const) {
      const { hanging, hungUp } = hangingUp(answer);
      const server = await h2Server(test, hanging);
      assert.match(String(await outcomeOf(http2Dispatcher(test), { url: server.url }, limits)), /^timed_out/);
      assert.equal(await hungUp, CANCEL);
      assert.equal(server.sessions.length, 1);
    }
  });

  it('of time covers a server that never begins to speak HTTP/2', async (test) => {
    const { certificate, keys } = issueServerCertificate(pki);
    const key = keys.privateKey.export({ type: 'pkcs8', format: 'pem' });
    const cert = [certificate, pki.issuing.certificate].map(pemOf).join('');
    const mute = createTls({ key, cert, ALPNProtocols: ['h2'] }).listen(0, 'localhost');
    await once(mute, 'listening');
    test.after(() => mute.close());
    const { port } = mute.address() as AddressInfo;
    const dispatcher = http2Dispatcher(test, { connectMs: 300 });
    assert.equal(
      await outcomeOf(dispatcher, { url: `https://localhost:${port}/`, ...POST }),
      'connection_failed HTTP2_NO_SETTINGS',
    );
  });

  it('of size holds, and an answer without end is reset', async (test) => {
    const endless: Answer = (stream) => {
      stream.respond({ ':status': 200 });
      const more = () => {
        while (!stream.destroyed && stream.write(Buffer.alloc(4_096)));
      };
      stream.on('drain', more);
      more();
    };
    const { hanging, hungUp } = hangingUp(endless);
    const server = await h2Server(test, hanging);
    const dispatcher = http2Dispatcher(test);
    assert.match(String(await outcomeOf(dispatcher, { url: server.url })), /^too_large/);
    assert.equal(await hungUp, CANCEL);
    const exact = await h2Server(test, json('x'.repeat(1_000)));
    assert.equal(await outcomeOf(dispatcher, { url: exact.url }), 200);
    assert.match(String(await outcomeOf(dispatcher, { url: exact.url }, { maxBytes: 999 })), /^too_large/);
  });

  it('redirects are not followed', async (test) => {
    for (const status of [301, 307, 308]) {
      const server = await h2Server(test, (stream) => {
        stream.respond({ ':status': status, location: '/elsewhere' });
        stream.end();
      });
      const outcome = await outcomeOf(http2Dispatcher(test), { url: server.url, ...POST }, { status: 'any' });
      assert.match(String(outcome), /^redirected/);
      assert.equal(server.requests(), 1);
    }
  });

  it('ends with its caller, before it is sent and while it waits', async (test) => {
    const { hanging, hungUp } = hangingUp(silent);
    const server = await h2Server(test, hanging);
    const dispatcher = http2Dispatcher(test);
    const early = new AbortController();
    const unsent = outcomeOf(dispatcher, { url: server.url }, { signal: early.signal });
    early.abort();
    assert.equal(await unsent, 'aborted');
    const late = new AbortController();
    const waiting = outcomeOf(dispatcher, { url: server.url }, { signal: late.signal });
    await server.came(1);
    late.abort();
    assert.equal(await waiting, 'aborted');
    assert.equal(await hungUp, CANCEL);
    assert.equal(server.requests(), 1);
  });
});
