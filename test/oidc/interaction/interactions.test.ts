import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as openid from 'openid-client';
import { INTERACTION_SECONDS } from '../../../src/oidc/lifetimes.ts';
import { createHttpBrowser, type HttpBrowser } from '../../support/servers/http-browser.ts';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../support/database.ts';
import {
  oauthErrorOf,
  aClient,
  aLogin,
  aLoginOf,
  authorizationRequest,
  type Bridge,
  finishLogin,
  HOME,
  personAt,
  relyingParty,
  startBridge,
  toLoginPage,
} from '../../support/oidc-bridge.ts';

let ahead = 0;
const now = () => Date.now() + ahead * 1000;
/** While set, each read of an interaction waits until there are two. */
let together: ReturnType<typeof meetingOfTwo> | undefined;
/** While set, no interaction can be read. */
let fault: Error | undefined;
let store: Store;
let bridge: Bridge;
let config: openid.Configuration;

before(async () => {
  store = await openTestStore({ now });
  bridge = await startBridge({
    stores: {
      ...store,
      records: {
        ...store.records,
        async findRelated(model, id) {
          const found = await store.records.findRelated(model, id);
          if (model === 'Interaction') await together?.arrive();
          return found;
        },
        async find(model, id) {
          if (fault && model === 'Interaction') throw fault;
          const found = await store.records.find(model, id);
          if (model === 'Interaction') await together?.arrive();
          return found;
        },
      },
    },
    clients: [aClient(), aClient({ client_id: 'nameless', client_name: undefined, client_uri: undefined })],
    now,
  });
  config = await relyingParty(bridge);
});
after(async () => {
  await bridge.close();
  await store.close();
});

