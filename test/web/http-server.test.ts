import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { connect as connectTls, getCiphers, type SecureVersion } from 'node:tls';
import { type HttpServer, startHttpServer, TIME_LIMITS, type TimeLimits } from '../../src/web/http-server.ts';
import { type SelfSigned, selfSigned, selfSignedRsa } from '../support/certificates/self-signed.ts';

/** Short limits, so that the tests are fast. */
const SHORT = { handshake: 150, headers: 150, request: 300, silence: 300, check: 20 };
const LIMIT_MS = 10_000;
/** All that OpenSSL knows, except those without a certificate. */
const TLS_12_CIPHERS = getCiphers()
  .map((name) => name.toUpperCase())
  .filter((name) => !/^TLS_|PSK|SRP|ADH|AECDH|ANON/.test(name));

let server: HttpServer | undefined;
/** Method and address of each request that reached the listener. */
let heard: string[] = [];

const answerOk: RequestListener = (request, response) => {
  request.resume().once('end', () => response.end('ok'));
};

async function start(listener = answerOk, timeLimits: Partial<TimeLimits> = SHORT, tls?: SelfSigned) {
  heard = [];
  server = await startHttpServer({
    port: 0,
    host: 'localhost',
    tls,
    timeLimits,
    listener: (request, response) => {
      heard.push(`${request.method ?? ''} ${request.url ?? ''}`);
      listener(request, response);
    },
  });
}

afterEach(() => server?.drain(0, 0));

