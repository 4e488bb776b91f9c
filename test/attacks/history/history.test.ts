/** An attacker tries to see the history of another person, or to act in it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { untilSettled } from '../../../e2e/support/http/http-login.ts';
import { OWN_CLIENT_ID } from '../../../src/oidc/own-client.ts';
import { en } from '../../../src/web/messages/en.ts';
import {
  confirmOnPhone,
  pollUntilEnd,
  qrLinkOf,
  startLogin,
  logInByPush,
} from '../../support/attack-actors.ts';
import { createHttpBrowser, type HttpBrowser, type HttpPage } from '../../support/servers/http-browser.ts';
import { startWholeSild, type WholeSild } from '../../support/whole-sild.ts';

/** Automated accounts. */
const ONE = { country: 'EE', personal_code: '40504040001' };
const OTHER = { country: 'EE', personal_code: '50001029996' };
/** An account that does not answer by itself. */
const SILENT = { country: 'EE', personal_code: '38001085718' };
const COOKIE = 'sild_history';

let sild: WholeSild;
before(async () => {
  sild = await startWholeSild();
});
after(() => sild.stop());

const at = (path: string) => `${sild.issuer}${path}`;

async function visit(person: typeof ONE, browser = createHttpBrowser()): Promise<HttpBrowser> {
  const started = await browser.post(at('/me/login'), {});
  const login = /^\/login\/[\w-]+/.exec(started.url.pathname)?.[0] ?? '';
  const page = await untilSettled(browser, await browser.post(at(`${login}/code`), person));
  assert.equal(page.url.href, at('/me'), page.text);
  return browser;
}

/** The page once it has so many logins that succeeded: the audit is written in the background. */
async function pageWith(browser: HttpBrowser, logins: number): Promise<HttpPage> {
  for (;;) {
    const page = await browser.get(at('/me'));
    if (!isHistory(page) || page.text.split('class="outcome"').length > logins) return page;
    await setTimeout(50);
  }
}

