import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { shakeHands } from '../../src/doctor/handshake.ts';
import { fetchBounded } from '../../src/http/bounded-fetch.ts';
import { createDispatcher, type DispatcherOptions } from '../../src/http/dispatcher.ts';
import { HttpError } from '../../src/http/errors.ts';
import { proxyFor } from '../../src/http/proxies.ts';
import { pinOf } from '../../src/http/tls-pins.ts';
import { createTestPki } from '../support/certificates/certificates.ts';
import { forwardProxy } from '../support/servers/forward-proxy.ts';
import { issueServerCertificate, pemOf, tlsServer } from '../support/servers/tls-server.ts';

const HOST = 'smart-id.test';
const pki = createTestPki();
const ca = pemOf(pki.root.certificate);
const genuine = issueServerCertificate(pki, { host: HOST });
const pin = pinOf(new X509Certificate(genuine.certificate));
const chain = [pki.issuing.certificate];

/** The port of an https server whose certificate is for {@link HOST}. */
async function smartId(test: TestContext): Promise<number> {
  return (await tlsServer(test, genuine, { chain })).port;
}

async function asked(test: TestContext, url: string, options: DispatcherOptions) {
  const dispatcher = createDispatcher({ ca, ...options });
  test.after(() => dispatcher.destroy());
  try {
    const bounds = { dispatcher, timeoutMs: 5_000, maxBytes: 1_000 };
    return (await fetchBounded({ url, method: 'POST', body: '{}' }, bounds)).status;
  } catch (error) {
    assert.ok(error instanceof HttpError);
    return `${error.code} ${error.reason}`;
  }
}

describe('an https request with a proxy', () => {
  it('goes through a tunnel to the server itself, and tunnels are kept', async (test) => {
    const [proxy, port] = [await forwardProxy(test), await smartId(test)];
    const dispatcher = createDispatcher({ ca, pins: [pin], proxies: { https: proxy.url } });
    test.after(() => dispatcher.destroy());
    for (const _ of [1, 2, 3, 4]) {
      const bounds = { dispatcher, timeoutMs: 5_000, maxBytes: 1_000 };
      assert.equal((await fetchBounded({ url: `https://${HOST}:${port}/` }, bounds)).status, 200);
    }
    const [first] = proxy.got;
    assert.deepEqual(first, { asked: `CONNECT ${HOST}:${port}`, authorization: undefined });
    assert.ok(proxy.got.length <= 2, `${proxy.got.length} tunnels`);
  });

  it('names an address of IPv6 in brackets', async (test) => {
    const proxy = await forwardProxy(test, 403);
    for (const http2 of [undefined, {}]) {
      await asked(test, 'https://[2001:db8::1]:8443/', { proxies: { https: proxy.url }, http2 });
    }
    const [first, second] = proxy.got;
    for (const got of [first, second]) assert.equal(got?.asked, 'CONNECT [2001:db8::1]:8443');
  });

  it('tells a proxy that does not answer', async (test) => {
    const mute = createTcpServer().listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const sockets: Socket[] = [];
    mute.on('connection', (socket) => sockets.push(socket));
    test.after(() => {
      for (const socket of sockets) socket.destroy();
      mute.close();
    });
    const proxies = { https: new URL(`http://127.0.0.1:${(mute.address() as AddressInfo).port}`) };
    assert.equal(
      await asked(test, `https://${HOST}/`, { proxies, connectMs: 200 }),
      'connection_failed PROXY_TIMED_OUT',
    );
  });

  it('is pinned, and validated for the name of the server', async (test) => {
    const [proxy, port] = [await forwardProxy(test), await smartId(test)];
    const proxies = { https: proxy.url };
    const other = Buffer.alloc(32, 7).toString('base64');
    assert.equal(
      await asked(test, `https://${HOST}:${port}/`, { proxies, pins: [other] }),
      'connection_failed TLS_PIN_MISMATCH',
    );
    assert.equal(
      await asked(test, `https://other.test:${port}/`, { proxies }),
      'connection_failed ERR_TLS_CERT_ALTNAME_INVALID',
    );
    assert.match(
      String(await asked(test, `https://${HOST}:${port}/`, { proxies, ca: undefined })),
      /^connection_failed /,
    );
  });

  it('shows the proxy its name and password, decoded', async (test) => {
    const [proxy, port] = [await forwardProxy(test), await smartId(test)];
    const url = new URL(proxy.url);
    [url.username, url.password] = ['sild', 'p:ä%20'];
    assert.equal(await asked(test, `https://${HOST}:${port}/`, { proxies: { https: url } }), 200);
    const [{ authorization } = {}] = proxy.got;
    assert.equal(authorization, `Basic ${Buffer.from('sild:p:ä ').toString('base64')}`);
  });

  it('has sent nothing where the proxy refuses, or is not there', async (test) => {
    const proxy = await forwardProxy(test, 407);
    assert.equal(
      await asked(test, `https://${HOST}/`, { proxies: { https: proxy.url } }),
      'connection_failed PROXY_REFUSED',
    );
    const nobody = new URL('http://127.0.0.1:1');
    assert.equal(
      await asked(test, `https://${HOST}/`, { proxies: { https: nobody } }),
      'connection_failed PROXY_ECONNREFUSED',
    );
    assert.deepEqual(await shakeHands(new URL(`https://${HOST}/`), { ca, proxies: { https: nobody } }), {
      kind: 'failed',
      code: 'PROXY_ECONNREFUSED',
    });
  });

  it('goes directly where its addresses are guarded', async (test) => {
    const proxy = await forwardProxy(test);
    const url = `https://127.0.0.2/`;
    await asked(test, url, { addresses: {}, proxies: { https: proxy.url, http: proxy.url } });
    await asked(test, `https://${HOST}/`, { addresses: {}, proxies: { https: proxy.url } });
    assert.deepEqual(proxy.got, []);
  });

  it('of the doctor shows the certificate of the server', async (test) => {
    const [proxy, port] = [await forwardProxy(test), await smartId(test)];
    const url = new URL(`https://${HOST}:${port}/`);
    const handshake = await shakeHands(url, { ca, proxies: { https: proxy.url } });
    assert.ok(handshake.kind === 'shaken');
    assert.equal(handshake.refusal, undefined);
    assert.deepEqual(handshake.chain.map(pinOf)[0], pin);
    const refusing = await forwardProxy(test, 403);
    assert.deepEqual(await shakeHands(url, { ca, proxies: { https: refusing.url } }), {
      kind: 'failed',
      code: 'PROXY_REFUSED',
    });
  });
});

