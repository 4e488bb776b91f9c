import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { type AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { HttpError, RefusedAddressError } from '../../../src/http/errors.ts';
import { type ClientFetch, createClientFetch } from '../../../src/oidc/clients/client-fetch.ts';
import { resolver } from '../../http/resolver.ts';
import { selfSigned } from '../../support/certificates/self-signed.ts';

const tls = selfSigned('client.example', '127.0.0.1');
/** Spellings of addresses of this machine. */
const LOOPBACK = [
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '0.0.0.0',
  '[::]',
  '127.0.0.1.',
  '⑫⑦.0.0.1',
];

let server: Server;
let port: number;
/** Connections to the server on loopback, with or without a request. */
let connections = 0;
let respond: (request: IncomingMessage, response: ServerResponse) => void;

before(async () => {
  server = createServer(tls, (request, response) => {
    respond(request, response);
  });
  server.on('connection', () => (connections += 1));
  server.listen(0);
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
beforeEach(() => {
  connections = 0;
  respond = (_request, response) => response.end('["https://client.example/callback"]');
});
after(() => {
  server.closeAllConnections();
  server.close();
});

async function refusalOf(fetch: ClientFetch, url: string): Promise<unknown> {
  try {
    await fetch(url);
  } catch (error) {
    const reason = error instanceof TypeError ? error.cause : error;
    return reason instanceof HttpError ? reason.cause : reason;
  }
  throw new Error(`${url} was fetched`);
}

/** Why nothing was fetched. */
async function codeOf(fetch: ClientFetch): Promise<string> {
  const error = await fetch(`https://client.example:${port}/`).then(
    () => assert.fail('it was fetched'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof TypeError && error.cause instanceof HttpError);
  return error.cause.code;
}

describe('the fetch for addresses that clients name', () => {
  it('gives the answer of an allowed address', async () => {
    const { resolve, asked } = resolver(['127.0.0.1']);
    const fetch = createClientFetch({
      resolve,
      ca: tls.cert,
      isAllowed: (address) => address === '127.0.0.1',
    });
    const answer = await fetch(`https://client.example:${port}/sector.json`, {
      headers: new Headers({ accept: 'application/json' }),
    });
    assert.deepEqual([answer.status, await answer.json()], [200, ['https://client.example/callback']]);
    assert.deepEqual(asked, ['client.example']);
  });

  it('asks for an answer without compression, and gives one without a body as such', async () => {
    const accepted: (string | undefined)[] = [];
    for (const status of [204, 205]) {
      respond = ({ headers }, response) => {
        accepted.push(headers['accept-encoding']);
        response.writeHead(status, { connection: 'close' }).end();
      };
      const answer = await allowed()(`https://client.example:${port}/`);
      assert.deepEqual([answer.status, answer.body], [status, null]);
    }
    assert.deepEqual(accepted, ['identity', 'identity']);
  });

  it('refuses, before it connects, a name that leads to this machine or a private network', async () => {
    for (const address of [
      '127.0.0.1',
      '::1',
      '10.0.0.5',
      '169.254.169.254',
      '::ffff:127.0.0.1',
      'fd00::1',
    ]) {
      const { resolve } = resolver([address]);
      const refusal = await refusalOf(
        createClientFetch({ resolve, ca: tls.cert }),
        `https://client.example:${port}/`,
      );
      assert.ok(refusal instanceof RefusedAddressError, address);
    }
    assert.equal(connections, 0);
  });

  it('refuses a name of which one address is not of the internet', async () => {
    for (const addresses of [
      ['8.8.8.8', '127.0.0.1'],
      ['127.0.0.1', '8.8.8.8'],
      ['2606:4700:4700::1111', '::1'],
    ]) {
      const { resolve } = resolver(addresses);
      const refusal = await refusalOf(createClientFetch({ resolve }), `https://client.example:${port}/`);
      assert.ok(refusal instanceof RefusedAddressError);
    }
    assert.equal(connections, 0);
  });

  it('refuses an address of this machine as the host, however it is spelled', async () => {
    const fetch = createClientFetch({ ca: tls.cert });
    for (const host of LOOPBACK) {
      const refusal = await refusalOf(fetch, `https://${host}:${port}/`);
      assert.ok(refusal instanceof RefusedAddressError, host);
    }
    for (const host of ['localhost', 'LOCALHOST']) {
      assert.ok((await refusalOf(fetch, `https://${host}:${port}/`)) instanceof RefusedAddressError, host);
    }
    assert.equal(connections, 0);
  });

  it('connects to the address that was checked, although the name leads elsewhere a moment later', async () => {
    const { resolve, asked } = resolver(['127.0.0.1'], ['127.0.0.2']);
    const seen: string[] = [];
    const fetch = createClientFetch({
      resolve,
      ca: tls.cert,
      isAllowed: (address) => address === '127.0.0.1',
    });
    respond = ({ socket }, response) => {
      seen.push(socket.localAddress ?? '');
      response.setHeader('connection', 'close').end('[]');
    };
    await (await fetch(`https://client.example:${port}/`)).text();
    assert.deepEqual(asked, ['client.example']);
    assert.match(seen.join(), /^(::ffff:)?127\.0\.0\.1$/);
    // The next connection resolves the name again, to an address that is not allowed.
    assert.ok((await refusalOf(fetch, `https://client.example:${port}/`)) instanceof RefusedAddressError);
    assert.equal(connections, 1);
  });

  it('refuses a URL without https', async () => {
    const fetch = createClientFetch({ resolve: resolver(['8.8.8.8']).resolve });
    for (const url of ['http://client.example/', 'ftp://client.example/', 'file:///etc/passwd', 'data:,[]']) {
      assert.ok((await refusalOf(fetch, url)) instanceof RefusedAddressError, url);
    }
  });

  it('requires a TLS certificate that is valid and of the host', async () => {
    const { resolve } = resolver(['127.0.0.1']);
    const refusal = await refusalOf(
      createClientFetch({ resolve, isAllowed: () => true }),
      `https://client.example:${port}/`,
    );
    assert.match(String((refusal as { code?: string }).code), /SELF_SIGNED|UNABLE_TO_VERIFY/);
    const other = await refusalOf(
      createClientFetch({ resolve, isAllowed: () => true, ca: tls.cert }),
      `https://other.example:${port}/`,
    );
    assert.equal((other as { code?: string }).code, 'ERR_TLS_CERT_ALTNAME_INVALID');
  });

  it('follows no redirect', async () => {
    const requests: string[] = [];
    respond = ({ url }, response) => {
      requests.push(url ?? '');
      response.writeHead(302, { location: '/elsewhere' }).end();
    };
    assert.equal(await codeOf(allowed()), 'redirected');
    assert.deepEqual(requests, ['/']);
  });

  it('limits the time for the answer and for its body', async () => {
    const fetch = allowed(200);
    respond = () => undefined;
    assert.equal(await codeOf(fetch), 'timed_out');
    respond = (_request, response) => {
      const dribble = setInterval(() => response.write(' '), 20);
      response.once('close', () => {
        clearInterval(dribble);
      });
    };
    assert.equal(await codeOf(fetch), 'timed_out');
  });

  it('ends when its caller aborts', async () => {
    respond = () => undefined;
    const gone = new AbortController();
    const asked = allowed()(`https://client.example:${port}/`, { signal: gone.signal });
    gone.abort();
    await assert.rejects(Promise.resolve(asked), { name: 'AbortError' });
  });

  it('refuses a status that no `Response` can have', async () => {
    for (const status of [600, 999]) {
      respond = (_request, response) => response.writeHead(status).end('[]');
      assert.equal(await codeOf(allowed()), 'status_unexpected');
    }
  });

  it('limits the size of the body', async () => {
    respond = (_request, response) => response.end(Buffer.alloc(128 * 1024, ' '));
    assert.equal(await codeOf(allowed()), 'too_large');
  });
});

function allowed(limitMs?: number): ClientFetch {
  return createClientFetch({
    resolve: resolver(['127.0.0.1']).resolve,
    isAllowed: () => true,
    ca: tls.cert,
    ...(limitMs === undefined ? {} : { limitMs }),
  });
}