const isHistory = ({ text }: HttpPage) => text.includes('/me/logout');
const referencesOf = ({ text }: HttpPage): readonly string[] => text.match(/<code>[^<]+<\/code>/g) ?? [];
const entriesOf = ({ text }: HttpPage) =>
  [...text.matchAll(/<h2>([^<]*)<\/h2>\s*<p class="outcome/g)].map(([, name]) => name);

describe('a person’s own history', () => {
  it('shows only the logins of the person, also to two persons in one browser', async () => {
    const browser = createHttpBrowser();
    await logInByPush(await startLogin(sild), ONE);
    await logInByPush(await startLogin(sild), OTHER);
    await visit(ONE, browser);
    const first = await pageWith(browser, 2);
    assert.deepEqual(entriesOf(first), ['localhost', 'Sample app']);
    assert.ok(first.text.includes(en.history.outcomes.finished));
    assert.ok(first.text.includes(en.history.thisNetwork));
    await visit(OTHER, browser);
    const second = await pageWith(browser, 2);
    assert.deepEqual(entriesOf(second), ['localhost', 'Sample app']);
    const [references = [], others = []] = [first, second].map(referencesOf);
    assert.equal(references.length, 2);
    assert.ok(!references.some((each) => others.includes(each)));
  });

  it('is a file too, and a page to print, without the pseudonyms of the audit', async () => {
    const browser = await visit(ONE);
    await pageWith(browser, 1);
    const file = await browser.get(at('/me/history.json'));
    assert.match(file.headers.get('content-disposition') ?? '', /^attachment/);
    const { logins } = JSON.parse(file.text) as { logins: Record<string, unknown>[] };
    assert.ok(logins.some(({ service, outcome }) => service === 'localhost' && outcome === 'finished'));
    assert.ok(!/"(attempt|person|address)"/.test(file.text));
    const printed = await browser.get(at('/me/print'));
    assert.ok(entriesOf(printed).length > 0);
    assert.ok(!printed.text.includes('<form'));
  });

  it('explains a request to the phone that somebody else has started', async () => {
    const attacker = await startLogin(sild);
    await attacker.browser.post(`${attacker.firstPage.url.href}/code`, SILENT);
    // The victim logs in by QR code, which needs no push.
    const victim = createHttpBrowser();
    const firstPage = await victim.post(at('/me/login'), {});
    const login = { browser: victim, firstPage };
    await confirmOnPhone(await qrLinkOf(login));
    const page = await pollUntilEnd(login);
    assert.equal(page.url.href, at('/me'));
    const history = await pageWith(victim, 1);
    assert.ok(history.text.includes(en.history.outcomes.open), history.text);
    assert.ok(history.text.includes(en.history.thisBrowser));
  });

  it('is shown only during a visit, and a view is an event of the audit', async () => {
    const stranger = createHttpBrowser();
    for (const path of ['/me', '/me/print', '/me/history.json', '/me?page=2']) {
      const page = await stranger.get(at(path));
      assert.equal(isHistory(page), false);
      assert.ok(page.text.includes(en.history.start));
    }
    await visit(ONE);
    assert.ok(sild.log.some(({ event, client }) => event === 'history_shown' && client === OWN_CLIENT_ID));
  });
});

describe('the cookie of a history', () => {
  it('is sent only to /me, and no script can read it', async () => {
    const browser = await visit(ONE);
    assert.ok(browser.cookiesFor(at('/me'))[COOKIE]);
    assert.equal(browser.cookiesFor(at('/login/x'))[COOKIE], undefined);
    const answer = await fetch(at('/me/login'), {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: sild.issuer, 'content-type': 'application/x-www-form-urlencoded' },
    });
    const [line = ''] = answer.headers.getSetCookie();
    assert.match(line, /path=\/me;/);
    assert.match(line, /samesite=lax/);
    assert.match(line, /httponly/);
  });

  it('is refused in a browser that names itself differently', async () => {
    const { [COOKIE]: value = '' } = (await visit(ONE)).cookiesFor(at('/me'));
    const other = createHttpBrowser({
      fetch: (url, init) => {
        init.headers.set('user-agent', 'another browser');
        return fetch(url, init);
      },
    });
    other.setCookie(`${COOKIE}=${value}; path=/me`, at('/me'));
    assert.equal(isHistory(await other.get(at('/me'))), false);
  });

  it('is refused after the person has logged out, in copies too', async () => {
    const browser = await visit(ONE);
    const { [COOKIE]: value = '' } = browser.cookiesFor(at('/me'));
    const copy = createHttpBrowser();
    copy.setCookie(`${COOKIE}=${value}; path=/me`, at('/me'));
    assert.equal(isHistory(await copy.get(at('/me'))), true);
    await browser.post(at('/me/logout'), {});
    assert.equal(browser.cookiesFor(at('/me'))[COOKIE], undefined);
    assert.equal(isHistory(await copy.get(at('/me'))), false);
  });

  it('cannot be forged: altered, of another purpose, or in plain text', async () => {
    const browser = createHttpBrowser();
    await browser.post(at('/me/login'), {});
    const pending = browser.cookiesFor(at('/me')).sild_history_login ?? '';
    assert.ok(pending);
    const { [COOKIE]: genuine = '' } = (await visit(ONE)).cookiesFor(at('/me'));
    const middle = Math.floor(genuine.length / 2);
    const flipped =
      genuine.slice(0, middle) + (genuine[middle] === 'A' ? 'B' : 'A') + genuine.slice(middle + 1);
    const plain = Buffer.from(
      JSON.stringify({ id: 'x', person: 'PNOEE-40504040001', until: 9e15, browser: '' }),
    ).toString('base64url');
    for (const value of [flipped, pending, plain, 'x', '']) {
      const attacker = createHttpBrowser();
      attacker.setCookie(`${COOKIE}=${value}; path=/me`, at('/me'));
      assert.equal(isHistory(await attacker.get(at('/me'))), false);
    }
  });
});

describe('the client of the history', () => {
  it('does not accept a response that this browser has not asked for, or a second time', async () => {
    const attacker = createHttpBrowser({ stopAt: ({ pathname }) => pathname === '/me/callback' });
    const started = await attacker.post(at('/me/login'), {});
    const { url: answer } = await untilSettled(
      attacker,
      await attacker.post(`${started.url.href}/code`, OTHER),
    );
    assert.equal(answer.pathname, '/me/callback');
    // The victim’s browser: without a request, and with a request of its own.
    const victim = createHttpBrowser();
    assert.equal((await victim.get(answer)).url.search, '?login=failed');
    await victim.post(at('/me/login'), {});
    assert.equal((await victim.get(answer)).url.search, '?login=failed');
    assert.equal(victim.cookiesFor(at('/me'))[COOKIE], undefined);
    const own = createHttpBrowser();
    for (const [name, value] of Object.entries(attacker.cookiesFor(at('/me'))))
      own.setCookie(`${name}=${value}; path=/me`, at('/me'));
    const again = createHttpBrowser();
    for (const [name, value] of Object.entries(attacker.cookiesFor(at('/me'))))
      again.setCookie(`${name}=${value}; path=/me`, at('/me'));
    assert.equal((await own.get(answer)).url.href, at('/me'));
    assert.equal((await again.get(answer)).url.search, '?login=failed');
  });

  it('gets no tokens: its secret is not known', async () => {
    for (const secret of ['', 'sild-history', 'sample-app-secret']) {
      const answer = await fetch(at('/token'), {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${OWN_CLIENT_ID}:${secret}`)}` },
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          code: 'x',
          redirect_uri: at('/me/callback'),
        }),
      });
      assert.ok([400, 401].includes(answer.status));
      assert.match(((await answer.json()) as { error: string }).error, /^invalid_(client|request)$/);
    }
  });

  it('sends no code to another address', async () => {
    const query = new URLSearchParams({
      client_id: OWN_CLIENT_ID,
      response_type: 'code',
      scope: 'openid',
      redirect_uri: sild.redirectUri,
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    });
    const page = await createHttpBrowser().get(at(`/authorize?${query.toString()}`));
    assert.equal(page.status, 400);
  });

  it('redeems no code of another client', async () => {
    const browser = createHttpBrowser({ stopAt: (url) => url.href.startsWith(sild.redirectUri) });
    const ended = await logInByPush(await startLogin(sild, browser), ONE);
    const code = ended.url.searchParams.get('code') ?? '';
    assert.ok(code, ended.url.href);
    const own = createHttpBrowser({ stopAt: ({ pathname }) => pathname === '/authorize' });
    const asked = await own.post(at('/me/login'), {});
    const state = asked.url.searchParams.get('state') ?? '';
    assert.ok(state);
    const query = new URLSearchParams({ code, state });
    assert.equal((await own.get(at(`/me/callback?${query.toString()}`))).url.search, '?login=failed');
  });
});