describe('a slow client', () => {
  it('has a total time limit of at most a minute in each case', () => {
    const { check, ...limits } = TIME_LIMITS;
    for (const limit of Object.values(limits)) assert.ok(limit <= 60_000);
    assert.ok(check <= 5_000);
  });

  it('that sends nothing is disconnected', async () => {
    await start();
    assert.match(await untilClosed(connectTo()), /^(HTTP\/1\.1 408 |$)/);
    assert.deepEqual(heard, []);
  });

  it('that sends its headers slowly is disconnected', async () => {
    await start();
    const socket = connectTo();
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n');
    assert.match(await dribble(socket, 'X-More: 1\r\n'), /^HTTP\/1\.1 408 /);
    assert.deepEqual(heard, []);
  });

  it('that sends its body slowly is disconnected', async () => {
    await start();
    const socket = connectTo();
    socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n');
    assert.doesNotMatch(await dribble(socket, 'x'), / 200 /);
    assert.deepEqual(heard, ['POST /']);
  });

  it('that does not read its response is disconnected, while the response still grows', async () => {
    const { promise: closed, resolve } = Promise.withResolvers<boolean>();
    await start((_request, response) => {
      // More than the buffers of a connection hold.
      response.write(Buffer.alloc(32 * 1024 * 1024));
      const grow = setInterval(() => response.write('more'), 20);
      response.once('close', () => {
        clearInterval(grow);
        resolve(response.writableFinished);
      });
    });
    const socket = connectTo();
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    assert.equal(await closed, false);
    socket.destroy();
  });

  it('that only waits for its response is not disconnected early', async () => {
    await start((_request, response) => {
      const say = setInterval(() => response.write('.'), 50);
      setTimeout(() => {
        clearInterval(say);
        response.end('done');
      }, 900);
    });
    const answer = await exchange('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    assert.match(answer, /done/);
  });
});

describe('a request that two parsers could read differently', () => {
  const head = 'POST /first HTTP/1.1\r\nHost: localhost\r\n';
  const hidden = 'GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n';
  for (const [title, request] of [
    [
      'a length beside chunks',
      `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
    ],
    [
      'chunks beside a length',
      `${head}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${hidden}`,
    ],
    ['two lengths', `${head}Content-Length: 0\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`],
    ['a list of lengths', `${head}Content-Length: 0, 0\r\n\r\n${hidden}`],
    ['a length with a sign', `${head}Content-Length: +0\r\n\r\n${hidden}`],
    ['an encoding after chunks', `${head}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${hidden}`],
    ['an unknown encoding', `${head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${hidden}`],
    ['a space before a colon', `${head}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${hidden}`],
    ['a folded header', `${head}X-A: 1\r\n Transfer-Encoding: chunked\r\n\r\n${hidden}`],
    [
      'a chunk with a wrong length',
      `${head}Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n${hidden}`,
    ],
    ['bare line feeds', `GET /first HTTP/1.1\nHost: localhost\n\n${hidden}`],
    ['a bare carriage return in a header', `${head}X-A: 1\rTransfer-Encoding: chunked\r\n\r\n${hidden}`],
    ['a NUL in a header', `${head}X-A: 1\0\r\n\r\n${hidden}`],
  ] as const) {
    it(`is refused: ${title}`, async () => {
      await start();
      const answer = await exchange(request);
      assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n/);
      assert.ok(!heard.some((line) => line.includes('hidden')), heard.join());
      assert.ok(!answer.includes('hidden') && !answer.includes('200 OK'));
    });
  }
});

describe('headers', () => {
  it('must include Host', async () => {
    await start();
    assert.match(await exchange('GET / HTTP/1.1\r\nConnection: close\r\n\r\n'), /^HTTP\/1\.1 400 /);
    assert.deepEqual(heard, []);
  });

  it('are refused if they are too large', async () => {
    await start();
    const answer = await exchange(`GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ${'a'.repeat(17_000)}\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 431 /);
    assert.deepEqual(heard, []);
  });

  it('are all read, however many there are', async () => {
    let last: unknown;
    await start((request, response) => {
      last = request.headers['sec-fetch-site'];
      response.end();
    });
    const many = Array.from({ length: 2_500 }, () => 'a:\r\n').join('');
    await exchange(
      `GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${many}Sec-Fetch-Site: cross-site\r\n\r\n`,
    );
    assert.equal(last, 'cross-site');
  });
});

describe('a request other than for a page', () => {
  it('opens no tunnel', async () => {
    await start();
    assert.doesNotMatch(
      await exchange('CONNECT localhost:5432 HTTP/1.1\r\nHost: localhost\r\n\r\n'),
      / 200 /,
    );
    assert.deepEqual(heard, []);
  });

  it('does not switch to another protocol', async () => {
    await start();
    const answer = await exchange(
      'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n',
    );
    assert.doesNotMatch(answer, /^HTTP\/1\.1 101 /);
  });
});

describe('https', () => {
  const tls = selfSigned('localhost');
  const rsaTls = selfSignedRsa('localhost');

  it('is served with TLS 1.2 and later only', async () => {
    await start(answerOk, SHORT, tls);
    const speak = async (version: SecureVersion) => {
      const socket = connectTls({
        port: server?.port ?? 0,
        host: 'localhost',
        ca: tls.cert,
        minVersion: version,
        maxVersion: version,
        // Needed for older versions, which OpenSSL would not offer otherwise.
        ciphers: 'DEFAULT@SECLEVEL=0',
      });
      const spoken = once(socket, 'secureConnect').then(() => socket.getProtocol());
      return spoken.catch(() => undefined).finally(() => socket.destroy());
    };
    assert.deepEqual(
      [await speak('TLSv1'), await speak('TLSv1.1'), await speak('TLSv1.2'), await speak('TLSv1.3')],
      [undefined, undefined, 'TLSv1.2', 'TLSv1.3'],
    );
  });

  it('is served in TLS 1.2 with the ciphers that BCP 195 recommends, and no others', async () => {
    const served: string[] = [];
    for (const certificate of [tls, rsaTls]) {
      await start(answerOk, SHORT, certificate);
      for (const cipher of TLS_12_CIPHERS) {
        const socket = connectTls({
          port: server?.port ?? 0,
          host: 'localhost',
          ca: certificate.cert,
          maxVersion: 'TLSv1.2',
          ciphers: `${cipher}@SECLEVEL=0`,
        });
        const spoken = once(socket, 'secureConnect').then(() => socket.getCipher().name);
        const name = await spoken.catch(() => undefined).finally(() => socket.destroy());
        if (name !== undefined) served.push(name);
      }
      await server?.drain(0, 0);
    }
    assert.deepEqual(served.sort(), [
      'ECDHE-ECDSA-AES128-GCM-SHA256',
      'ECDHE-ECDSA-AES256-GCM-SHA384',
      'ECDHE-RSA-AES128-GCM-SHA256',
      'ECDHE-RSA-AES256-GCM-SHA384',
    ]);
  });

  it('disconnects a client that stops during the handshake', async () => {
    await start(answerOk, SHORT, tls);
    const socket = connectTo();
    // Header of a TLS record whose content is never sent.
    socket.write(Buffer.from('1603010200', 'hex'));
    assert.equal(await untilClosed(socket), '');
    assert.deepEqual(heard, []);
  });

  it('does not serve plain http on the same port', async () => {
    await start(answerOk, SHORT, tls);
    assert.doesNotMatch(await exchange('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'), / 200 /);
    assert.deepEqual(heard, []);
  });
});

describe('a server that drains', () => {
  /** Asks for an address again and again. @returns how long the server takes to drain, in milliseconds */
  async function drainUnder(address: string, quietMs: number, limitMs: number): Promise<number> {
    await start();
    const ask = () => exchange(`GET ${address} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    await ask();
    const asking = setInterval(() => void ask(), 20);
    const begun = performance.now();
    await server?.drain(quietMs, limitMs);
    clearInterval(asking);
    return performance.now() - begun;
  }

  it('is quiet although load balancers go on checking its health', async () => {
    for (const address of ['/healthz', '/readyz?for=balancer'])
      assert.ok((await drainUnder(address, 100, LIMIT_MS)) < LIMIT_MS / 2, address);
  });

  it('waits for those who go on asking for a page', async () => {
    assert.ok((await drainUnder('/login/a/wait?poll', 200, 600)) >= 590);
  });
});

function connectTo(): Socket {
  return connect(server?.port ?? 0, 'localhost').on('error', () => undefined);
}

function exchange(request: string): Promise<string> {
  const socket = connectTo();
  socket.write(request);
  return untilClosed(socket);
}

/** Sends a little data repeatedly. Answers everything that the server sends until it closes the connection. */
async function dribble(socket: Socket, part: string): Promise<string> {
  const interval = setInterval(() => socket.write(part), 20);
  try {
    return await untilClosed(socket);
  } finally {
    clearInterval(interval);
  }
}

/** Everything that the server sends until it closes the connection, also while the client still writes. */
async function untilClosed(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('latin1').on('data', (part: string) => (text += part));
  // Not `once` of node:events, which rejects at an error such as a broken pipe.
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const limit = setTimeout(reject, LIMIT_MS, new Error('the server has not closed the connection'));
  socket.once('close', () => {
    resolve(text);
  });
  try {
    return await promise;
  } finally {
    clearTimeout(limit);
    socket.destroy();
  }
}
