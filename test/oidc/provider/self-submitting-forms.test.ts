import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as openid from 'openid-client';
import { hiddenFormIn } from '../../../src/oidc/provider/self-submitting-forms.ts';
import { createSecrets } from '../../../src/secrets/secrets.ts';
import type { Store } from '../../../src/store/store.ts';
import { CATALOGUES } from '../../../src/web/messages/languages.ts';
import { loadPages } from '../../../src/web/pages/load-pages.ts';
import { openTestStore } from '../../support/database.ts';
import {
  aClient,
  authorizationRequest,
  type Bridge,
  finishLogin,
  HOME,
  personAt,
  REDIRECT_URI,
  relyingParty,
  startBridge,
  toLoginPage,
} from '../../support/oidc-bridge.ts';
import type { HttpPage } from '../../support/servers/http-browser.ts';
import { headingOf } from '../../web/web-under-test.ts';

const STATE = '"><script>alert(1)</script>&amp;\'';
const PAGE = { environment: 'live', defaultLanguage: 'en' } as const;

let store: Store;
let bridge: Bridge;
let config: openid.Configuration;

before(async () => {
  store = await openTestStore();
  bridge = await startBridge({
    stores: store,
    pages: loadPages({ issuer: HOME, ...PAGE, secrets: createSecrets('of-no-other-use-than-in-these-tests') })
      .oidc,
    clients: [aClient({ 'client_name#lv': 'Klients', accent_color: '#0a6e5c' })],
  });
  config = await relyingParty(bridge);
});
after(async () => {
  await bridge.close();
  await store.close();
});

describe('an answer by form_post', () => {
  it('is Sild’s own page that submits it, in the language and with the colours of the client', async () => {
    const parameters = { response_mode: 'form_post', ui_locales: 'lv', state: STATE };
    const person = personAt(bridge);
    const loginPage = await toLoginPage(person, (await authorizationRequest(config, parameters)).url);
    const page = await finishLogin(person, loginPage);
    assert.equal(page.status, 200);
    assertOurs(page, 'lv', CATALOGUES.lv.continuing.heading('Klients'));
    assert.match(page.text, /<link rel="stylesheet" href="\/clients\/client\/theme/);
    const { action, fields } = formOf(page);
    assert.equal(action, REDIRECT_URI);
    assert.deepEqual(Object.keys(fields).sort(), ['code', 'iss', 'state']);
    assert.equal(fields.state, STATE);
  });

  for (const [title, parameters, error] of [
    ['before the login', { prompt: 'none' }, 'login_required'],
    ['of a wrong parameter', { prompt: 'create' }, 'invalid_request'],
  ] as const) {
    it(`is such a page too for an error ${title}`, async () => {
      const { url } = await authorizationRequest(config, {
        response_mode: 'form_post',
        ui_locales: 'fr',
        state: STATE,
        ...parameters,
      });
      const page = await personAt(bridge).get(url);
      assert.equal(page.status, 400);
      assertOurs(page, 'fr', CATALOGUES.fr.continuing.heading('A client'));
      const { action, fields } = formOf(page);
      assert.equal(action, REDIRECT_URI);
      assert.deepEqual([fields.error, fields.state, fields.iss], [error, STATE, bridge.issuer]);
    });
  }

  it('is such a page for a cancelled login', async () => {
    const person = personAt(bridge);
    const { url } = await authorizationRequest(config, { response_mode: 'form_post' });
    const page = await person.post(`${(await toLoginPage(person, url)).href}/abort`, {});
    assertOurs(page, 'en', CATALOGUES.en.continuing.heading('A client'));
    assert.equal(formOf(page).fields.error_description, 'user_cancel');
  });
});

describe('a logout without a question', () => {
  it('is Sild’s own page that submits oidc-provider’s form', async () => {
    const person = personAt(bridge);
    const { url, checks } = await authorizationRequest(config);
    const callback = await finishLogin(person, await toLoginPage(person, url));
    const { id_token: hint = '' } = await openid.authorizationCodeGrant(config, callback.url, checks);
    const page = await person.get(`${bridge.issuer}/logout?ui_locales=nl&id_token_hint=${hint}`);
    assertOurs(page, 'nl', CATALOGUES.nl.logout.ongoing);
    const { action, fields } = formOf(page);
    const end = await person.post(action, fields);
    assert.equal(headingOf(end.text), CATALOGUES.nl.notices.loggedOut.heading);
  });
});

describe('the last page of a logout', () => {
  for (const [title, parameters, said] of [
    ['', {}, ''],
    [
      ', also after an address that is not registered',
      { post_logout_redirect_uri: 'http://localhost:9/x' },
      CATALOGUES.lt.unregisteredAddress.lead('A client'),
    ],
  ] as const) {
    it(`is in the language of the question before it${title}`, async () => {
      const person = personAt(bridge);
      const { url } = await authorizationRequest(config);
      await finishLogin(person, await toLoginPage(person, url));
      const query = new URLSearchParams({ client_id: 'client', ui_locales: 'fi lt', ...parameters });
      const asked = await person.get(`${bridge.issuer}/logout?${query.toString()}`);
      assert.equal(headingOf(asked.text), CATALOGUES.lt.logout.heading);
      const { action, fields } = hiddenFormIn(asked.text);
      const values = Object.fromEntries(fields.map(({ name, value }) => [name, value]));
      const end = await person.post(action, { ...values, logout: 'yes' });
      assert.match(end.text, /<html lang="lt">/);
      assert.equal(headingOf(end.text), CATALOGUES.lt.notices.loggedOut.heading);
      assert.ok(end.text.includes(said));
    });
  }

  it('is in the language of the request where nobody is logged in, and the logout ends at once', async () => {
    const end = await personAt(bridge).get(`${bridge.issuer}/logout?ui_locales=fi%20lt`);
    assert.equal(headingOf(end.text), CATALOGUES.lt.notices.loggedOut.heading);
  });

  it('is in that language too where the confirmation is refused', async () => {
    const end = await personAt(bridge).post(`${bridge.issuer}/logout/confirm?ui_locales=lt`, { xsrf: 'x' });
    assert.equal(headingOf(end.text), CATALOGUES.lt.logoutErrors.refused.heading);
  });
});

/** Checks that it is Sild's own page: in the language, with our style sheet, our script and a button. */
function assertOurs({ text }: HttpPage, language: keyof typeof CATALOGUES, heading: string): void {
  assert.equal(headingOf(text), heading);
  assert.match(text, new RegExp(`<html lang="${language}">`));
  assert.match(text, /<link rel="stylesheet" href="\/assets\/login\.[\w-]+\.css">/);
  assert.deepEqual(text.match(/<script[^>]*>/g)?.length, 1);
  assert.match(text, /<script type="module" src="\/assets\/login\.[\w-]+\.js"><\/script>/);
  assert.ok(text.includes(`<button class="primary">${CATALOGUES[language].continuing.link}</button>`));
}

function formOf({ text }: HttpPage) {
  const unescaped = (value = '') =>
    value
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&');
  const action = /<form method="post" action="([^"]*)" data-submit>/.exec(text)?.[1];
  const fields = text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g);
  return {
    action: unescaped(action),
    fields: Object.fromEntries(Array.from(fields, ([, name = '', value]) => [name, unescaped(value)])),
  };
}
