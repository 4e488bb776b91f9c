import assert from 'node:assert/strict';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { en } from '../../../src/web/messages/en.ts';
import {
  BEGUN,
  CALLBACK_VALUE,
  COOKIE,
  headingOf,
  PERSONAL_CODE,
  startWeb,
  UID,
  type WebUnderTest,
} from '../web-under-test.ts';

const LOGIN = `/login/${UID}`;
const CROSS_SITE = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

let web: WebUnderTest;
beforeEach(async () => {
  web = await startWeb();
  web.login.wait();
});
afterEach(() => web.close());

describe('an address that resembles one of Sild', () => {
  for (const path of [
    `/${LOGIN}/cancel`,
    `/login//${UID}/cancel`,
    `${LOGIN}//cancel`,
    `/login%2f${UID}/cancel`,
    `${LOGIN}%2fcancel`,
    `/login%5c${UID}/cancel`,
    `\\login\\${UID}\\cancel`,
    `/%6cogin/${UID}/cancel`,
    `${LOGIN.toUpperCase()}/cancel`,
    `/LOGIN/${UID}/cancel`,
    `${LOGIN}/CANCEL`,
    `/./login/${UID}/cancel`,
    `/nowhere/../login/${UID}/cancel`,
    `${LOGIN};a=b/cancel`,
    `${LOGIN}%00/cancel`,
    `${LOGIN}/cancel%20`,
    `${LOGIN}/../${UID}x/cancel`,
  ]) {
    it(`has no effect and no redirect: ${path}`, async () => {
      for (const headers of [CROSS_SITE, { origin: web.issuer }]) {
        const answer = await send(path, { ...FORM, ...headers }, 'POST', 'a=b');
        assert.ok([400, 403, 404, 405].includes(answer.status), `${path}: ${answer.status}`);
        assert.equal(answer.headers.location, undefined);
      }
      const page = await send(path);
      assert.ok([400, 404, 405].includes(page.status), `${path}: ${page.status}`);
      assert.equal(page.headers.location, undefined);
      assert.deepEqual([web.login.state(), web.aborted], ['waiting', []]);
    });
  }

  it('is not repeated on the error page', async () => {
    const hostile =
      '/"><script>alert(1)</script>/%3Cscript%3Ealert(1)%3C%2Fscript%3E?q=<script>alert(1)</script>';
    const { status, body } = await send(hostile);
    assert.equal(status, 404);
    assert.equal(headingOf(body), en.errors[404].heading);
    assert.ok(!body.includes('<script>'));
    const json = await send(hostile, { accept: 'application/json' });
    assert.ok(!json.body.includes('script'));
  });
});

describe('another host in a request', () => {
  for (const trustProxy of [0, 1]) {
    it(`is nowhere in the answer, ${trustProxy > 0 ? 'with' : 'without'} a trusted proxy`, async () => {
      await web.close();
      web = await startWeb({ trustProxy });
      const named = {
        host: 'evil.example',
        'x-forwarded-host': 'evil.example',
        'x-forwarded-server': 'evil.example',
        'x-original-url': 'https://evil.example/',
        'x-rewrite-url': '/evil.example',
        forwarded: 'host=evil.example;proto=https',
      };
      web.login.wait();
      for (const origin of ['', 'http://evil.example'])
        for (const path of ['', '/wait', '/code'].map((page) => origin + LOGIN + page)) {
          const { status, headers, body } = await send(path, named);
          assert.ok(status === 200 || status === 303, `${path}: ${status}`);
          assert.ok(!`${JSON.stringify(headers)}${body}`.includes('evil.example'), path);
        }
      const { headers } = await send(`http://evil.example/language?to=et&back=${LOGIN}`, named);
      assert.equal(headers.location, LOGIN);
    });
  }

  it('is not linked from the page for too many requests', async () => {
    await web.close();
    web = await startWeb({ requestRate: { count: 1, perMs: 60_000 } });
    await send(LOGIN);
    for (const target of [
      `http://evil.example${LOGIN}`,
      '//evil.example/',
      'http://evil.example//evil.example/',
    ]) {
      const { status, body } = await send(target, { accept: 'text/html' });
      assert.equal(status, 429);
      assert.doesNotMatch(body, /(?:href|url)="?[^"?]*evil\.example/, target);
    }
  });

  it('is not linked while this instance stops', async () => {
    await web.close();
    web = await startWeb({ draining: () => true });
    const { status, body } = await send(`http://evil.example${LOGIN}`);
    assert.equal(status, 503);
    assert.ok(body.includes(`href="${LOGIN}"`) && !body.includes('evil.example'));
  });
});

