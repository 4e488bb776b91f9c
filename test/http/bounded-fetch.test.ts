import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import {
  fetchBounded,
  fetchHeaders,
  type HttpResponse,
  type HttpBounds,
  type HttpRequest,
} from '../../src/http/bounded-fetch.ts';
import { createDispatcher } from '../../src/http/dispatcher.ts';
import { HttpError } from '../../src/http/errors.ts';
import { type AnsweringServer, answeringServer } from './answering-server.ts';

const MAX_BYTES = 1_000;
const SECRET = 'PNOEE-40504040001';

type Changes = Partial<HttpBounds> & { readonly sent?: Partial<HttpRequest> };

function fetchFrom(server: AnsweringServer, { sent, ...bounds }: Changes = {}): Promise<HttpResponse> {
  const { url, dispatcher } = server;
  return fetchBounded({ url, ...sent }, { dispatcher, timeoutMs: 5_000, maxBytes: MAX_BYTES, ...bounds });
}

async function fetched(test: TestContext, answer: RequestListener, changes?: Changes): Promise<HttpResponse> {
  return fetchFrom(await answeringServer(test, answer), changes);
}

async function failure(exchange: Promise<unknown>): Promise<HttpError> {
  const error = await exchange.then(
    () => assert.fail('the exchange succeeded'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof HttpError, String(error));
  return error;
}

async function codeOf(exchange: Promise<unknown>): Promise<string> {
  return (await failure(exchange)).code;
}

const answering = (status: number, headers = {}, body: string | Buffer = ''): RequestListener => {
  return (_request, response) => response.writeHead(status, headers).end(body);
};
const silent: RequestListener = () => undefined;

/** Sends a byte of the body every 10 ms, without end. */
const dripping: RequestListener = (_request, response) => {
  response.writeHead(200);
  const drip = setInterval(() => response.write(' '), 10);
  response.on('close', () => {
    clearInterval(drip);
  });
};

/** On a busy machine too, a request has reached its server by then: the tests wait until the server notices the end. */
const REACHED_MS = 500;

describe('a bounded exchange', { concurrency: true }, () => {
  it('sends method, headers and body, and gives status, headers and body', async (test) => {
    let received: object = {};
    const answer = await fetched(
      test,
      (request, response) => {
        const { method, headers } = request;
        void request.toArray().then((chunks) => {
          received = { method, type: headers['content-type'], body: Buffer.concat(chunks).toString() };
          response.writeHead(200, { 'X-Answer': 'yes' }).end('an answer');
        });
      },
      { sent: { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'a question' } },
    );
    assert.deepEqual(received, { method: 'POST', type: 'text/plain', body: 'a question' });
    assert.deepEqual(
      [answer.status, answer.headers['x-answer'], answer.body.toString()],
      [200, 'yes', 'an answer'],
    );
  });

  describe('the time limit', () => {
    it('ends an exchange whose answer does not begin, and closes the connection', async (test) => {
      for (const limits of [{ timeoutMs: REACHED_MS }, { answerMs: REACHED_MS }]) {
        const server = await answeringServer(test, silent);
        assert.equal(await codeOf(fetchFrom(server, limits)), 'timed_out');
        await server.hungUp;
      }
    });

    it('ends a body that pauses for too long', async (test) => {
      const server = await answeringServer(test, (_request, response) => {
        response.writeHead(200).write('a part');
      });
      assert.equal(await codeOf(fetchFrom(server, { pauseMs: 50 })), 'timed_out');
      await server.hungUp;
    });

    it('covers the whole exchange: a body that never pauses is ended too', async (test) => {
      const server = await answeringServer(test, dripping);
      assert.equal(await codeOf(fetchFrom(server, { timeoutMs: REACHED_MS })), 'timed_out');
      await server.hungUp;
    });

    it('ends a TLS handshake that does not finish, before anything is sent', async (test) => {
      const mute = createServer();
      mute.listen(0, '127.0.0.1');
      await once(mute, 'listening');
      const dispatcher = createDispatcher({ connectMs: 50 });
      test.after(async () => {
        await dispatcher.destroy();
        mute.close();
      });
      const url = `https://127.0.0.1:${(mute.address() as AddressInfo).port}/`;
      const error = await failure(
        fetchBounded({ url }, { dispatcher, timeoutMs: 5_000, maxBytes: MAX_BYTES }),
      );
      assert.deepEqual([error.code, error.reason], ['connection_failed', 'UND_ERR_CONNECT_TIMEOUT']);
    });
  });

  describe('the size limit', () => {
    it('accepts a body of exactly this size, and refuses one that is a byte larger', async (test) => {
      assert.equal((await fetched(test, answering(200, {}, Buffer.alloc(MAX_BYTES)))).body.length, MAX_BYTES);
      const error = await failure(fetched(test, answering(200, {}, Buffer.alloc(MAX_BYTES + 1))));
      assert.deepEqual([error.code, error.status], ['too_large', 200]);
    });

    it('covers the body of an error too', async (test) => {
      const error = await failure(
        fetched(test, answering(500, {}, Buffer.alloc(MAX_BYTES + 1)), { status: 'any' }),
      );
      assert.deepEqual([error.code, error.status], ['too_large', 500]);
    });

    it('closes the connection of a body without end', async (test) => {
      const server = await answeringServer(test, (_request, response) => {
        response.writeHead(200);
        const more = () => {
          while (!response.destroyed && response.write(Buffer.alloc(4_096)));
        };
        response.on('drain', more);
        more();
      });
      assert.equal(await codeOf(fetchFrom(server)), 'too_large');
      await server.hungUp;
    });

    it('holds for compressed bodies, which are not unpacked', async (test) => {
      const bomb = gzipSync(Buffer.alloc(MAX_BYTES * 100));
      assert.ok(bomb.length < MAX_BYTES);
      const { body } = await fetched(test, answering(200, { 'content-encoding': 'gzip' }, bomb));
      assert.deepEqual(body, bomb);
    });
  });

  it('follows no redirect, for any expected status', async (test) => {
    for (const status of [300, 301, 302, 303, 304, 307, 308]) {
      const server = await answeringServer(test, answering(status, { location: '/elsewhere' }));
      for (const expected of ['any', 200, status] as const) {
        const error = await failure(fetchFrom(server, { status: expected }));
        assert.deepEqual([error.code, error.status], ['redirected', status]);
      }
      assert.equal(server.requests(), 3);
    }
  });

  it('accepts only 200, or only the expected status, or any', async (test) => {
    for (const status of [201, 204, 206, 400, 404, 500, 503]) {
      const server = await answeringServer(test, answering(status));
      const error = await failure(fetchFrom(server));
      assert.deepEqual([error.code, error.status], ['status_unexpected', status]);
      assert.equal((await fetchFrom(server, { status })).status, status);
      assert.equal((await fetchFrom(server, { status: 'any' })).status, status);
    }
  });

  it('accepts only the expected media type, with or without parameters', async (test) => {
    const mediaType = 'application/ocsp-response';
    for (const type of [mediaType, 'Application/OCSP-Response ; x=1'])
      await fetched(test, answering(200, { 'content-type': type }), { mediaType });
    for (const headers of [{}, { 'content-type': '' }, { 'content-type': `${mediaType}x` }])
      assert.equal(await codeOf(fetched(test, answering(200, headers), { mediaType })), 'type_unexpected');
  });

  // `timeoutMs` is longer than the test may take, so that no time-out can close the connection.
  it(
    'closes the connection of a refused answer without reading its body',
    { timeout: 10_000 },
    async (test) => {
      for (const [status, code] of [
        [302, 'redirected'],
        [404, 'status_unexpected'],
        [200, 'type_unexpected'],
      ] as const) {
        const server = await answeringServer(test, (_request, response) => {
          response.writeHead(status).write('a part');
        });
        assert.equal(await codeOf(fetchFrom(server, { timeoutMs: 60_000, mediaType: 'text/plain' })), code);
        await server.hungUp;
      }
    },
  );

  it('tells a connection that was not established from one that broke', async (test) => {
    const closed = createServer();
    closed.listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const server = await answeringServer(test, silent);
    const unreachable = await failure(fetchFrom(server, { sent: { url: `http://127.0.0.1:${port}/` } }));
    assert.deepEqual([unreachable.code, unreachable.reason], ['connection_failed', 'ECONNREFUSED']);
    assert.ok(unreachable.cause instanceof Error);

    const breaking: RequestListener[] = [
      (request) => request.socket.destroy(),
      (_request, response) => {
        response.writeHead(200, { 'content-length': 100 }).write('a part', () => response.destroy());
      },
    ];
    for (const answer of breaking) {
      const broken = await answeringServer(test, answer);
      assert.equal(await codeOf(fetchFrom(broken)), 'connection_lost');
      assert.equal(broken.requests(), 1);
    }
  });

  it('ends when its caller aborts, before it is sent and while it waits', async (test) => {
    const arrived = Promise.withResolvers<undefined>();
    const server = await answeringServer(test, () => {
      arrived.resolve(undefined);
    });
    assert.equal(await codeOf(fetchFrom(server, { signal: AbortSignal.abort() })), 'aborted');
    assert.equal(server.connections(), 0);
    const gone = new AbortController();
    const waiting = codeOf(fetchFrom(server, { signal: gone.signal }));
    await arrived.promise;
    gone.abort();
    assert.equal(await waiting, 'aborted');
    await server.hungUp;
  });

  it('is refused for a URL that is not http or https', async (test) => {
    const server = await answeringServer(test, silent);
    for (const url of ['ftp://127.0.0.1/', 'file:///etc/passwd', 'data:,[]', 'no URL', ''])
      assert.equal(await codeOf(fetchFrom(server, { sent: { url } })), 'address_refused', url);
  });

  it('has neither the URL nor the bodies in its errors', async (test) => {
    const answers: RequestListener[] = [
      answering(302, { location: `/${SECRET}` }, SECRET),
      answering(404, { 'content-type': SECRET }, SECRET),
      answering(200, { 'content-type': SECRET }, SECRET),
      answering(200, { 'content-type': 'text/plain' }, SECRET.repeat(100)),
      (request) => request.socket.destroy(),
    ];
    for (const answer of answers) {
      const server = await answeringServer(test, answer);
      const sent = { url: `${server.url}${SECRET}`, method: 'POST', body: SECRET };
      const { message, reason } = await failure(fetchFrom(server, { sent, mediaType: 'text/plain' }));
      assert.doesNotMatch(`${message} ${reason ?? ''}`, /4050/);
    }
  });
});

describe('an exchange for the headers alone', { concurrency: true }, () => {
  it(
    'gives those of any status, reads no body and follows no redirect',
    { timeout: 10_000 },
    async (test) => {
      for (const status of [200, 302, 404, 503]) {
        const server = await answeringServer(test, (_request, response) => {
          response.writeHead(status, { 'x-answer': 'yes', location: '/elsewhere' }).write('a part');
        });
        const answer = await fetchHeaders(server, { dispatcher: server.dispatcher, timeoutMs: 60_000 });
        assert.deepEqual([answer.status, answer.headers['x-answer']], [status, 'yes']);
        await server.hungUp;
        assert.equal(server.requests(), 1);
      }
    },
  );

  it('ends where the answer does not begin in time', async (test) => {
    const server = await answeringServer(test, silent);
    const exchange = fetchHeaders(server, { dispatcher: server.dispatcher, timeoutMs: REACHED_MS });
    assert.equal(await codeOf(exchange), 'timed_out');
    await server.hungUp;
  });
});
