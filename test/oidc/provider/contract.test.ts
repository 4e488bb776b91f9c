/**
 * Contracts with oidc-provider's internals, one for each place where Sild overrides or completes them. The types do not
 * cover these internals, so an update could change logins, logouts or the audit without an error. Each message names the
 * file to review.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { decodeJwt } from 'jose';
import Provider, { type Adapter, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { askingAbout } from '../../../src/oidc/logout/logout-choice.ts';
import { TOKEN_EVENTS } from '../../../src/oidc/provider/audit-trail.ts';
import { REFUSALS } from '../../../src/oidc/provider/errors.ts';
import { hiddenFormIn } from '../../../src/oidc/provider/self-submitting-forms.ts';

const LOGOUT = 'review src/oidc/logout/logout-choice.ts';
const OPENID = 'review src/web/middleware/openid.ts';
const ADDRESS = 'review src/oidc/logout/unregistered-address.ts';
const HASH = 'review src/oidc/provider/access-token-hash.ts';
const CLAIMS = 'review src/oidc/claims-profiles/unfiltered-claims.ts';
const FORMS = 'review src/oidc/provider/self-submitting-forms.ts';
const ERRORS = 'review src/oidc/provider/errors.ts';
const AUDIT = 'review src/oidc/provider/audit-trail.ts';

/** What the provider passed to the overridden functions. */
const seen: { forms: string[]; contexts: KoaContextWithOIDC[] } = { forms: [], contexts: [] };
/** The person of the session that the overridden `Session.get` returns; undefined: no person is logged in. */
let person: string | undefined;

const configuration: Configuration = {
  clients: [{ client_id: 'client', client_secret: 'secret', redirect_uris: ['http://localhost:9/callback'] }],
  features: {
    devInteractions: { enabled: false },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        seen.forms.push(form);
        ctx.body = 'asked';
      },
    },
  },
};

let provider: Provider;
let issuer: string;
const server = createServer();

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  provider = new Provider(issuer, configuration);
  const original = provider.Session.get.bind(provider.Session);
  provider.Session.get = async (ctx: KoaContextWithOIDC) => {
    seen.contexts.push(ctx);
    const session = await original(ctx);
    if (person !== undefined) session.accountId = person;
    return session;
  };
  const handle = provider.callback();
  server.on('request', (req, res) => void handle(req, res));
});
beforeEach(() => {
  seen.forms = [];
  seen.contexts = [];
  person = undefined;
});
after(() => server.close());

describe('Session.get of oidc-provider, which src/oidc/logout/logout-choice.ts overrides', () => {
  it('is called once for a logout, with the route and the query', async () => {
    await fetch(`${issuer}/session/end?client_id=client`);
    assert.equal(seen.contexts.length, 1, `a logout does not call the static Session.get once: ${LOGOUT}`);
    const [ctx] = seen.contexts;
    assert.equal(ctx?.oidc.route, 'end_session', `the route of a logout has another name: ${LOGOUT}`);
    assert.equal(ctx.query.client_id, 'client', `the context lacks the query of a logout: ${LOGOUT}`);
  });

  it('is called once for the confirmation of a logout, with a route of its own and the query', async () => {
    await fetch(`${issuer}/session/end/confirm?login=a-login`, {
      method: 'POST',
      body: new URLSearchParams({ logout: 'yes' }),
    });
    assert.equal(
      seen.contexts.length,
      1,
      `a confirmation does not call the static Session.get once: ${LOGOUT}`,
    );
    const [ctx] = seen.contexts;
    assert.equal(
      ctx?.oidc.route,
      'end_session_confirm',
      `the route of a confirmation has another name: ${LOGOUT}`,
    );
    assert.equal(ctx.query.login, 'a-login', `the context lacks the query of a confirmation: ${LOGOUT}`);
  });

  it('returns the session that the logout ends: it asks for a session with a person, and only then', async () => {
    await fetch(`${issuer}/session/end`);
    assert.equal(seen.forms.length, 0, `a logout asks although nobody is logged in: ${LOGOUT}`);
    person = 'somebody';
    await fetch(`${issuer}/session/end`);
    assert.equal(seen.forms.length, 1, `a logout ignores the session that Session.get returned: ${LOGOUT}`);
  });

  it('records its session in the context, as the override does with oidc.entity', async () => {
    await fetch(`${issuer}/session/end`);
    const [ctx] = seen.contexts;
    assert.ok(ctx);
    assert.ok(
      ctx.oidc.entities.Session instanceof provider.Session,
      `Session.get does not record its session as the entity Session: ${LOGOUT}`,
    );
    const other = new provider.Session();
    ctx.oidc.entity('Session', other);
    assert.equal(ctx.oidc.entities.Session, other, `oidc.entity does not replace the entity: ${LOGOUT}`);
  });
});

