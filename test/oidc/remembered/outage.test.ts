/** The database is away while a browser with a remembered login asks for it, or logs out. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import * as openid from 'openid-client';
import type { Store } from '../../../src/store/store.ts';
import { aroundStatements } from '../../support/around-statements.ts';
import { openTestStore } from '../../support/database.ts';
import {
  aClient,
  authorizationRequest,
  type Bridge,
  HOME,
  logIn,
  personAt,
  relyingParty,
  startBridge,
} from '../../support/oidc-bridge.ts';
import type { HttpBrowser } from '../../support/servers/http-browser.ts';

const AWAY = new Error('the database is away');

/** The next statement of this name and model fails once, before or after the database has done it. */
let fault: { readonly at: string; readonly when: 'before' | 'after' } | undefined;
let store: Store;
let bridge: Bridge;
let config: openid.Configuration;

async function withFault(statement: string, execute: () => Promise<unknown>): Promise<unknown> {
  const strike = fault?.at === statement ? fault : undefined;
  if (strike) fault = undefined;
  if (strike?.when === 'before') throw AWAY;
  const result = await execute();
  if (strike) throw AWAY;
  return result;
}

before(async () => {
  store = await openTestStore();
  bridge = await startBridge({
    stores: { ...store, records: aroundStatements(store.records, withFault) },
    isOutage: (error) => error === AWAY,
    clients: [aClient({ remember_login: 900 })],
  });
  config = await relyingParty(bridge);
});
afterEach(() => {
  fault = undefined;
});
after(async () => {
  await bridge.close();
  await store.close();
});

async function loggedIn() {
  const person = personAt(bridge);
  const { url, checks } = await authorizationRequest(config);
  const answer = await logIn(person, url);
  return { person, tokens: await openid.authorizationCodeGrant(config, answer, checks) };
}

/** What the client gets for a request without a page: a code or an error. */
async function answerTo(person: HttpBrowser): Promise<string> {
  const { url } = await authorizationRequest(config, { prompt: 'none' });
  const { searchParams } = (await person.get(url)).url;
  return searchParams.get('error') ?? (searchParams.has('code') ? 'code' : 'neither');
}

for (const when of ['before', 'after'] as const) {
  describe(`the database fails once, ${when} it has done a statement`, () => {
    for (const at of ['write PushedAuthorizationRequest', 'put Session']) {
      it(`and a pushed request gets the remembered login nevertheless: ${at}`, async () => {
        const { person } = await loggedIn();
        const { url, checks } = await authorizationRequest(config, { prompt: 'none' });
        const pushed = await openid.buildAuthorizationUrlWithPAR(config, url.searchParams);
        fault = { at, when };
        const { url: answer } = await person.get(pushed);
        assert.equal(fault, undefined);
        const tokens = await openid.authorizationCodeGrant(config, answer, checks);
        assert.equal(tokens.claims()?.sub, 'PNOEE-40504040001');
        assert.equal((await person.get(pushed)).status, 400, 'it counts once');
      });
    }

    for (const at of ['removeGrant', 'remove Session']) {
      it(`and a logout ends the remembered login, and leads back to the client: ${at}`, async () => {
        const { person, tokens } = await loggedIn();
        assert.equal(await answerTo(person), 'code');
        const asked = await person.get(
          openid.buildEndSessionUrl(config, {
            id_token_hint: tokens.id_token ?? '',
            post_logout_redirect_uri: HOME,
          }),
        );
        const { action = '', xsrf = '' } =
          /action="(?<action>[^"]+)"[\s\S]*name="xsrf" value="(?<xsrf>\w+)"/.exec(asked.text)?.groups ?? {};
        fault = { at, when };
        const back = await person.post(new URL(action, bridge.issuer), { xsrf, logout: 'yes' });
        assert.equal(fault, undefined);
        assert.equal(back.url.href, HOME);
        assert.equal(await answerTo(person), 'login_required');
        assert.equal((await openid.tokenIntrospection(config, tokens.access_token)).active, false);
      });
    }

    it('and the browser keeps the cookie of a remembered login that has not ended', async () => {
      const { person } = await loggedIn();
      const url = `${bridge.issuer}/browser/forget`;
      const ended: string[] = [];
      const context = {
        req: {
          headers: {
            cookie: Object.entries(person.cookiesFor(url))
              .map(([name, value]) => `${name}=${value}`)
              .join('; '),
          },
        },
        cookies: { set: (name: string) => ended.push(name) },
      };
      fault = { at: 'remove Session', when };
      await assert.rejects(bridge.remembered.end(context), AWAY);
      assert.deepEqual(ended, []);
      await bridge.remembered.end(context);
      assert.equal(ended.length, 1);
      assert.equal(await answerTo(person), 'login_required');
    });
  });
}
