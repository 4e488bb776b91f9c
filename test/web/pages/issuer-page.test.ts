import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { headingOf, startWeb, textOf, type WebOptions } from '../web-under-test.ts';

const STAND_INS = {
  simulatorPhoneUrl: 'http://localhost:1/',
  sampleAppUrl: 'http://localhost:2/',
  playgroundUrl: 'http://localhost:2/playground',
};

async function opened(options: WebOptions, method = 'GET', headers: Record<string, string> = {}) {
  const web = await startWeb(options);
  try {
    const answer = await web.get('/', headers, method);
    return { answer, html: await answer.text(), issuer: web.issuer, lines: web.lines };
  } finally {
    await web.close();
  }
}

describe('the page of the issuer', () => {
  it('says what this is, with environment and discovery, and where the guides are', async () => {
    const { answer, html, issuer } = await opened({ environment: 'live' });
    assert.equal(answer.status, 200);
    assert.equal(headingOf(html), 'OpenID Connect provider for Smart-ID');
    const text = textOf(html);
    for (const said of [issuer, 'live service', 'docs/guides/README.md', 'PKCE'])
      assert.ok(text.includes(said), said);
    assert.ok(html.includes(`href="${issuer}/.well-known/openid-configuration"`));
  });

  it('links sample app, playground and phone in simulator mode', async () => {
    const { html } = await opened({ environment: 'simulator', ...STAND_INS });
    for (const href of Object.values(STAND_INS)) assert.ok(html.includes(`href="${href}"`), href);
  });

  for (const environment of ['demo', 'live'] as const) {
    it(`links no other site with ${environment}`, async () => {
      const { html, issuer } = await opened({ environment });
      const links = [...html.matchAll(/<a [^>]*href="([^"]+)"/g)].map(([, href]) => href);
      assert.deepEqual(links, [`${issuer}/.well-known/openid-configuration`]);
    });
  }

  it('is in English, also if the browser prefers another language', async () => {
    const { answer, html } = await opened({}, 'GET', { 'accept-language': 'et' });
    assert.equal(answer.headers.get('content-language'), 'en');
    assert.match(html, /<html lang="en">/);
    assert.ok(!html.includes('class="languages"'));
  });

  it('accepts GET and HEAD only', async () => {
    const { answer } = await opened({}, 'DELETE');
    assert.equal(answer.status, 405);
    assert.equal(answer.headers.get('allow'), 'HEAD, GET');
    assert.equal((await opened({}, 'HEAD')).answer.status, 200);
  });
});
