import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { en } from '../../../../src/web/messages/en.ts';
import { COOKIE, headingOf, startWeb, textOf, UID, type WebUnderTest } from '../../web-under-test.ts';

const FORM = `/login/${UID}/code`;

describe('an error of the form for the personal code', () => {
  let web: WebUnderTest;
  beforeEach(async () => {
    web = await startWeb();
  });
  afterEach(() => web.close());

  const mistake = { country: 'EE', personal_code: '4711' };
  /** The Set-Cookie line that stores the error. */
  const typed = async (path = FORM, cookie = COOKIE) => {
    const { headers } = await web.post(path, mistake, { cookie });
    return headers.getSetCookie().find((line) => nameOf(line) === 'sild_typed') ?? '';
  };
  const shownWith = async (cookie: string) =>
    (await web.get(FORM, { cookie: `${COOKIE}; ${cookie.split(';', 1)[0] ?? ''}` })).text();

  it('redirects to a page that Back can show again', async () => {
    const answer = await web.post(FORM, mistake);
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, FORM]);
  });

  it('stores the error sealed, for a minute and for that page only', async () => {
    const cookie = await typed();
    assert.match(cookie, new RegExp(`; path=${FORM}; expires=[^;]+; samesite=lax; httponly$`));
    const expires = /expires=([^;]+)/.exec(cookie)?.[1] ?? '';
    assert.ok(Date.parse(expires) <= Date.now() + 60_000, expires);
    const [, value = ''] = cookie.split(';', 1)[0]?.split('=') ?? [];
    for (const text of [value, ...value.split('.').map(decoded)]) assert.ok(!text.includes('4711'));
  });

  it('shows the error once', async () => {
    const answer = await web.submit(FORM, mistake);
    assert.ok((await answer.text()).includes('value="4711"'));
    const [gone = '', ...others] = answer.headers
      .getSetCookie()
      .toSorted((one) => (nameOf(one) === 'sild_typed' ? -1 : 1));
    assert.match(gone, new RegExp(`^sild_typed=; path=${FORM}; expires=Thu, 01 Jan 1970`));
    assert.deepEqual(others.map(nameOf), ['sild_origins']);
    const again = await web.get(FORM);
    assert.deepEqual(again.headers.getSetCookie().map(nameOf), ['sild_origins']);
    assert.match(await again.text(), /name="personal_code" value="" /);
  });

  it('shows the typed values instead of the remembered country', async () => {
    const html = await shownWith(`${(await typed()).split(';', 1)[0] ?? ''}; sild_country=LT`);
    assert.ok(html.includes('value="4711"'));
    assert.match(html, /<option value="EE"[^>]* selected>/);
  });

  it('ignores a cookie that is of another login, unsealed or altered', async () => {
    const uid = 'another-login-0000000';
    const ofAnother = await typed(`/login/${uid}/code`, `_interaction=${uid}`);
    assert.match(ofAnother, /^sild_typed=v1\./);
    const ours = await typed();
    for (const cookie of [
      ofAnother,
      'sild_typed={"personalCode":"4711","error":"format"}',
      'sild_typed=',
      'sild_typed=v1.00000000.AAAA',
      ours.replace(/(?<=^sild_typed=v1\.\w+\.)./, (first) => (first === 'A' ? 'B' : 'A')),
    ]) {
      const html = await shownWith(cookie);
      assert.equal(headingOf(html), en.login.heading, cookie);
      assert.ok(!html.includes('4711') && !textOf(html).includes(en.login.errorHeading), cookie);
    }
    assert.ok((await shownWith(ours)).includes('4711'));
  });
});

/** Cookie name of a Set-Cookie line. */
function nameOf(line: string): string | undefined {
  return line.split('=', 1)[0];
}

function decoded(part: string): string {
  return Buffer.from(part, 'base64url').toString('latin1');
}