describe('an interaction', () => {
  it('tells the login pages the client and the languages', async () => {
    const person = personAt(bridge);
    const { url } = await authorizationRequest(config, { ui_locales: 'et lv' });
    const loginPage = await toLoginPage(person, url);
    const uid = loginPage.pathname.split('/')[2] ?? '';
    assert.deepEqual(await interactionAt(person, loginPage), {
      uid,
      client: { id: 'client', name: 'A client', uri: HOME, branding: { names: {}, displayText: {} } },
      settings: {
        offered: {
          flows: ['qr', 'web2app', 'notification'],
          notificationPolicy: 'always',
          countries: ['EE', 'LV', 'LT', 'BE'],
        },
        certificateLevel: 'ADVANCED',
        relyingParty: { name: 'DEMO' },
        backchannel: true,
      },
      certificateLevel: 'ADVANCED',
      uiLocales: ['et', 'lv'],
      returnsToApp: false,
      wantsReceipt: false,
      decided: false,
      continueAt: `${loginPage.origin}/authorize/${uid}`,
    });
  });

  for (const [hint, expected] of [
    ['PNOEE-40504040001', 'PNOEE-40504040001'],
    ['pnoee-40504040001', 'PNOEE-40504040001'],
    [' PnoLv-030303-10012\t', 'PNOLV-030303-10012'],
    ['paslt-ab123', 'PASLT-AB123'],
    ['mari@example.ee', undefined],
    ['40504040001', undefined],
    ['PNOEE-', undefined],
    ['PNOEE-40504040001 PNOEE-50001029996', undefined],
  ] as const) {
    it(`expects ${expected ?? 'anybody'} with login_hint=${JSON.stringify(hint)}`, async () => {
      const person = personAt(bridge);
      const { url } = await authorizationRequest(config, { login_hint: hint });
      const { expectedPerson } = await interactionAt(person, await toLoginPage(person, url));
      assert.equal(expectedPerson, expected);
    });
  }

  it('gives the client access_denied if another person than that of the login_hint completes it', async () => {
    const person = personAt(bridge);
    const { url, checks } = await authorizationRequest(config, { login_hint: 'pnoee-40504040001' });
    const loginPage = await toLoginPage(person, url);
    const callback = await finishLogin(person, loginPage, aLoginOf('PNOEE-50001029996'));
    const refused = await oauthErrorOf(openid.authorizationCodeGrant(config, callback.url, checks));
    assert.equal(refused, 'access_denied');
  });

  it('shows the client ID for a client without a name', async () => {
    const person = personAt(bridge);
    const { url } = await authorizationRequest(config, { client_id: 'nameless' });
    const { client } = await interactionAt(person, await toLoginPage(person, url));
    assert.deepEqual(client, {
      id: 'nameless',
      name: 'nameless',
      uri: 'http://localhost:9/',
      branding: { names: {}, displayText: {} },
    });
  });

  it('is found at paths below its address, and with a query', async () => {
    const { person, loginPage } = await atLoginPage();
    assert.equal((await person.get(`${loginPage.href}/status?x=1`)).status, 200);
  });

  it('is not taken for a missing one where it cannot be read', async () => {
    const { person, loginPage } = await atLoginPage();
    fault = new Error('a fault');
    const answer = await person.get(loginPage);
    fault = undefined;
    assert.equal(answer.status, 500);
    assert.equal((await person.get(loginPage)).status, 200);
  });

  it('cannot be used by another browser', async () => {
    const { loginPage } = await atLoginPage();
    assert.equal((await personAt(bridge).get(loginPage)).status, 404);
    const completed = await finishLogin(personAt(bridge), loginPage);
    assert.deepEqual([completed.status, JSON.parse(completed.text)], [500, { code: 'interaction_gone' }]);
    const aborted = await personAt(bridge).post(`${loginPage.href}/abort`, {});
    assert.deepEqual([aborted.status, JSON.parse(aborted.text)], [500, { code: 'interaction_gone' }]);
  });

  it('is not found at the address of another interaction with a planted cookie', async () => {
    const victim = await atLoginPage();
    const attacker = await atLoginPage();
    const planted = browserWith(attacker.person.cookiesFor(attacker.loginPage));
    assert.equal((await planted.get(victim.loginPage)).status, 404);
    assert.equal((await planted.get(`${attacker.loginPage.href}x`)).status, 404);
    assert.equal((await planted.get(attacker.loginPage)).status, 200);
  });

  it('cannot be used by a browser that did not start it, even with its other cookies', async () => {
    const { person, loginPage } = await atLoginPage();
    const planted = browserWith(withoutBinding(person.cookiesFor(loginPage)));
    assert.equal((await planted.get(loginPage)).status, 404);
    const onward = await completeWithoutFollowing(person, loginPage);
    const resuming = browserWith(withoutBinding(person.cookiesFor(onward)));
    for (const path of [
      onward.pathname,
      onward.pathname.toUpperCase(),
      `${onward.pathname}/`,
      '/authorize/x',
    ]) {
      const answer = await resuming.get(new URL(path, onward));
      assert.deepEqual([answer.status, answer.url.origin], [400, bridge.issuer], path);
      assert.equal(bridge.audited.at(-1)?.event, 'browser_refused');
    }
    assert.ok((await person.get(onward)).url.searchParams.has('code'));
  });

  it('keeps its binding cookie when the browser is redirected to the client, since other tabs may still wait', async () => {
    const { person, loginPage } = await atLoginPage();
    const other = await toLoginPage(person, (await authorizationRequest(config)).url);
    const names = () => Object.keys(person.cookiesFor(bridge.issuer));
    assert.deepEqual(names(), [bindingCookieOf(loginPage), bindingCookieOf(other)]);
    await finishLogin(person, loginPage);
    assert.deepEqual(names(), [bindingCookieOf(loginPage), bindingCookieOf(other)]);
  });

  it('loses its binding when the browser starts too many, the oldest first', async () => {
    const person = personAt(bridge);
    const loginPages: URL[] = [];
    for (let each = 0; each < 25; each += 1) {
      ahead += 1;
      loginPages.push(await toLoginPage(person, (await authorizationRequest(config)).url));
    }
    ahead = 0;
    assert.deepEqual(
      Object.keys(person.cookiesFor(bridge.issuer)).sort(),
      loginPages.slice(-20).map(bindingCookieOf).sort(),
    );
    const statuses = await Promise.all(loginPages.map(async (page) => (await person.get(page)).status));
    assert.deepEqual(statuses, [...Array<number>(5).fill(404), ...Array<number>(20).fill(200)]);
  });

  it('is not found with an altered cookie', async () => {
    const { loginPage, person } = await atLoginPage();
    const forger = createHttpBrowser();
    for (const [name, value] of Object.entries(person.cookiesFor(loginPage))) {
      forger.setCookie(`${name}=${name.endsWith('.sig') ? 'forged' : value}; path=/`, bridge.issuer);
    }
    assert.equal((await forger.get(loginPage)).status, 404);
  });

  it('expires after 15 minutes', async () => {
    const { person, loginPage } = await atLoginPage();
    ahead = INTERACTION_SECONDS + 1;
    assert.equal((await person.get(loginPage)).status, 404);
    ahead = 0;
  });

  it('that is completed returns the address to resume at, and is gone after the browser went there', async () => {
    const { person, loginPage, checks } = await atLoginPage();
    const onward = await completeWithoutFollowing(person, loginPage);
    const { decided, continueAt } = await interactionAt(person, loginPage);
    assert.deepEqual([decided, continueAt], [true, onward.href]);
    const callback = await person.get(onward);
    assert.ok((await openid.authorizationCodeGrant(config, callback.url, checks)).id_token);
    assert.equal((await person.get(loginPage)).status, 404);
    assert.equal((await person.get(onward)).url.pathname, `${loginPage.pathname}/wait`);
  });

  it('is resumed by the person who has logged in, after a planted session of somebody else is ended', async () => {
    const attacker = await atLoginPage();
    await finishLogin(attacker.person, attacker.loginPage, aLoginOf('PNOEE-50001029996'));
    const planted = browserWith(withoutBinding(attacker.person.cookiesFor(`${bridge.issuer}/logout`)));
    const { url, checks } = await authorizationRequest(config);
    const { text } = await finishLogin(planted, await toLoginPage(planted, url));
    const { action = '', xsrf = '' } =
      /action="(?<action>[^"]+)".* name="xsrf" value="(?<xsrf>[^"]+)"/s.exec(text)?.groups ?? {};
    const callback = await planted.post(action, { xsrf, logout: 'yes' });
    const tokens = await openid.authorizationCodeGrant(config, callback.url, checks);
    assert.equal(tokens.claims()?.sub, aLogin().person.semanticsIdentifier);
  });

  it('issues one code to a browser that resumes it twice concurrently', async () => {
    const { person, loginPage } = await atLoginPage();
    const onward = await completeWithoutFollowing(person, loginPage);
    const before = (await store.records.list('AuthorizationCode')).length;
    together = meetingOfTwo();
    const answers = await Promise.all([person.get(onward), person.get(onward)]);
    together = undefined;
    assert.equal(new Set(answers.map(({ url }) => url.searchParams.get('code'))).size, 1);
    assert.equal((await store.records.list('AuthorizationCode')).length - before, 1);
  });

  it('is not found after its client is removed', async () => {
    const { client_id } = await bridge.clients.add({ redirect_uris: ['https://gone.example/callback'] });
    const person = personAt(bridge);
    const { url } = await authorizationRequest(config, {
      client_id,
      redirect_uri: 'https://gone.example/callback',
    });
    const loginPage = await toLoginPage(person, url);
    await bridge.clients.remove(client_id);
    assert.equal((await person.get(loginPage)).status, 404);
  });
});

