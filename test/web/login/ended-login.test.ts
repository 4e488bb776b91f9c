/** The pages of a login that has ended: they name the service and lead back, by what this browser has sealed. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { createSecrets } from '../../../src/secrets/secrets.ts';
import { en } from '../../../src/web/messages/en.ts';
import { et } from '../../../src/web/messages/et.ts';
import { createLoginOrigins, type LoginOrigin } from '../../../src/web/pages/login-origins.ts';
import { headingOf, startWeb, textOf, UID, type WebOptions, type WebUnderTest } from '../web-under-test.ts';

const PATH = `/login/${UID}`;
const OTHER = 'another-login-0000000';
const HOME = 'https://app.example.ee/';
const CLIENT = { id: 'app', name: 'City App', uri: HOME };
const AGAIN = en.action.startAgainAt(CLIENT.name);

let web: WebUnderTest;
afterEach(() => web.close());

/** Opens a login, and returns the cookie that is left when the login’s own ones have expired. */
async function afterLunch(options: WebOptions = {}): Promise<string> {
  web = await startWeb({ client: CLIENT, ...options });
  return originsOf(await web.get(PATH));
}

function originsOf(answer: Response): string {
  const line = answer.headers.getSetCookie().find((each) => each.startsWith('sild_origins='));
  return line?.split(';', 1)[0] ?? '';
}

async function pageAt(path: string, cookie: string) {
  const answer = await web.get(path, { cookie });
  const html = await answer.text();
  return { status: answer.status, html, heading: headingOf(html), text: textOf(html) };
}

function linksOf(html: string): Readonly<Record<string, string>> {
  const main = /<main>.*<\/main>/s.exec(html)?.[0] ?? '';
  const links = [...main.matchAll(/<a class="\w+" href="([^"]*)"[^>]*>(.*?)<\/a>/gs)];
  return Object.fromEntries(links.map(([, href = '', text = '']) => [textOf(text), href]));
}

const service = (html: string) => textOf(/<p class="service">.*?<\/p>/s.exec(html)?.[0] ?? '').slice(2);

