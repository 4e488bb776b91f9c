import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { WebAppOptions } from '../../../src/web/app.ts';
import { en } from '../../../src/web/messages/en.ts';
import { OWN_CLIENT_ID } from '../../../src/oidc/own-client.ts';
import type { RecordWrite } from '../../../src/oidc/stores.ts';
import { aLogin } from '../../support/oidc-bridge.ts';
import {
  AWAY,
  headingOf,
  NEW_TOKEN,
  PERSONAL_CODE,
  SECRET_KEY,
  startWeb,
  textOf,
  TOKEN,
  type WebUnderTest,
} from '../web-under-test.ts';
import { shownHistory } from './shown-history.ts';

const PERSON = `PNOEE-${PERSONAL_CODE}`;
const OTHER = 'PNOEE-50001029996';
const MINUTES = 60_000;

let web: WebUnderTest | undefined;
afterEach(() => web?.close());

/** A browser that a person has logged in to their history, and the records that its server keeps. */
async function startVisit(events: Parameters<typeof shownHistory>[2] = []) {
  const shown = shownHistory(PERSON, SECRET_KEY, events);
  const removed: string[] = [];
  let lists = 0;
  const of = (model: string) =>
    [PERSON, OTHER].map((accountId) => ({ id: `${model} of ${accountId}`, payload: { accountId } }));
  const records = {
    ...shown.history.records,
    list: (model: string) => Promise.resolve(((lists += 1), of(model))),
    remove: (model: string, id: string) => {
      removed.push(id);
      return shown.history.records.remove(model, id);
    },
    removeGrant: async (id: string) => void removed.push(id),
  };
  web = await startWeb({ history: { ...shown.history, records } });
  await shown.begin(web.clock.ms);
  return { ...shown, web, removed, lists: () => lists };
}

type HistoryRecords = NonNullable<WebAppOptions['history']>['records'];

/** A login to the history that comes back with a code, at a database that fails at some of its calls. */
async function startCallback(failing: ('find' | 'write' | 'removeGrant')[]) {
  const { history } = shownHistory(PERSON, SECRET_KEY, []);
  const written: RecordWrite[] = [];
  const codes: Record<string, unknown>[] = [];
  const unlessAway = async (call: (typeof failing)[number]) => {
    if (failing[0] === call) throw (failing.shift(), AWAY);
  };
  const records: HistoryRecords = {
    ...history.records,
    find: async (model, id) => {
      await unlessAway('find');
      const [payload] = model === 'AuthorizationCode' ? codes : [];
      return payload ? { payload } : written.find((record) => record.id === id);
    },
    write: async ({ put = [] }) => {
      const isFirst = written.length === 0;
      if (isFirst) written.push(...put);
      // The database has stored it, and could not say so.
      await unlessAway('write');
      return isFirst;
    },
    removeGrant: () => unlessAway('removeGrant'),
  };
  const login = aLogin();
  web = await startWeb({ history: { ...history, records, loginResults: { find: async () => login } } });
  const begun = await web.post('/me/login', {}, { 'user-agent': 'a browser' });
  const request = new URL(begun.headers.get('location') ?? '').searchParams;
  codes.push({
    clientId: OWN_CLIENT_ID,
    redirectUri: request.get('redirect_uri'),
    codeChallenge: request.get('code_challenge'),
    codeChallengeMethod: 'S256',
    grantId: 'the grant',
  });
  const cookie = begun.headers.get('set-cookie')?.split(';')[0] ?? '';
  const answer = { code: 'the-code', state: request.get('state') ?? '' };
  const comeBack = (changes: Record<string, string> = {}) => {
    const query = new URLSearchParams({ ...answer, ...changes });
    return served(`/me/callback?${query.toString()}`, { cookie, 'user-agent': 'a browser' });
  };
  return { written, codes, comeBack };
}

async function served(address: string, headers: Record<string, string>) {
  const answer = await web?.get(address, headers);
  assert.ok(answer);
  const cookies = answer.headers.getSetCookie().map((each) => each.split('=')[0]);
  return { status: answer.status, location: answer.headers.get('location'), cookies };
}

describe('a login to the history', () => {
  const loggedIn = { status: 303, location: '/me', cookies: ['sild_history', 'sild_history_login'] };

  it('comes back by itself where the database is away, with its request', async () => {
    const { comeBack } = await startCallback(['find']);
    const { status, cookies } = await comeBack();
    assert.deepEqual([status, cookies], [503, []]);
    assert.deepEqual(await comeBack(), loggedIn);
  });

  for (const call of ['write', 'removeGrant'] as const) {
    it(`is not lost where the database cannot confirm: ${call}`, async () => {
      const { comeBack, written } = await startCallback([call]);
      assert.deepEqual(await comeBack(), loggedIn);
      assert.equal(written.length, 1);
    });
  }

  it('fails with a code that is not of this request', async () => {
    for (const change of [
      { clientId: 'another' },
      { redirectUri: 'another' },
      { codeChallenge: 'another' },
    ]) {
      const { comeBack, codes } = await startCallback([]);
      Object.assign(codes[0] ?? {}, change);
      assert.equal((await comeBack()).location, '/me?login=failed');
      codes.length = 0;
      assert.equal((await comeBack()).location, '/me?login=failed');
      await web?.close();
    }
  });

  it('is only the answer of this server to the request of this browser', async () => {
    const { comeBack } = await startCallback([]);
    for (const change of [
      { state: 'another' },
      { iss: 'https://another.example' },
      { code: 'x'.repeat(201) },
      {},
    ]) {
      const { location } = await comeBack({ iss: web?.issuer ?? '', ...change });
      assert.equal(location, Object.keys(change).length === 0 ? '/me' : '/me?login=failed');
    }
  });

  it('begins one visit for a code', async () => {
    const { comeBack } = await startCallback([]);
    assert.deepEqual(await comeBack(), loggedIn);
    assert.equal((await comeBack()).location, '/me?login=failed');
  });
});