interface PlayedInteraction {
  readonly uid: string;
  readonly client: unknown;
  readonly expectedPerson?: string;
  readonly decided: boolean;
  readonly continueAt: string;
}

async function atLoginPage() {
  const person = personAt(bridge);
  const { url, checks } = await authorizationRequest(config);
  return { person, loginPage: await toLoginPage(person, url), checks };
}

/** A browser with planted cookies, on all paths. */
function browserWith(cookies: Readonly<Record<string, string>>): HttpBrowser {
  const browser = createHttpBrowser({ stopAt: (url) => url.origin !== bridge.issuer });
  for (const [name, value] of Object.entries(cookies)) {
    browser.setCookie(`${name}=${value}; path=/`, bridge.issuer);
  }
  return browser;
}

/** The cookies that a sibling host can set: over https all except that of the binding. */
function withoutBinding(cookies: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(cookies).filter(([name]) => !name.startsWith('sild_begun_')));
}

function bindingCookieOf(loginPage: URL): string {
  return `sild_begun_${loginPage.pathname.split('/')[2] ?? ''}`;
}

async function interactionAt(person: HttpBrowser, loginPage: URL): Promise<PlayedInteraction> {
  return JSON.parse((await person.get(loginPage)).text) as PlayedInteraction;
}

/** Completes a login page without following the redirect. */
async function completeWithoutFollowing(person: HttpBrowser, loginPage: URL): Promise<URL> {
  const response = await fetch(loginPage, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      cookie: Object.entries(person.cookiesFor(loginPage))
        .map(([name, value]) => `${name}=${value}`)
        .join('; '),
    },
    body: new URLSearchParams({ result: JSON.stringify(aLogin()) }),
  });
  return new URL(response.headers.get('location') ?? '');
}

function meetingOfTwo() {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  let there = 0;
  return {
    arrive(): Promise<undefined> {
      there += 1;
      if (there === 2) resolve(undefined);
      return promise;
    },
  };
}