describe('forgetting browsers', () => {
  it('is refused to a form of another site', async () => {
    const browser = await visit(ONE);
    const cookie = Object.entries(browser.cookiesFor(at('/me')))
      .map(([name, value]) => `${name}=${value}`)
      .join('; ');
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: sild.issuer, 'sec-fetch-site': 'cross-site' },
      {},
    ] as Record<string, string>[]) {
      for (const path of ['/me/forget', '/me/logout', '/me/login']) {
        const answer = await fetch(at(path), {
          method: 'POST',
          redirect: 'manual',
          headers: { ...headers, cookie },
          body: new URLSearchParams({ browser: 'all' }),
        });
        assert.equal(answer.status, 403);
      }
    }
    assert.equal(isHistory(await browser.get(at('/me'))), true);
  });

  it('forgets the person’s own browser, one or all, and no other person’s', async () => {
    const victim = createHttpBrowser();
    const login = { browser: victim, firstPage: await victim.post(at('/me/login'), {}) };
    await confirmOnPhone(await qrLinkOf(login));
    await pollUntilEnd(login);
    const idOf = ({ text }: HttpPage) => /name="browser" value="([\w-]{43})"/.exec(text)?.[1];
    const id = idOf(await victim.get(at('/me')));
    assert.ok(id);
    const attacker = await visit(ONE);
    await attacker.post(at('/me/forget'), { browser: id });
    await attacker.post(at('/me/forget'), { browser: 'all' });
    await createHttpBrowser().post(at('/me/forget'), { browser: id });
    const page = await victim.get(at('/me'));
    assert.ok(page.text.includes(id));
    assert.equal((await victim.post(at('/me/forget'), { browser: id })).text.includes(id), false);
  });
});

describe('forgetting all browsers', () => {
  it('ends the visits of the person in all other browsers, and those of nobody else', async () => {
    const [attacker, other, victim] = [await visit(ONE), await visit(OTHER), await visit(ONE)];
    assert.equal(isHistory(await victim.post(at('/me/forget'), { browser: 'all' })), true);
    assert.equal(isHistory(await attacker.get(at('/me'))), false);
    assert.equal(isHistory(await other.get(at('/me'))), true);
  });
});

describe('HISTORY=off', () => {
  it('has neither the page nor the client', async () => {
    const off = await startWholeSild({ HISTORY: 'off' });
    try {
      const browser = createHttpBrowser();
      for (const path of ['/me', '/me/print', '/me/history.json', '/me/callback?code=x&state=x'])
        assert.equal((await browser.get(`${off.issuer}${path}`)).status, 404);
      assert.equal((await browser.post(`${off.issuer}/me/login`, {})).status, 404);
      const query = new URLSearchParams({ client_id: OWN_CLIENT_ID, response_type: 'code', scope: 'openid' });
      const page = await browser.get(`${off.issuer}/authorize?${query.toString()}`);
      assert.equal(page.status, 400);
    } finally {
      await off.stop();
    }
  });
});