describe('the class Session of oidc-provider, which src/oidc/logout/logout-choice.ts uses', () => {
  it('makes a session with a uid, and with a jti by which find returns it', async () => {
    const { Session } = provider;
    const session = new Session();
    assert.equal(typeof session.uid, 'string', `a new session has no uid: ${LOGOUT}`);
    assert.equal(typeof session.jti, 'string', `a new session has no jti: ${LOGOUT}`);
    await session.save(60);
    const found = await Session.find(session.jti);
    assert.equal(found?.uid, session.uid, `Session.find does not find a session by its jti: ${LOGOUT}`);
    assert.equal(
      await Session.find('unknown'),
      undefined,
      `Session.find does not return undefined for an unknown jti: ${LOGOUT}`,
    );
  });
});

describe('the logout form of oidc-provider, which src/oidc/logout/logout-choice.ts completes', () => {
  it('has one action without a query, and nothing besides the token against forgery', async () => {
    person = 'somebody';
    await fetch(`${issuer}/session/end`);
    const [form = ''] = seen.forms;
    assert.match(
      form,
      /^<form id="op\.logoutForm" method="post" action="[^"?]+"><input type="hidden" name="xsrf" value="\w+"\/><\/form>$/,
      `the logout form has another shape: ${LOGOUT}, and what renders the form`,
    );
    const ctx = { oidc: { session: { uid: 'a-login' } } } as unknown as KoaContextWithOIDC;
    assert.equal(
      askingAbout(ctx, form),
      form.replace(/ action="([^"]+)"/, ' action="$1?login=a-login"'),
      `askingAbout does not bind the logout form to its login: ${LOGOUT}`,
    );
  });
});

describe('the page of oidc-provider that submits a form, which src/oidc/provider/self-submitting-forms.ts replaces', () => {
  it('is known by its title, and has one form with an action and hidden fields', async () => {
    const html = await (await fetch(`${issuer}/session/end`)).text();
    assert.ok(html.includes('<title>Submitting Callback</title>'), `the page has another title: ${FORMS}`);
    const { action, fields } = hiddenFormIn(html);
    assert.equal(action, `${issuer}/session/end/confirm`, `the form has another shape: ${FORMS}`);
    assert.deepEqual(
      fields.map(({ name, value }) => [name, name === 'xsrf' ? value.length : value]),
      [
        ['xsrf', 48],
        ['logout', 'yes'],
      ],
      `the fields have another shape: ${FORMS}`,
    );
  });
});

describe('the prototypes of oidc-provider that Sild changes', () => {
  it('decide about the address after a logout', async (test) => {
    const asked: string[] = [];
    const deciding = new Provider(issuer, configuration);
    deciding.Client.prototype.postLogoutRedirectUriAllowed = (address) => {
      asked.push(address);
      return true;
    };
    const base = await listening(test, deciding.callback());
    await fetch(`${base}/session/end?client_id=client&post_logout_redirect_uri=https%3A%2F%2Fa.example`);
    assert.deepEqual(asked, ['https://a.example'], `a logout does not ask the client: ${ADDRESS}`);
  });

  it('filter the claims of an account in one method', async () => {
    const filtering = new Provider(issuer, configuration);
    const { Claims } = filtering as unknown as {
      readonly Claims: { readonly prototype: { available: object; result: () => Promise<object> } };
    };
    Claims.prototype.result = function () {
      return Promise.resolve(this.available);
    };
    const client = await filtering.Client.find('client');
    assert.ok(client);
    const token = new filtering.IdToken({ sub: 'x', unknown: 'claim' }, { client });
    const issued = await token.issue({ use: 'idtoken' });
    assert.equal(decodeJwt(issued).unknown, 'claim', `claims are filtered elsewhere: ${CLAIMS}`);
  });

  it('replace the access token in at_hash by its hash', async () => {
    const client = await provider.Client.find('client');
    assert.ok(client);
    const token = new provider.IdToken({ sub: 'x' }, { client });
    token.set('at_hash', 'token');
    const issued = await token.issue({ use: 'idtoken' });
    const hash = createHash('sha256').update('token').digest().subarray(0, 16).toString('base64url');
    assert.equal(decodeJwt(issued).at_hash, hash, `an ID token does not hash its at_hash: ${HASH}`);
  });
});

/** The state of a response at each call of `res.end`. */
interface Ending {
  readonly headersSent: boolean;
  readonly status: number;
  readonly type: unknown;
}

