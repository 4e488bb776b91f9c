import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { createDispatcher } from '../../../src/http/dispatcher.ts';
import { exchangeJson, TransportError } from '../../../src/smart-id/rp-api/http.ts';
import { json, type Respond, rpApiServer } from './rp-api-server.ts';

const CODE = 'PNOEE-40504040001';

describe('an exchange with Smart-ID', { concurrency: true }, () => {
  it('sends JSON and returns the status and the body', async (test) => {
    const server = await rpApiServer(test, (response) => {
      json(response, 200, { sessionID: 'x' });
    });
    const url = new URL(`${server.baseUrl}authentication?x=1`);
    const answer = await exchangeJson(server.dispatcher, {
      method: 'POST',
      url,
      body: { a: 'õ' },
      answerMs: 5_000,
    });
    assert.deepEqual(answer, { status: 200, body: { sessionID: 'x' } });
    assert.deepEqual(server.received, [
      { method: 'POST', url: '/v3/authentication?x=1', contentType: 'application/json', body: '{"a":"õ"}' },
    ]);
  });

  it('works with the dispatcher of the product', async (test) => {
    const server = await rpApiServer(test, (response) => {
      json(response, 200, null);
    });
    const dispatcher = createDispatcher();
    test.after(() => dispatcher.destroy());
    const url = new URL(server.baseUrl);
    assert.deepEqual(await exchangeJson(dispatcher, { method: 'GET', url, answerMs: 5_000 }), {
      status: 200,
      body: null,
    });
  });

  it('reads the problem details of an error', async (test) => {
    const answer = await exchanged(test, (response) => {
      response
        .writeHead(404, { 'content-type': 'application/problem+json; charset=utf-8' })
        .end('{"status":404}');
    });
    assert.deepEqual(answer, { status: 404, body: { status: 404 } });
  });

  it('returns the status of an error whose body is missing, not JSON or too large', async (test) => {
    const bodies: Respond[] = [
      (response) => response.writeHead(480).end(),
      (response) => response.writeHead(480, { 'content-type': 'text/html' }).end('<h1>no</h1>'),
      (response) => response.writeHead(480, { 'content-type': 'application/json' }).end('{"status":'),
      (response) => response.writeHead(480, { 'content-type': 'application/json' }).end(oversize()),
    ];
    for (const respond of bodies)
      assert.deepEqual(await exchanged(test, respond), { status: 480, body: undefined });
  });

  it('follows no redirect', async (test) => {
    for (const status of [301, 302, 303, 307, 308]) {
      const server = await rpApiServer(test, (response) => {
        response.writeHead(status, { location: '/v3/elsewhere' }).end('moved');
      });
      const error = await refusal(exchangeJson(server.dispatcher, requestTo(server.baseUrl)));
      assert.equal(error.code, 'redirected');
      assert.equal(server.received.length, 1);
    }
  });

  it('refuses a 200 that is not JSON', async (test) => {
    const bodies: Respond[] = [
      (response) => response.writeHead(200).end('{}'),
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('{}'),
      (response) => response.writeHead(200, { 'content-type': 'application/jsonp' }).end('{}'),
      (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"state":'),
      (response) => response.writeHead(200, { 'content-type': 'application/json' }).end(),
      (response) =>
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(Buffer.concat([Buffer.from('"'), Buffer.from([0xff, 0xfe]), Buffer.from('"')])),
    ];
    for (const respond of bodies)
      assert.equal((await refusal(exchanged(test, respond))).code, 'body_not_json');
  });

  it('refuses a 200 that is too large, and stops reading it', async (test) => {
    const endless = await rpApiServer(test, (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = () => {
        while (!response.destroyed && response.write(' '.repeat(4096)));
        response.once('drain', more);
      };
      more();
    });
    const error = await refusal(exchangeJson(endless.dispatcher, requestTo(endless.baseUrl)));
    assert.equal(error.code, 'body_too_large');
    await endless.hungUp;
  });

  it('accepts a 200 of exactly the maximum size', async (test) => {
    const text = 'x'.repeat(64 * 1024 - 2);
    const answer = await exchanged(test, (response) => {
      json(response, 200, text);
    });
    assert.equal(answer.body, text);
  });

  it('ends if the answer does not begin within the time limit', async (test) => {
    const server = await rpApiServer(test, () => undefined);
    const error = await refusal(
      exchangeJson(server.dispatcher, { method: 'GET', url: new URL(server.baseUrl), answerMs: 50 }),
    );
    assert.equal(error.code, 'timed_out');
    assert.equal(error.mayHaveReached, true);
    await server.hungUp;
  });

  it('ends a body that does not end within the time limit, even if bytes keep arriving', async (test) => {
    const server = await rpApiServer(test, (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 100);
      response.on('close', () => {
        clearInterval(drip);
      });
    });
    const exchange = exchangeJson(server.dispatcher, {
      method: 'GET',
      url: new URL(server.baseUrl),
      answerMs: 10,
    });
    assert.equal((await refusal(exchange)).code, 'timed_out');
    await server.hungUp;
  });

  it('reports that a request may have reached Smart-ID if the connection broke after sending', async (test) => {
    for (const respond of [
      (response) => response.destroy(),
      (response) =>
        response
          .writeHead(200, { 'content-type': 'application/json', 'content-length': 9 })
          .write('{', () => response.destroy()),
    ] satisfies Respond[]) {
      const error = await refusal(exchanged(test, respond));
      assert.equal(error.code, 'connection_lost');
      assert.equal(error.mayHaveReached, true);
    }
  });

  it('reports that a request did not reach Smart-ID if no connection was established', async (test) => {
    const dispatcher = createDispatcher();
    test.after(() => dispatcher.destroy());
    const error = await refusal(
      exchangeJson(dispatcher, requestTo(`http://127.0.0.1:${await unusedPort()}/`)),
    );
    assert.equal(error.code, 'connection_failed');
    assert.equal(error.mayHaveReached, false);
  });

  it('ends when its caller aborts: before sending, while waiting, while reading', async (test) => {
    const server = await rpApiServer(test, () => undefined);
    const before = exchangeJson(server.dispatcher, requestTo(server.baseUrl, AbortSignal.abort()));
    assert.equal((await refusal(before)).code, 'aborted');
    assert.equal(server.received.length, 0);

    const waiting = new AbortController();
    const during = refusal(exchangeJson(server.dispatcher, requestTo(server.baseUrl, waiting.signal)));
    await server.firstRequest;
    waiting.abort();
    assert.equal((await during).code, 'aborted');
    await server.hungUp;

    const reading = new AbortController();
    const half = await rpApiServer(test, (response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{', () => {
        reading.abort();
      });
    });
    const late = exchangeJson(half.dispatcher, requestTo(half.baseUrl, reading.signal));
    assert.equal((await refusal(late)).code, 'aborted');
    await half.hungUp;
  });

  it('errors contain no personal data', async (test) => {
    const answers: Respond[] = [
      (response) => response.writeHead(302, { location: `/${CODE}` }).end(CODE),
      (response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end(`{"${CODE}": ${CODE}`),
      (response) => response.writeHead(200, { 'content-type': 'text/plain' }).end(CODE),
      (response) => response.destroy(),
    ];
    for (const respond of answers) {
      const error = await refusal(exchanged(test, respond));
      assert.doesNotMatch(
        `${String(error)} ${error.stack ?? ''} ${JSON.stringify(error)} ${String(error.cause)}`,
        /4050/,
      );
    }
  });
});

async function exchanged(test: TestContext, respond: Respond) {
  const server = await rpApiServer(test, respond);
  return exchangeJson(server.dispatcher, requestTo(server.baseUrl));
}

function requestTo(baseUrl: string, signal?: AbortSignal) {
  return { method: 'GET', url: new URL(CODE, baseUrl), answerMs: 5_000, signal } as const;
}

async function refusal(exchange: Promise<unknown>): Promise<TransportError> {
  try {
    await exchange;
  } catch (error) {
    assert.ok(error instanceof TransportError);
    return error;
  }
  assert.fail('the exchange succeeded');
}

function oversize(): string {
  return JSON.stringify('x'.repeat(64 * 1024));
}

async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
