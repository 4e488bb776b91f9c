import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { Agent } from 'undici';
import { createRevocationFetch, type RevocationRequest } from '../../../src/pki/revocation/http.ts';

const REQUEST = {
  type: 'application/ocsp-response',
  maxBytes: 1_000,
  timeoutMs: 5_000,
};

/** Fetches from a server on loopback that answers as the test says. */
async function fetchFrom(
  test: TestContext,
  answer: RequestListener,
  changes: Omit<RevocationRequest, 'url'> = REQUEST,
): Promise<Uint8Array> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const dispatcher = new Agent();
  test.after(async () => {
    await dispatcher.destroy();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return createRevocationFetch({ dispatcher })({ ...changes, url: `http://127.0.0.1:${port}/ocsp` });
}

const ocsp = (body: Buffer, type = 'application/ocsp-response'): RequestListener => {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': type }).end(body);
  };
};

describe('the fetch for revocation', () => {
  it('posts the OCSP request and gives the body of the answer', async (test) => {
    const ocspRequest = Buffer.from('a request');
    let said: object = {};
    let sent = '';
    const answer = await fetchFrom(
      test,
      (request, response) => {
        said = { method: request.method, url: request.url, type: request.headers['content-type'] };
        request.on('data', (chunk: Buffer) => {
          sent += chunk.toString();
        });
        request.on('end', () => {
          ocsp(Buffer.from('an answer'))(request, response);
        });
      },
      { ...REQUEST, ocspRequest },
    );
    assert.equal(Buffer.from(answer).toString(), 'an answer');
    assert.equal(sent, 'a request');
    assert.deepEqual(said, { method: 'POST', url: '/ocsp', type: 'application/ocsp-request' });
  });

  it('gets a list with any media type', async (test) => {
    const { type: _type, ...anyType } = REQUEST;
    for (const type of ['application/pkix-crl', 'binary/octet-stream', 'text/plain', undefined]) {
      let method: string | undefined;
      const list = await fetchFrom(
        test,
        (request, response) => {
          method = request.method;
          response.writeHead(200, type === undefined ? {} : { 'content-type': type }).end('a list');
        },
        anyType,
      );
      assert.deepEqual([method, Buffer.from(list).toString()], ['GET', 'a list']);
    }
  });

  it('sends a second request where the connection breaks, and no third', async (test) => {
    for (const [broken, expected] of [
      [1, 'an answer'],
      [2, 'connection_failed'],
    ] as const) {
      let asked = 0;
      const answer = fetchFrom(
        test,
        (request, response) => {
          asked += 1;
          if (asked <= broken) request.socket.destroy();
          else ocsp(Buffer.from('an answer'))(request, response);
        },
        { ...REQUEST, ocspRequest: Buffer.from('a request') },
      );
      const outcome = await answer.then(
        (bytes) => Buffer.from(bytes).toString(),
        (error: unknown) => (error as { code: string }).code,
      );
      assert.deepEqual([outcome, asked], [expected, 2]);
    }
  });

  it('accepts a body of the maximum size, and refuses one that is a byte larger', async (test) => {
    assert.equal((await fetchFrom(test, ocsp(Buffer.alloc(1_000)))).length, 1_000);
    await assert.rejects(fetchFrom(test, ocsp(Buffer.alloc(1_001))), { code: 'too_large' });
  });

  it('stops reading a body without end', async (test) => {
    const endless: RequestListener = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/ocsp-response' });
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * 1024)));
      };
      response.on('drain', more);
      more();
    };
    await assert.rejects(fetchFrom(test, endless), { code: 'too_large' });
  });

  it('follows no redirect', async (test) => {
    let asked = 0;
    for (const status of [301, 302, 307, 308]) {
      const redirect: RequestListener = (_request, response) => {
        asked += 1;
        response.writeHead(status, { location: '/elsewhere' }).end();
      };
      await assert.rejects(fetchFrom(test, redirect), { code: 'redirected' });
    }
    assert.equal(asked, 4);
  });

  it('accepts no other status than 200', async (test) => {
    for (const status of [204, 206, 400, 404, 500, 503]) {
      const other: RequestListener = (_request, response) => {
        response.writeHead(status, { 'content-type': 'application/ocsp-response' }).end();
      };
      await assert.rejects(fetchFrom(test, other), { code: 'status_unexpected' }, `HTTP ${status}`);
    }
  });

  it('accepts no other media type than the expected one', async (test) => {
    for (const type of ['text/html', 'application/ocsp-request', '']) {
      await assert.rejects(fetchFrom(test, ocsp(Buffer.from('an answer'), type)), {
        code: 'type_unexpected',
      });
    }
  });

  it('ends where the answer does not begin in time', async (test) => {
    await assert.rejects(
      fetchFrom(test, () => undefined, { ...REQUEST, timeoutMs: 50 }),
      { code: 'timed_out' },
    );
  });

  it('ends where the rest of the body does not come in time', async (test) => {
    const slow: RequestListener = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/ocsp-response' });
      response.write('an ans');
    };
    await assert.rejects(fetchFrom(test, slow, { ...REQUEST, timeoutMs: 50 }), { code: 'timed_out' });
  });

  it('ends a second request when the time for both is over', async (test) => {
    let asked = 0;
    const breaksOnce: RequestListener = ({ socket }) => {
      asked += 1;
      if (asked === 1) setTimeout(() => socket.destroy(), 900);
    };
    const begun = performance.now();
    await assert.rejects(fetchFrom(test, breaksOnce, { ...REQUEST, timeoutMs: 1_200 }), {
      code: 'timed_out',
    });
    assert.equal(asked, 2);
    // A second request with the whole time for itself would end after 2,100.
    assert.ok(performance.now() - begun < 2_000);
  });

  it('asks no address that is not http or https', async () => {
    for (const url of ['ldap://ca.example/', 'file:///etc/passwd', 'no URL'])
      await assert.rejects(createRevocationFetch()({ ...REQUEST, url }), { code: 'no_address' });
  });

  it('reports a connection that breaks or is not established', async (test) => {
    const breaks: RequestListener = (request) => request.socket.destroy();
    await assert.rejects(fetchFrom(test, breaks), { code: 'connection_failed' });
    const breaksLater: RequestListener = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/ocsp-response', 'content-length': '100' });
      response.write('an ans', () => response.destroy());
    };
    await assert.rejects(fetchFrom(test, breaksLater), { code: 'connection_failed' });
    // Port 9 is discard, where no process listens.
    const url = 'http://127.0.0.1:9/';
    await assert.rejects(createRevocationFetch()({ ...REQUEST, url }), { code: 'connection_failed' });
  });
});
