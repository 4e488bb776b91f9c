/** The programs that the playground shows, run against a login service. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, describe, it } from 'node:test';
import { root } from '../../e2e/support/project.ts';
import { CLIENTS, createClientKey, registrationOf } from '../../src/playground/clients.ts';
import { exampleCode } from '../../src/playground/example-code.ts';
import { settingsOf } from '../../src/playground/settings.ts';
import type { Store } from '../../src/store/store.ts';
import { openTestStore } from '../support/database.ts';
import { type Bridge, HOME, logIn, personAt, REDIRECT_URI, startBridge } from '../support/oidc-bridge.ts';

interface Program {
  readonly begin: (idTokenHint?: string) => Promise<{ readonly address: URL }>;
  readonly finish: (
    currentUrl: URL,
    kept: object,
  ) => Promise<{
    readonly tokens: { readonly token_type: string; readonly id_token: string };
    readonly claims: { readonly sub: string };
    readonly userinfo: { readonly sub: string };
  }>;
}

describe('the code of the playground with openid-client', () => {
  const key = createClientKey();
  let store: Store;
  let bridge: Bridge;
  let directory: string;
  before(async () => {
    store = await openTestStore();
    const clients = CLIENTS.map((client) => registrationOf(client, REDIRECT_URI, HOME, key));
    bridge = await startBridge({ stores: store, clients });
    // Inside of the project, where openid-client is found.
    directory = await mkdtemp(join(root, 'node_modules', '.playground-'));
    process.env.CLIENT_KEY = JSON.stringify({ ...key.privateJwk, kid: key.kid });
  });
  after(async () => {
    delete process.env.CLIENT_KEY;
    await rm(directory, { recursive: true });
    await bridge.close();
    await store.close();
  });

  let count = 0;
  async function programOf(form: string): Promise<Program> {
    const { settings, problems } = settingsOf(new URLSearchParams(form));
    assert.deepEqual(problems, {});
    const file = join(directory, `${(count += 1)}.mjs`);
    await writeFile(file, exampleCode(settings, bridge.issuer, REDIRECT_URI));
    return (await import(pathToFileURL(file).href)) as Program;
  }

  const FORMS: Readonly<Record<string, string>> = {
    bearer: 'client=playground&pkce=1&scope=openid',
    'bearer with every other parameter': `client=playground&pkce=1&scope=openid&scope=age&max_age=300&prompt=login&service=library&ui_locales=et&login_hint=PNOEE-40504040001&claims=${encodeURIComponent('{"userinfo":{"name":null}}')}`,
    'bearer with a max_age of 0300': 'client=playground&pkce=1&scope=openid&max_age=0300',
    'bearer posted': 'client=playground-post&pkce=1&scope=openid',
    'bearer public': 'client=playground-public&pkce=1&scope=openid&jar=1',
    'bearer with a key': 'client=playground-key&pkce=1&scope=openid&par=1',
    'dpop, not pushed': 'client=playground&pkce=1&scope=openid&dpop=1',
    'dpop with FAPI, PAR and JAR': 'client=playground-fapi&pkce=1&scope=openid&dpop=1&par=1&jar=1',
  };
  for (const [name, form] of Object.entries(FORMS)) {
    it(`logs in: ${name}`, async () => {
      const { begin, finish } = await programOf(form);
      const { address, ...kept } = await begin();
      const { tokens, claims, userinfo } = await finish(await logIn(personAt(bridge), address), kept);
      assert.equal(tokens.token_type, name.split(/[ ,]/)[0]);
      assert.equal(claims.sub, 'PNOEE-40504040001');
      assert.equal(userinfo.sub, claims.sub);
    });
  }

  it('sends an ID token as hint', async () => {
    const { begin } = await programOf('client=playground&pkce=1&scope=openid&id_token_hint=1');
    assert.equal((await begin('a.b.c')).address.searchParams.get('id_token_hint'), 'a.b.c');
  });

  it('quotes each value of the form, so that none can become code', async () => {
    const form = new URLSearchParams({
      client: 'playground',
      pkce: '1',
      scope: 'openid',
      login_hint: `'";\`\${process.exit(9)}\\ */ </pre>`,
    });
    const { address } = await (await programOf(form.toString())).begin();
    assert.equal(address.searchParams.get('login_hint'), form.get('login_hint'));
  });
});