describe('a login that has ended', () => {
  for (const below of ['', '/code', '/wait', '/wait?show=qr']) {
    it(`names the service and leads back to it: ${below === '' ? 'its address' : below}`, async () => {
      const page = await pageAt(`${PATH}${below}`, await afterLunch());
      assert.equal(page.status, 404);
      assert.equal(page.heading, en.notices.expired.heading);
      assert.equal(service(page.html), CLIENT.name);
      assert.deepEqual(linksOf(page.html), { [AGAIN]: HOME });
    });
  }

  it('is not called complete in another browser that has its address', async () => {
    web = await startWeb({ client: CLIENT });
    web.login.finished();
    for (const cookie of ['', 'other=1']) {
      const page = await pageAt(`${PATH}/wait`, cookie);
      assert.ok(
        ![en.notices.finished.heading, en.notices.continuesInOtherTab.heading].includes(page.heading ?? ''),
      );
      assert.ok(page.status >= 400);
    }
  });

  it('begins where the client wants a login to begin', async () => {
    const loginUri = 'https://app.example.ee/start?iss=x';
    const cookie = await afterLunch({ client: { ...CLIENT, loginUri } });
    assert.deepEqual(linksOf((await pageAt(PATH, cookie)).html), { [AGAIN]: loginUri });
  });

  it('is in the language in which the client’s request was', async () => {
    const page = await pageAt(PATH, await afterLunch({ uiLocales: ['et'] }));
    assert.equal(page.heading, et.notices.expired.heading);
    assert.deepEqual(linksOf(page.html), { [et.action.startAgainAt(CLIENT.name)]: HOME });
  });

  it('is in that language on every page that cannot read the request: an error, a limit, an outage, a used callback', async () => {
    const away = new Set<string>();
    const limited = { requestRate: { count: 4, perMs: 60_000 } };
    const cookie = await afterLunch({ uiLocales: ['et'], away, ...limited });
    const headingAt = async (path: string) => (await pageAt(path, cookie)).heading;
    assert.equal(await headingAt(`${PATH}/nowhere`), et.errors[404].heading);
    assert.equal(await headingAt('/callback/smart-id/used'), et.notices.callbackUsed.heading);
    away.add('find');
    const moment = await pageAt(PATH, cookie);
    assert.equal(moment.status, 503);
    assert.match(moment.html, /<html lang="et">/);
    assert.equal(await headingAt(PATH), et.errors[429].heading);
  });

  it('goes on in the service after a success', async () => {
    const cookie = await afterLunch();
    web.login.finished();
    const page = await pageAt(`${PATH}/wait`, cookie);
    assert.equal(page.heading, en.notices.finished.heading);
    assert.equal(service(page.html), CLIENT.name);
    assert.deepEqual(linksOf(page.html), { [en.action.continueTo(CLIENT.name)]: HOME });
  });

  it('blames cookies only where none came at all', async () => {
    const cookie = await afterLunch();
    assert.equal((await pageAt(PATH, '')).heading, en.notices.noCookies.heading);
    assert.equal((await pageAt(PATH, cookie)).heading, en.notices.expired.heading);
    assert.equal((await pageAt(PATH, 'sild_language=en')).heading, en.notices.expired.heading);
  });

  it('never names a service by the address: another login of the browser is only offered', async () => {
    const cookie = await afterLunch();
    const page = await pageAt(`/login/${OTHER}`, cookie);
    assert.equal(service(page.html), '');
    assert.deepEqual(linksOf(page.html), { [AGAIN]: HOME });
    const stranger = await pageAt(PATH, 'sild_language=en');
    assert.ok(!stranger.html.includes(CLIENT.name) && !stranger.html.includes(HOME));
    assert.deepEqual(Object.values(linksOf(stranger.html)), [en.smartIdHelpUrl]);
  });

  it('believes no cookie that Sild did not seal', async () => {
    await afterLunch();
    const forged = JSON.stringify([
      { uid: UID, name: 'Evil', language: 'en', home: 'https://evil.example/' },
    ]);
    const other = createSecrets('another-key-of-no-other-use').seal(forged, 'login origins');
    for (const value of [forged, encodeURIComponent(forged), other, '', 'v1.00000000.AAAA']) {
      const page = await pageAt(PATH, `sild_origins=${value}`);
      assert.equal(page.status, 404);
      assert.ok(!page.html.includes('vil'), value);
    }
  });

  it('names the service on error pages, and while the database is away', async () => {
    const away = new Set<string>();
    const cookie = await afterLunch({ away });
    const notFound = await pageAt(`${PATH}/nowhere`, cookie);
    assert.equal(notFound.status, 404);
    assert.equal(service(notFound.html), CLIENT.name);
    assert.equal(linksOf(notFound.html)[AGAIN], HOME);
    away.add('find');
    const moment = await pageAt(PATH, cookie);
    assert.equal(moment.status, 503);
    assert.equal(service(moment.html), CLIENT.name);
    assert.equal(linksOf(moment.html)[AGAIN], HOME);
  });

  it('leads back from a used callback, whose address names no login', async () => {
    const page = await pageAt('/callback/smart-id/used', await afterLunch());
    assert.equal(page.status, 410);
    assert.deepEqual(linksOf(page.html), { [AGAIN]: HOME });
  });

  it('is not written into the cookie again while it says the same', async () => {
    const cookie = await afterLunch();
    const again = await web.get(PATH, { cookie: `_interaction=${UID}; ${cookie}` });
    assert.equal(originsOf(again), '');
  });
});

