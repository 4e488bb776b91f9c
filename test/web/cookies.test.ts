import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { COOKIE, NEW_TOKEN, PERSONAL_CODE, startWeb, UID, type WebUnderTest } from './web-under-test.ts';

const LOGIN = `/login/${UID}`;

let web: WebUnderTest;
afterEach(() => web.close());

describe('cookies', () => {
  it('are secure over https: plain http cannot set any, and a sibling host cannot set those with path /', async () => {
    web = await startWeb({ issuer: 'https://login.example.ee' });
    assert.deepEqual(await cookiesOfALogin(), [
      '__Host-sild_browser; path=/; samesite=lax; secure; httponly',
      '__Host-sild_language; path=/; samesite=lax; secure; httponly',
      '__Host-sild_origins; path=/; samesite=lax; secure; httponly',
      '__Secure-sild_country; path=/login; samesite=lax; secure; httponly',
      `__Secure-sild_login_language; path=${LOGIN}; samesite=lax; secure; httponly`,
      `__Secure-sild_resume_language; path=/authorize/${UID}; samesite=lax; secure; httponly`,
      `__Secure-sild_typed; path=${LOGIN}/code; samesite=lax; secure; httponly`,
      '__Secure-sild_way; path=/login; samesite=lax; secure; httponly',
    ]);
  });

  it('have no prefix on localhost', async () => {
    web = await startWeb();
    assert.deepEqual(await cookiesOfALogin(), [
      'sild_browser; path=/; samesite=lax; httponly',
      'sild_country; path=/login; samesite=lax; httponly',
      'sild_language; path=/; samesite=lax; httponly',
      `sild_login_language; path=${LOGIN}; samesite=lax; httponly`,
      'sild_origins; path=/; samesite=lax; httponly',
      `sild_resume_language; path=/authorize/${UID}; samesite=lax; httponly`,
      `sild_typed; path=${LOGIN}/code; samesite=lax; httponly`,
      'sild_way; path=/login; samesite=lax; httponly',
    ]);
  });

  it('are read only under the prefixed name', async () => {
    web = await startWeb({ issuer: 'https://login.example.ee' });
    const languageWith = async (cookie: string) =>
      (await web.get(LOGIN, { cookie: `${COOKIE}; ${cookie}` })).headers.get('content-language');
    assert.equal(await languageWith('__Host-sild_language=et'), 'et');
    assert.equal(await languageWith('sild_language=et'), 'en');
  });
});

/** Set-Cookie lines without values and dates. */
async function cookiesOfALogin(): Promise<string[]> {
  const answers = [
    await web.get(`/language?to=et&back=${encodeURIComponent(LOGIN)}`),
    await web.post(`${LOGIN}/code`, { country: 'none', personal_code: '1' }),
    await web.post(`${LOGIN}/code`, { country: 'EE', personal_code: PERSONAL_CODE }),
  ];
  web.login.answer('qr');
  answers.push(await web.get(`${LOGIN}/wait`));
  const lines = answers.flatMap(({ headers }) => headers.getSetCookie());
  assert.ok(lines.some((line) => line.includes(NEW_TOKEN)));
  return lines.map((line) => line.replace(/=[^;]*/, '').replace(/; expires=[^;]*/, '')).sort();
}
