/** Connections that end, refuse or hang: what each request comes to, and that the next one recovers by itself. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { constants } from 'node:http2';
import { describe, it } from 'node:test';
import {
  type Answer,
  h2Server,
  type H2Server,
  http2Dispatcher,
  json,
  many,
  outcomeOf,
  polls,
} from './h2-server.ts';
import { freezableRelay } from './relay.ts';
import { serverInThread } from './server-in-thread.ts';

const POST = { method: 'POST', body: '{}' } as const;

describe('many requests that wait', { concurrency: true }, () => {
  it('share as few connections as the server’s limit allows, also from nothing', async (test) => {
    for (const [limit, connections] of [
      [100, 3],
      [1_000, 2],
      [128, 3],
    ] as const) {
      const { hold, answerAll } = polls();
      const server = await h2Server(test, hold, { settings: { maxConcurrentStreams: limit } });
      const dispatcher = http2Dispatcher(test);
      const asked = many(300, () => outcomeOf(dispatcher, { url: server.url }));
      await server.came(300);
      assert.equal(server.connections(), connections);
      answerAll();
      assert.deepEqual(new Set(await Promise.all(asked)), new Set([200]));
    }
  });

  it('do not block others: a request with a body does not wait for them', async (test) => {
    const { hold, answerAll } = polls();
    const server = await h2Server(test, (stream, headers) => {
      if (headers[':method'] === 'POST') json()(stream, headers);
      else hold(stream, headers);
    });
    const dispatcher = http2Dispatcher(test);
    const asked = many(50, () => outcomeOf(dispatcher, { url: server.url }));
    await server.came(50);
    assert.equal(await outcomeOf(dispatcher, { url: server.url, ...POST }), 200);
    assert.equal(server.connections(), 1);
    answerAll();
    await Promise.all(asked);
  });

  it('wait for a free stream where the server opens no more connections, and get it', async (test) => {
    const { held, hold } = polls();
    const server = await h2Server(test, hold, { settings: { maxConcurrentStreams: 2 } });
    const dispatcher = http2Dispatcher(test);
    const first = many(2, () => outcomeOf(dispatcher, { url: server.url }));
    await server.came(2);
    const more = many(3, () => outcomeOf(dispatcher, { url: server.url }));
    await server.came(5);
    assert.equal(server.connections(), 3);
    for (const stream of held) {
      stream.respond({ ':status': 204 });
      stream.end();
    }
    assert.deepEqual(await Promise.all([...first, ...more]), [
      ...first.map(() => 'status_unexpected HTTP 204'),
      ...more.map(() => 'status_unexpected HTTP 204'),
    ]);
  });
});

describe('a server that ends a connection gracefully', { concurrency: true }, () => {
  it('still answers what it has got; what comes later goes over another connection', async (test) => {
    const { held, hold, answerAll } = polls();
    const server = await h2Server(test, hold);
    const dispatcher = http2Dispatcher(test);
    const asked = many(20, () => outcomeOf(dispatcher, { url: server.url }));
    await server.came(20);
    const [session] = server.sessions;
    session?.close();
    const later = many(20, () => outcomeOf(dispatcher, { url: server.url, ...POST }));
    await server.came(40);
    assert.equal(server.connections(), 2);
    assert.equal(held.length, 40);
    answerAll();
    assert.deepEqual(new Set(await Promise.all([...asked, ...later])), new Set([200]));
  });

  it('has not processed what came after its last stream: that is sent once more', async (test) => {
    const { held, hold, answerAll } = polls();
    const server = await h2Server(test, hold);
    const dispatcher = http2Dispatcher(test);
    const asked = many(3, () => outcomeOf(dispatcher, { url: server.url, ...POST }));
    await server.came(3);
    const [first] = held;
    // As if the two others had come too late.
    server.sessions[0]?.goaway(constants.NGHTTP2_NO_ERROR, first?.id ?? 0);
    await server.came(5);
    assert.equal(server.connections(), 2);
    answerAll();
    assert.deepEqual(await Promise.all(asked), [200, 200, 200]);
  });
});

describe('a stream', { concurrency: true }, () => {
  it('that is refused is sent again, three times at most, and then fails as not sent', async (test) => {
    let refusals = 2;
    const refusing: Answer = (stream, headers) => {
      refusals -= 1;
      if (refusals >= 0) stream.close(constants.NGHTTP2_REFUSED_STREAM);
      else json()(stream, headers);
    };
    const server = await h2Server(test, refusing);
    const dispatcher = http2Dispatcher(test);
    assert.equal(await outcomeOf(dispatcher, { url: server.url, ...POST }), 200);
    assert.equal(server.requests(), 3);
    refusals = Infinity;
    assert.equal(
      await outcomeOf(dispatcher, { url: server.url, ...POST }),
      'connection_failed HTTP2_REFUSED',
    );
    assert.equal(server.requests(), 6);
  });

  it('that is reset in any other way may have reached the server, and is not sent again', async (test) => {
    for (const code of [
      constants.NGHTTP2_NO_ERROR,
      constants.NGHTTP2_INTERNAL_ERROR,
      constants.NGHTTP2_CANCEL,
      constants.NGHTTP2_ENHANCE_YOUR_CALM,
    ]) {
      const server = await h2Server(test, (stream) => {
        stream.close(code);
      });
      const outcome = await outcomeOf(http2Dispatcher(test), { url: server.url, ...POST });
      assert.match(String(outcome), /^connection_lost /, `code ${code}`);
      assert.equal(server.requests(), 1);
    }
  });

  it('that is reset in the middle of its answer, even as refused, gives no answer', async (test) => {
    for (const code of [
      constants.NGHTTP2_NO_ERROR,
      constants.NGHTTP2_CANCEL,
      constants.NGHTTP2_REFUSED_STREAM,
    ]) {
      const server = await h2Server(test, (stream) => {
        stream.respond({ ':status': 200, 'content-length': 100 });
        stream.write('a part', () => {
          stream.close(code);
        });
      });
      const outcome = await outcomeOf(http2Dispatcher(test), { url: server.url, ...POST });
      assert.match(String(outcome), /^connection_lost /, `code ${code}`);
      assert.equal(server.requests(), 1);
    }
  });

  it('takes no other with it', async (test) => {
    const { held, hold, answerAll } = polls();
    const server = await h2Server(test, hold);
    const dispatcher = http2Dispatcher(test);
    const asked = many(3, () => outcomeOf(dispatcher, { url: server.url }));
    await server.came(3);
    held.shift()?.close(constants.NGHTTP2_INTERNAL_ERROR);
    assert.match(String(await asked[0]), /^connection_lost /);
    answerAll();
    assert.deepEqual(await Promise.all(asked.slice(1)), [200, 200]);
    assert.equal(server.connections(), 1);
  });
});

describe('a connection that breaks', { concurrency: true }, () => {
  it('costs what it carried; each may have reached the server, and the next request connects again', async (test) => {
    const failures: ((server: H2Server) => void)[] = [
      ({ sessions }) => sessions[0]?.destroy(),
      ({ sessions }) => sessions[0]?.destroy(undefined, constants.NGHTTP2_PROTOCOL_ERROR),
      // A code that would mean of a stream that it was not processed.
      ({ sessions }) => sessions[0]?.destroy(undefined, constants.NGHTTP2_REFUSED_STREAM),
    ];
    for (const fail of failures) {
      const { hold } = polls();
      let healthy = false;
      const server = await h2Server(test, (stream, headers) => {
        if (healthy) json()(stream, headers);
        else hold(stream, headers);
      });
      const dispatcher = http2Dispatcher(test);
      const asked = many(5, () => outcomeOf(dispatcher, { url: server.url, ...POST }));
      await server.came(5);
      healthy = true;
      fail(server);
      for (const outcome of await Promise.all(asked)) assert.match(String(outcome), /^connection_lost /);
      assert.equal(await outcomeOf(dispatcher, { url: server.url, ...POST }), 200);
      assert.equal(server.requests(), 6);
    }
  });

  it('is detected by a ping when it is lost without notice', async (test) => {
    const { hold } = polls();
    const server = await h2Server(test, hold);
    const relay = await freezableRelay(test, server.port);
    const dispatcher = http2Dispatcher(test, { http2: { pingMs: 100, pongMs: 200 } });
    const asked = many(5, () => outcomeOf(dispatcher, { url: relay.url }));
    await server.came(5);
    relay.freeze();
    for (const outcome of await Promise.all(asked)) assert.equal(outcome, 'connection_lost HTTP2_NO_PONG');
    const again = outcomeOf(dispatcher, { url: relay.url });
    await server.came(6);
    assert.equal(relay.connections(), 2);
    await dispatcher.destroy();
    await again;
  });

  it('carries no request that must not be sent twice, where it was not heard lately', async (test) => {
    const { hold } = polls();
    const server = await h2Server(test, (stream, headers) => {
      if (headers[':method'] === 'POST') json()(stream, headers);
      else hold(stream, headers);
    });
    const relay = await freezableRelay(test, server.port);
    const dispatcher = http2Dispatcher(test, { http2: { pongMs: 200, pingMs: 60_000 } });
    const poll = outcomeOf(dispatcher, { url: relay.url });
    await server.came(1);
    relay.freeze();
    // Until it has not been heard for longer than an answer may take.
    await new Promise((resolve) => setTimeout(resolve, 250));
    assert.equal(await outcomeOf(dispatcher, { url: relay.url, ...POST }), 200);
    assert.equal(await poll, 'connection_lost HTTP2_NO_PONG');
    assert.equal(relay.connections(), 2);
  });

  it('is kept where this process was too busy to read the answer to a ping', async (test) => {
    const url = await serverInThread(test);
    const dispatcher = http2Dispatcher(test, { http2: { pingMs: 50, pongMs: 100 } });
    let busy = true;
    test.after(() => (busy = false));
    // Not in a timer: then Node reads from sockets before it looks at the timers again.
    setImmediate(function work() {
      const end = performance.now() + 150;
      while (performance.now() < end);
      if (busy) setImmediate(work);
    });
    assert.equal(await outcomeOf(dispatcher, { url }), 200);
  });

  it('is closed when it was idle, and the next request connects again', async (test) => {
    const server = await h2Server(test, json());
    const dispatcher = http2Dispatcher(test, { http2: { idleMs: 50 } });
    assert.equal(await outcomeOf(dispatcher, { url: server.url }), 200);
    const [session] = server.sessions;
    if (session && !session.destroyed) await once(session, 'close');
    assert.equal(await outcomeOf(dispatcher, { url: server.url, ...POST }), 200);
    assert.equal(server.connections(), 2);
  });

  it('that takes no request at all fails those that wait, with nothing sent', async (test) => {
    const server = await h2Server(test, json(), { settings: { maxConcurrentStreams: 0 } });
    const dispatcher = http2Dispatcher(test);
    const asked = await Promise.all(many(3, () => outcomeOf(dispatcher, { url: server.url, ...POST })));
    assert.deepEqual(new Set(asked), new Set(['connection_failed HTTP2_NO_STREAMS']));
    assert.equal(server.connections(), 1);
  });
});