describe('a script, at a login that is over', () => {
  const FORMS = ['device-link', 'code', 'restart', 'cancel'];
  const PAGES = ['', '/code', '/wait'];
  const accept = { accept: 'application/json' };
  const answers = async (forms: readonly string[], pages: readonly string[], headers = {}) =>
    Promise.all(
      [
        ...forms.map((form) => web.post(`${PATH}/${form}`, {}, { ...accept, ...headers })),
        ...pages.map((page) => web.get(`${PATH}${page}`, { ...accept, ...headers })),
      ].map(async (sent) => {
        const answer = await sent;
        return { status: answer.status, body: (await answer.json()) as unknown };
      }),
    );
  const OVER = { status: 200, body: { state: 'over', secondsLeft: 0, wait: `${PATH}/wait` } };

  it('gets JSON that names the page which says so, where the login is gone', async () => {
    web = await startWeb();
    for (const answer of await answers(FORMS, PAGES, { cookie: `_begun=${UID}` }))
      assert.deepEqual(answer, OVER);
    assert.equal((await pageAt(`${PATH}/wait`, `_begun=${UID}`)).heading, en.notices.expired.heading);
  });

  it('gets the same where the login is finished or decided, and begins nothing', async () => {
    web = await startWeb();
    web.login.finished();
    const cookie = `_interaction=${UID}; _begun=${UID}`;
    const unfinished = [FORMS.filter((form) => form !== 'restart'), ['', '/code'], { cookie }] as const;
    for (const answer of await answers(...unfinished)) assert.deepEqual(answer, OVER);
    web.login.put({ ...web.login.finished(), state: 'cancelled' });
    await web.post(`${PATH}/cancel`, {});
    for (const answer of await answers(...unfinished)) assert.deepEqual(answer, OVER);
    assert.deepEqual(web.login.begun, []);
  });

  it('gets 404 in a browser that did not start it', async () => {
    web = await startWeb();
    for (const answer of await answers(FORMS, PAGES, { cookie: 'other=1' }))
      assert.deepEqual(answer, { status: 404, body: { error: 'login_not_found' } });
  });
});

describe('the origins of logins', () => {
  const secrets = createSecrets('of-no-other-use-than-in-these-tests');
  const origins = createLoginOrigins(secrets);

  /** A browser with its one cookie. */
  function browser() {
    let value: string | undefined;
    return {
      at: (path: string) => ({
        path,
        secure: false,
        cookies: {
          get: () => value,
          set: (_name: string, next: string) => {
            value = next;
          },
        },
      }),
      size: () => value?.length ?? 0,
    };
  }
  type Ctx = Parameters<typeof origins.of>[0];
  const origin = (uid: string, name: string): LoginOrigin => ({
    uid,
    name,
    language: 'en',
    home: `https://${name}.example.ee/`,
  });

  it('are those of several tabs and services, each by its address', () => {
    const { at } = browser();
    for (const each of [origin('one', 'app'), origin('two', 'bank')]) {
      origins.remember(at('/') as unknown as Ctx, each);
    }
    const nameAt = (path: string) => origins.of(at(path) as unknown as Ctx)?.name;
    assert.equal(nameAt('/login/one/wait'), 'app');
    assert.equal(nameAt('/login/two'), 'bank');
    assert.equal(nameAt('/authorize/two'), 'bank');
    for (const path of ['/login/three', '/browser', '/', '/login'])
      assert.equal(nameAt(path), undefined, path);
  });

  it('offer each service once, the newest first, at most three', () => {
    const { at } = browser();
    const names = ['app', 'bank', 'app', 'city', 'dentist'];
    for (const [index, name] of names.entries()) {
      origins.remember(at('/') as unknown as Ctx, origin(`login-${index}`, name));
    }
    const offered = origins.candidates(at('/nowhere') as unknown as Ctx).map(({ name }) => name);
    assert.deepEqual(offered, ['dentist', 'city', 'app']);
  });

  it('fit into one cookie, whatever the names are', () => {
    const { at, size } = browser();
    for (let index = 0; index < 30; index += 1) {
      origins.remember(at('/') as unknown as Ctx, origin(`login-${index}`, 'õ'.repeat(100)));
    }
    assert.ok(size() > 0 && size() < 4_000, `${size()} bytes`);
    assert.ok(origins.of(at('/login/login-29') as unknown as Ctx));
    assert.equal(origins.of(at('/login/login-0') as unknown as Ctx), undefined);
  });
});