describe('looking at the history', () => {
  it('is limited for a person, since each look is an event, and possible later', async () => {
    const { web: served, headers, begin } = await startVisit();
    const shown = () => served.audited.filter(({ event }) => event === 'history_shown').length;
    for (let times = 1; times <= 10; times += 1) {
      for (const path of ['/me', '/me/print', '/me/history.json'])
        assert.equal((await served.get(path, headers)).status, 200);
    }
    for (const path of ['/me', '/me/print', '/me/history.json']) {
      const refused = await served.get(path, headers);
      assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '2']);
      assert.ok(textOf(await refused.text()).includes(en.history.tooOften));
    }
    assert.equal((await served.post('/me/forget', { browser: 'one of them' }, headers)).status, 429);
    assert.equal(shown(), 30);
    served.clock.ms += 2_000;
    assert.equal((await served.get('/me', headers)).status, 200);
    assert.equal(shown(), 31);
    await begin(served.clock.ms, OTHER);
    assert.equal((await served.get('/me', headers)).status, 200, 'another person');
  });
});

describe('the history of a person', () => {
  it('names the person by the end of the code alone, and each view is an event of the person', async () => {
    const { web: served, headers } = await startVisit();
    for (const path of ['/me', '/me/print', '/me/history.json']) {
      served.audited.length = 0;
      const answer = await served.get(path, headers);
      assert.equal(answer.status, 200);
      const text = await answer.text();
      if (path !== '/me/history.json') {
        assert.match(text, /class="prose">[^<]*\b0001\b/);
        assert.ok(textOf(text).includes(en.history.lead(PERSON.slice(-4))));
      }
      assert.ok(!text.includes(PERSONAL_CODE.slice(-5)) && !text.includes('PNO'), path);
      assert.deepEqual(served.audited, [
        { event: 'history_shown', person: PERSON, client: OWN_CLIENT_ID, address: served.from },
      ]);
    }
  });

  it('has 100 logins on a page and all of them to print and in the file, also of a client that is gone', async () => {
    const ended = (count: number) =>
      Array.from({ length: count }, (_, index) => ({
        event: 'login_finished',
        data: { attempt: `attempt ${index}`, client: index === 0 ? 'gone' : 'portal', flow: 'qr' },
      }));
    const shownAt = async (served: WebUnderTest, path: string, headers: Record<string, string>) => {
      const html = await (await served.get(path, headers)).text();
      const services = [...html.matchAll(/<h2>([^<]*)<\/h2>\s*<p class="outcome/g)].map(([, name]) => name);
      return { services, links: [...html.matchAll(/href="(\/me\?page=\d+)"/g)].map(([, href]) => href) };
    };
    const exact = await startVisit(ended(100));
    const whole = await shownAt(exact.web, '/me', exact.headers);
    assert.deepEqual([whole.services.length, whole.links], [100, []]);
    await exact.web.close();

    const { web: served, headers } = await startVisit(ended(101));
    const [first, second, printed] = [
      await shownAt(served, '/me', headers),
      await shownAt(served, '/me?page=2', headers),
      await shownAt(served, '/me/print', headers),
    ];
    assert.deepEqual([first.services.length, first.links], [100, ['/me?page=2']]);
    assert.deepEqual([second.services, second.links], [['gone'], []]);
    assert.deepEqual([printed.services.length, printed.links], [101, []]);
    const file = (await (await served.get('/me/history.json', headers)).json()) as Record<string, unknown>;
    const { logins, ...rest } = file as { readonly logins: readonly { readonly service: string }[] };
    assert.deepEqual(rest, { kept_days: 400, total: 101 });
    const services = logins.map(({ service }) => service);
    assert.deepEqual([services.length, services[0], services.at(-1)], [101, 'City Portal', 'gone']);
  });

  it('answers each address by its method alone', async () => {
    const { web: served, headers, removed } = await startVisit();
    for (const path of ['/me/login', '/me/forget', '/me/logout']) {
      for (const method of ['GET', 'HEAD']) {
        const answer = await served.get(path, headers, method);
        assert.deepEqual([answer.status, answer.headers.get('location')], [303, '/me'], `${method} ${path}`);
      }
    }
    for (const path of ['/me/print', '/me/history.json', '/me/callback']) {
      assert.equal((await served.get(path, headers, 'HEAD')).status, path === '/me/callback' ? 303 : 200);
      const answer = await served.post(path, {}, headers);
      assert.deepEqual([answer.status, answer.headers.get('allow')], [405, 'HEAD, GET'], path);
    }
    for (const path of ['/me/other', '/us/print', '/me/print/'])
      assert.equal((await served.get(path, headers)).status, 404, path);
    assert.deepEqual(removed, []);
  });

  it('says which of the browsers is this one, if any', async () => {
    const { web: served, headers } = await startVisit();
    for (const token of [TOKEN, NEW_TOKEN])
      await served.knownBrowsers.remember(token, PERSON, 'a document', served.clock.ms + MINUTES);
    for (const [cookie, marked] of [
      [`sild_browser=${TOKEN}`, [TOKEN]],
      [`sild_browser=${NEW_TOKEN}`, [NEW_TOKEN]],
      [`sild_browser=${'o'.repeat(43)}`, []],
      ['', []],
    ] as const) {
      const page = await served.get('/me', { ...headers, cookie: `${headers.cookie}; ${cookie}` });
      const items = (await page.text()).split('<li>').filter((item) => /value="[\w-]{43}"/.test(item));
      assert.equal(items.length, 2);
      const shown = items.filter((item) => item.includes(en.history.thisBrowser));
      assert.deepEqual(
        shown.map((item) => /value="(?<id>[\w-]{43})"/.exec(item)?.groups?.id),
        marked,
      );
    }
  });
});

describe('the browsers at /me', () => {
  const FORGET =
    /<form method="post" action="\/me\/forget"><input[^>]* value="([^"]*)"><button[^>]*>([^<]*)</g;
  const buttonsOf = async (path: string, headers: Record<string, string>) =>
    [...((await (await web?.get(path, headers))?.text()) ?? '').matchAll(FORGET)].map(
      ([, ...button]) => button,
    );

  it('can be forgotten one by one, and all logins can be ended, also where no browser is known', async () => {
    const { web: served, headers } = await startVisit();
    const all = ['all', en.history.endAll];
    assert.deepEqual(await buttonsOf('/me', headers), [all]);
    for (const token of [TOKEN, 'x'.repeat(TOKEN.length)])
      await served.knownBrowsers.remember(token, PERSON, `${PERSON}-MOCK-Q`, 60_000);
    const inOne = { ...headers, cookie: `${headers.cookie}; sild_browser=${TOKEN}` };
    const [first, ...others] = await buttonsOf('/me', inOne);
    assert.deepEqual(first, all);
    assert.deepEqual(
      others.map(([, text]) => text).sort(),
      [en.browser.forget, en.history.forgetBrowser].sort(),
    );
    assert.deepEqual(await buttonsOf('/me/print', inOne), []);
  });
});