describe('an http request with a proxy', () => {
  it('is sent to it with the whole URL', async (test) => {
    const server = createServer((_, response) => response.writeHead(201).end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    test.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    const proxy = await forwardProxy(test);
    const url = `http://${HOST}:${port}/ocsp`;
    const dispatcher = createDispatcher({ proxies: { http: proxy.url } });
    test.after(() => dispatcher.destroy());
    const bounds = { dispatcher, timeoutMs: 5_000, maxBytes: 1_000, status: 201 };
    assert.equal((await fetchBounded({ url, method: 'POST', body: '{}' }, bounds)).status, 201);
    assert.deepEqual(proxy.got, [{ asked: `POST ${url}`, authorization: undefined }]);
  });

  it('is refused by a proxy that refuses', async (test) => {
    const proxy = await forwardProxy(test, 407);
    assert.equal(
      await asked(test, `http://${HOST}/`, { proxies: { http: proxy.url } }),
      'connection_failed PROXY_REFUSED',
    );
  });
});

describe('the proxy of a target', () => {
  const proxies = { https: new URL('http://secure:1'), http: new URL('http://plain:1') };
  const of = (url: string, except: readonly string[] = []) =>
    proxyFor(new URL(url), { ...proxies, except })?.hostname;

  it('is that of its scheme', () => {
    assert.equal(of('https://rp-api.smart-id.com/v3/'), 'secure');
    assert.equal(of('http://aia.sk.ee/'), 'plain');
    assert.equal(proxyFor(new URL('https://a.test'), { http: proxies.http }), undefined);
  });

  it('is not used for this machine', () => {
    for (const host of ['localhost', 'a.localhost', '127.0.0.1', '127.9.9.9', '[::1]', 'LOCALHOST']) {
      assert.equal(of(`https://${host}:8443/`), undefined, host);
    }
    for (const host of ['localhost.test', '127.0.0.1.test', '[::2]']) {
      assert.equal(of(`https://${host}/`), 'secure', host);
    }
  });

  it('is not used for an exception: a name and those below it, in any case, with a port or without', () => {
    for (const entry of ['sk.ee', '.sk.ee', '*.sk.ee', 'SK.ee', 'aia.sk.ee:443', '*']) {
      assert.equal(of('https://aia.sk.ee/', [entry]), undefined, entry);
    }
    for (const entry of ['k.ee', 'sk.ee:80', 'aia.sk.ee.test', '', '.', ':443', 'aia']) {
      assert.equal(of('https://aia.sk.ee/', [entry]), 'secure', entry);
    }
    assert.equal(of('https://10.0.0.1:8443/', ['10.0.0.1:8443']), undefined);
  });
});