describe('res.end, which src/web/middleware/openid.ts replaces', () => {
  it('is called once for a path without a route, with a plain 404 and the headers not yet sent', async (test) => {
    assert.deepEqual(
      await endingsOf(test, provider, '/unknown'),
      [{ headersSent: false, status: 404, type: 'text/plain; charset=utf-8' }],
      `a path without a route is not answered by Koa’s plain 404: ${OPENID}`,
    );
  });

  it('is called once for an error page, as HTML and with the headers not yet sent', async (test) => {
    assert.deepEqual(
      await endingsOf(test, provider, '/auth?client_id=nobody'),
      [{ headersSent: false, status: 400, type: 'text/html; charset=utf-8' }],
      `an error page is not sent by one call of res.end: ${OPENID}`,
    );
  });

  it('is called once for an error outside of the handlers, with a plain 500 and the headers not yet sent', async (test) => {
    const failing = new Provider(issuer, configuration);
    const errors: unknown[] = [];
    failing.on('error' as 'server_error', (error: unknown) => errors.push(error));
    failing.use(() => Promise.reject(new Error('a defect')));
    assert.deepEqual(
      await endingsOf(test, failing, '/auth'),
      [{ headersSent: false, status: 500, type: 'text/plain; charset=utf-8' }],
      `an error outside of the handlers is not answered by Koa’s plain 500: ${OPENID}`,
    );
    assert.equal(errors.length, 1, `Koa does not emit the event error: ${ERRORS}`);
  });
});

describe('the events of oidc-provider', () => {
  it('report a refused authorization request with the context and an OAuth error', async () => {
    const events: [KoaContextWithOIDC, Error & { error: string }][] = [];
    provider.on('authorization.error', (ctx, error) => {
      events.push([ctx, error]);
    });
    await fetch(`${issuer}/auth?client_id=nobody`);
    assert.equal(events.length, 1, `a refused request does not emit authorization.error once: ${ERRORS}`);
    assert.equal(events[0]?.[1].error, 'invalid_client', `the error lacks its OAuth code: ${ERRORS}`);
    assert.equal(events[0][0].oidc.route, 'authorization', `the context lacks its route: ${ERRORS}`);
  });

  // Most of them need a whole flow, which other tests have. Here a renamed event must not go unnoticed.
  for (const [events, review] of [
    [REFUSALS, ERRORS],
    [TOKEN_EVENTS, AUDIT],
  ] as const) {
    for (const event of events) {
      it(`include ${event}`, () => {
        assert.ok(LIBRARY.includes(`'${event}'`), `oidc-provider does not emit ${event}: ${review}`);
      });
    }
  }

  for (const [path, init, route] of [
    ['/auth?client_id=unknown', {}, 'authorization'],
    [
      '/token',
      {
        method: 'POST',
        body: new URLSearchParams({ client_id: 'unknown', grant_type: 'authorization_code' }),
      },
      'token',
    ],
  ] as const) {
    it(`report a failure at ${route} as server_error, after the response has its body`, async (test) => {
      const failing = new Provider(issuer, {
        ...configuration,
        adapter: () => ({ ...NO_STORE, find: () => Promise.reject(new Error('the database is away')) }),
      });
      const events: { route: string; body: unknown }[] = [];
      failing.on('server_error', (ctx) => events.push({ route: ctx.oidc.route, body: ctx.body }));
      const base = await listening(test, failing.callback());
      const response = await fetch(`${base}${path}`, { ...init, headers: { accept: 'application/json' } });
      assert.equal(response.status, 500);
      assert.deepEqual(
        events.map((event) => event.route),
        [route],
        `a failure at ${route} does not emit server_error once: ${ERRORS}`,
      );
      if (route !== 'token') return;
      assert.equal(
        (events[0]?.body as { error?: unknown } | undefined)?.error,
        'server_error',
        `server_error is emitted before the response has its body: ${ERRORS}`,
      );
    });
  }
});

const LIBRARY = sourcesBelow(fileURLToPath(new URL('.', import.meta.resolve('oidc-provider'))));

function sourcesBelow(directory: string): string {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .map((file) => readFileSync(join(directory, file), 'utf8'))
    .join('\n');
}

/** Requests a page as a browser does, and returns what each call of `res.end` found. */
async function endingsOf(test: TestContext, of: Provider, path: string): Promise<readonly Ending[]> {
  const endings: Ending[] = [];
  const handle = of.callback();
  const listener: RequestListener = (req, res) => {
    const end = res.end.bind(res) as (...parts: unknown[]) => typeof res;
    res.end = ((...parts: unknown[]) => {
      const { headersSent, statusCode: status } = res;
      endings.push({ headersSent, status, type: res.getHeader('content-type') });
      return end(...parts);
    }) as typeof res.end;
    void handle(req, res);
  };
  const base = await listening(test, listener);
  await (await fetch(`${base}${path}`, { headers: { accept: 'text/html' } })).text();
  return endings;
}

/** Serves requests on loopback until the test ends. */
async function listening(test: TestContext, listener: (...of: Parameters<RequestListener>) => unknown) {
  const serving = createServer((req, res) => void listener(req, res));
  await new Promise<void>((resolve) => serving.listen(0, 'localhost', resolve));
  test.after(() => serving.close());
  return `http://localhost:${(serving.address() as AddressInfo).port}`;
}

const nothing = () => Promise.resolve(undefined);
const NO_STORE: Adapter = {
  upsert: nothing,
  find: nothing,
  findByUid: nothing,
  findByUserCode: nothing,
  consume: nothing,
  destroy: nothing,
  revokeByGrantId: nothing,
};