describe('an unsupported method', () => {
  for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']) {
    it(`is refused, and the request is not echoed: ${method}`, async () => {
      for (const path of [LOGIN, `${LOGIN}/code`, `${LOGIN}/cancel`, '/callback/smart-id', '/browser']) {
        const answer = await send(path, { 'x-secret': 'echo-me' }, method);
        assert.equal(answer.status, 405, path);
        assert.ok(answer.headers.allow, path);
        assert.ok(!answer.body.includes('echo-me'));
      }
      assert.deepEqual([web.login.state(), web.aborted], ['waiting', []]);
    });
  }
});

describe('a repeated parameter', () => {
  it('is ignored at the callback', async () => {
    web.login.waitForLink();
    const value = `value=${CALLBACK_VALUE}`;
    const proofs = 'sessionSecretDigest=a&userChallengeVerifier=b';
    for (const query of [
      `${value}&${value}&${proofs}`,
      `value=x&${value}&${proofs}`,
      `value[]=${CALLBACK_VALUE}`,
    ]) {
      const { headers } = await send(`/callback/smart-id?${query}`, { cookie: BEGUN });
      assert.equal(headers.location, '/callback/smart-id/used', query);
    }
    assert.equal(web.login.state(), 'waiting');
    await send(`/callback/smart-id?${value}&${proofs}&sessionSecretDigest=c`, { cookie: BEGUN });
    assert.deepEqual(web.login.callbacks, [
      { value: CALLBACK_VALUE, sessionSecretDigest: '', userChallengeVerifier: '' },
    ]);
  });

  it('is ignored in the form for a personal code', async () => {
    for (const body of [
      `country=EE&personal_code=${PERSONAL_CODE}&personal_code=47101010033`,
      `country=EE&country=LV&personal_code=${PERSONAL_CODE}`,
      `country=EE&personal_code[a]=${PERSONAL_CODE}`,
      `country[__proto__]=EE&personal_code=${PERSONAL_CODE}`,
      `__proto__[country]=EE&__proto__[personal_code]=${PERSONAL_CODE}`,
    ]) {
      const answer = await send(`${LOGIN}/code`, { ...FORM, origin: web.issuer }, 'POST', body);
      assert.deepEqual([answer.status, answer.headers.location], [303, `${LOGIN}/code`], body);
    }
    assert.deepEqual(web.login.begun, []);
    assert.equal(({} as { country?: string }).country, undefined);
  });

  it('does not change the page', async () => {
    web.login.waitForLink();
    const { status, body } = await send(`${LOGIN}/wait?show=web2app&show=qr`);
    assert.deepEqual([status, headingOf(body)], [200, en.qr.heading]);
  });
});

describe('a line break in a parameter', () => {
  it('adds no header', async () => {
    for (const back of [
      '/%0d%0aX-Injected:%201',
      `${LOGIN}%0d%0a%0d%0a<script>`,
      '/%0aSet-Cookie:%20a=b',
      '/%E5%98%8D%E5%98%8AX-Injected:1',
    ]) {
      const { status, headers } = await send(`/language?to=et&back=${back}`);
      assert.equal(status, 303);
      assert.equal(headers['x-injected'], undefined);
      assert.ok(!(headers['set-cookie'] ?? []).some((line) => line.startsWith('a=b')));
      assert.match(headers.location ?? '', /^\/[!-~]*$/);
    }
  });
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Sends a request with exactly this request line, which fetch would normalise. */
async function send(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  body?: string,
): Promise<Answer> {
  const { port } = new URL(web.address);
  const sent = request({
    host: 'localhost',
    port,
    path,
    method,
    headers: { accept: 'text/html', cookie: COOKIE, ...headers },
  });
  sent.end(body);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve).once('error', reject);
  });
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
}
