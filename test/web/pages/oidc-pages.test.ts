import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type Koa from 'koa';
import { createSecrets } from '../../../src/secrets/secrets.ts';
import { en } from '../../../src/web/messages/en.ts';
import { loadPages } from '../../../src/web/pages/load-pages.ts';
import {
  headingOf,
  providerOf,
  startWeb,
  textOf,
  type WebOptions,
  type WebUnderTest,
} from '../web-under-test.ts';

let web: WebUnderTest;
const start = async (options?: WebOptions) => (web = await startWeb(options));
afterEach(() => web.close());

describe('pages for oidc-provider', () => {
  const { oidc: pages } = loadPages({
    issuer: 'http://localhost:3000',
    environment: 'demo',
    defaultLanguage: 'en',
    secrets: createSecrets('of-no-other-use-than-in-these-tests'),
  });
  const draw = async (answer: Koa.Middleware) => {
    await start({ oidc: providerOf(answer) });
    return web.get('/authorize');
  };

  it('say what is wrong with an authorization request, as text', async () => {
    const answer = await draw((ctx) => {
      ctx.status = 400;
      pages.error(ctx, {
        purpose: 'login',
        code: 'invalid_client',
        description: '<b>unknown</b>',
        documentation: 'docs/clients.md#redirect-uris',
        incident: undefined,
      });
    });
    const html = await answer.text();
    assert.equal(answer.status, 400);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.equal(headingOf(html), en.openIdError.heading);
    assert.ok(textOf(html).includes('invalid_client: <b>unknown</b>') && !html.includes('<b>unknown'));
    assert.ok(html.includes('<code>docs/clients.md#redirect-uris</code>'));
  });

  it('show the incident number', async () => {
    const answer = await draw((ctx) => {
      ctx.status = 500;
      pages.error(ctx, {
        purpose: 'login',
        code: 'server_error',
        description: 'oops! something went wrong',
        incident: 'K7QF2MXD',
      });
    });
    assert.equal(answer.status, 500);
    assert.match(await answer.text(), /<code>K7QF2MXD<\/code>/);
  });

  it('ask whether to log out, with oidc-provider’s own form', async () => {
    const form =
      '<form id="op.logoutForm" method="post" action="/logout/confirm"><input type="hidden" name="xsrf" value="1"/></form>';
    const html = await (
      await draw((ctx) => {
        pages.logout(ctx, form);
      })
    ).text();
    assert.ok(html.includes(form));
    assert.match(html, /<button class="primary" form="op.logoutForm" name="logout" value="yes">/);
  });

  for (const [code, status, heading, reference] of [
    ['invalid_request', 400, en.logoutErrors.refused.heading, 'invalid_request (K7QF2MXD)'],
    ['server_error', 500, en.logoutErrors.failed.heading, 'K7QF2MXD'],
  ] as const) {
    it(`have words of their own for a logout that ends in ${code}`, async () => {
      const answer = await draw((ctx) => {
        ctx.status = status;
        pages.error(ctx, { purpose: 'logout', code, description: undefined, incident: 'K7QF2MXD' });
      });
      const html = await answer.text();
      assert.deepEqual([answer.status, headingOf(html)], [status, heading]);
      assert.ok(html.includes(`<code>${reference}</code>`));
    });
  }

  for (const [title, uri, href] of [
    ['its home page', 'https://shop.example/', 'https://shop.example/'],
    ['nothing of it where it is an app', undefined, en.smartIdHelpUrl],
  ] as const) {
    it(`say that the person is still logged in, and lead back to the service: ${title}`, async () => {
      const answer = await draw((ctx) => {
        pages.stillLoggedIn(ctx, { id: 'client', name: 'Shop', uri });
      });
      const html = await answer.text();
      assert.deepEqual([answer.status, headingOf(html)], [200, en.notices.stillLoggedIn.heading]);
      const links = [...(/<main>.*<\/main>/s.exec(html)?.[0].matchAll(/<a [^>]*href="([^"]*)"/g) ?? [])];
      assert.deepEqual(
        links.map(([, to]) => to),
        [href],
      );
    });
  }

  it('confirm the logout', async () => {
    const answer = await draw((ctx) => {
      pages.loggedOut(ctx);
    });
    assert.equal(headingOf(await answer.text()), en.notices.loggedOut.heading);
  });

  it('confirm the logout also if the client’s address is not registered, and name whom to tell', async () => {
    const client = { id: 'client', name: '<b>Shop</b>', uri: 'https://shop.example/' };
    const answer = await draw((ctx) => {
      pages.loggedOut(ctx, client);
    });
    const html = await answer.text();
    assert.deepEqual([answer.status, headingOf(html)], [200, en.notices.loggedOut.heading]);
    assert.ok(textOf(html).includes(en.unregisteredAddress.advice('<b>Shop</b>')));
    assert.ok(!html.includes('<b>Shop'));
    assert.match(html, /<code>invalid_request: post_logout_redirect_uri not registered<\/code>/);
    assert.ok(html.includes('<a class="primary" href="https://shop.example/">'));
  });
});