describe('forgetting all browsers at /me', () => {
  it('ends the logins of the person and of no other, says so, and is an event', async () => {
    const { web: served, headers, removed } = await startVisit();
    const answer = await served.post('/me/forget', { browser: 'all' }, headers);
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, '/me?forgotten=all#browsers']);
    assert.deepEqual(removed, [`Grant of ${PERSON}`, `Session of ${PERSON}`, `HistoryVisit of ${PERSON}`]);
    const page = await (await served.get('/me?forgotten=all', headers)).text();
    assert.ok(textOf(page).includes(en.history.forgotten.all));
    assert.deepEqual(
      served.audited.filter(({ event }) => event === 'browsers_forgotten'),
      [{ event: 'browsers_forgotten', person: PERSON, browsers: 0, logins: 1 }],
    );
  });

  it('is limited for a person, since it reads every grant, session and visit, and possible later', async () => {
    const { web: served, headers, begin, lists } = await startVisit();
    const forget = (browser: string) => served.post('/me/forget', { browser }, headers);
    for (let time = 1; time <= 5; time += 1) assert.equal((await forget('all')).status, 303);
    const refused = await forget('all');
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get('retry-after'), '120');
    const page = await refused.text();
    assert.equal(headingOf(page), en.errors[429].heading);
    assert.ok(textOf(page).includes(en.history.tooOften));
    assert.match(page, /data-href="\/me"|href="\/me"/);
    assert.equal(lists(), 5 * 3);
    assert.equal((await forget('one of them')).status, 303);
    await begin(served.clock.ms, OTHER);
    assert.equal((await forget('all')).status, 303, 'another person');
    served.clock.ms += 2 * MINUTES;
    await begin(served.clock.ms);
    assert.equal((await forget('all')).status, 303);
  });

  it('does nothing after the visit', async () => {
    const { web: served, headers, lists } = await startVisit();
    served.clock.ms += 15 * MINUTES;
    for (const browser of ['all', 'one']) {
      const answer = await served.post('/me/forget', { browser }, headers);
      assert.deepEqual([answer.status, answer.headers.get('location')], [303, '/me']);
    }
    assert.equal(lists(), 0);
    const start = await (await served.get('/me', headers)).text();
    assert.ok(textOf(start).includes(en.history.start));
  });
});
