/**
 * What Sild relies on inside oidc-provider, at each place where it overrides or completes the library. An update that breaks
 * one of these would change logins or logouts silently; here it fails with the place to look at.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import Provider, { type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { askingAbout } from '../../../src/oidc/logout/logout-choice.ts';

const seen: { forms: string[]; sessions: KoaContextWithOIDC[]; person: string | undefined } = {
  forms: [],
  sessions: [],
  person: undefined,
};

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
    seen.sessions.push(ctx);
    const session = await original(ctx);
    if (seen.person !== undefined) session.accountId = seen.person;
    return session;
  };
  const handle = provider.callback();
  server.on('request', (req, res) => void handle(req, res));
});
after(() => server.close());

describe('oidc-provider, as src/oidc/logout/logout-choice.ts relies on it', () => {
  it('asks Session.get for the session of a logout, with the route and the query', async () => {
    seen.sessions = [];
    await fetch(`${issuer}/session/end?client_id=client`);
    const [ctx] = seen.sessions;
    assert.ok(ctx, 'oidc-provider no longer calls the static Session.get');
    assert.equal(ctx.oidc.route, 'end_session');
    assert.equal(ctx.query.client_id, 'client');
  });

  it('asks Session.get for the session of the confirmation, under its own route', async () => {
    seen.sessions = [];
    await fetch(`${issuer}/session/end/confirm`, {
      method: 'POST',
      body: new URLSearchParams({ logout: 'yes' }),
    });
    assert.equal(seen.sessions[0]?.oidc.route, 'end_session_confirm');
  });

  it('finds a session by its id, makes a new one without arguments, and both have a uid', async () => {
    const { Session } = provider;
    assert.equal(typeof Session.find, 'function');
    const session = new Session();
    assert.equal(typeof session.uid, 'string');
    assert.equal(typeof session.jti, 'string');
    assert.equal(await Session.find('unknown'), undefined);
  });

  it('gives the page a form with one action, which takes the login that it is about', async () => {
    seen.forms = [];
    seen.person = 'somebody';
    await fetch(`${issuer}/session/end`);
    seen.person = undefined;
    const [form = ''] = seen.forms;
    assert.match(
      form,
      /^<form id="op\.logoutForm" method="post" action="[^"?]+"><input type="hidden" name="xsrf" value="\w+"\/><\/form>$/,
    );
    const ctx = { oidc: { session: { uid: 'a-login' } } } as unknown as KoaContextWithOIDC;
    assert.match(askingAbout(ctx, form), / action="[^"?]+\?login=a-login">/);
  });
});

describe('oidc-provider, as src/web/middleware/openid.ts relies on it', () => {
  it('answers what it has no route for with a bare text, by one call of res.end', async () => {
    const response = await fetch(`${issuer}/unknown`);
    assert.equal(response.status, 404);
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain/);
  });

  it('ends each answer by res.end, so that it can be replaced before its headers are out', async () => {
    const ended: boolean[] = [];
    const handle = provider.callback();
    const other = createServer((req, res) => {
      const end = res.end.bind(res) as (...parts: unknown[]) => typeof res;
      res.end = ((...parts: unknown[]) => {
        ended.push(res.headersSent);
        return end(...parts);
      }) as typeof res.end;
      void handle(req, res);
    });
    await new Promise<void>((resolve) => other.listen(0, 'localhost', resolve));
    try {
      const { port } = other.address() as AddressInfo;
      await fetch(`http://localhost:${port}/unknown`);
      await fetch(`http://localhost:${port}/auth?client_id=nobody`);
      assert.deepEqual(ended, [false, false]);
    } finally {
      other.close();
    }
  });
});

describe('oidc-provider, as the audit and the error pages rely on it', () => {
  it('emits an event for a refused authorization request, with the context and an OAuth error', async () => {
    const events: [KoaContextWithOIDC, Error & { error: string }][] = [];
    provider.on('authorization.error', (ctx, error) => {
      events.push([ctx, error]);
    });
    await fetch(`${issuer}/auth?client_id=nobody`);
    assert.equal(events[0]?.[1].error, 'invalid_client');
    assert.equal(events[0][0].oidc.route, 'authorization');
  });
});
