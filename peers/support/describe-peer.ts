/** The tests that every example of a web application passes, without a browser's scripts. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createHttpBrowser } from '../../test/support/servers/http-browser.ts';
import { cancelAt, logInAt, logOutAt, PERSON } from './person.ts';
import type { InstalledPeer, Peer } from './peer.ts';
import { navigatingFetch } from './navigating-fetch.ts';
import { assertSmallRequests } from './request-size.ts';
import { type Running, startServer, Unavailable } from './programs.ts';
import { startSurroundings, type Surroundings } from './surroundings.ts';

const aBrowser = () => createHttpBrowser({ fetch: navigatingFetch });

/** Prefix of the diagnostics from which the table is made. */
export const VERSION_NOTE = 'peer version ';

export async function describePeer(peer: Peer): Promise<void> {
  const { title, example, login, begin, logout, verifiesSignature = true } = peer;
  const { person = '/', shows = Object.values(PERSON), requests = {} } = peer;
  const installed = await installedOrReason(peer);
  if (typeof installed === 'string') {
    describe(title, () => {
      it(installed, { skip: true });
    });
    return;
  }

  describe(title, () => {
    let surroundings: Surroundings;
    let running: Running;
    // Last opened, first closed: also those of a start that failed in the middle.
    const closing: (() => Promise<void>)[] = [];
    const home = () => `${surroundings.appUrl}/`;
    const at = (path: string) => surroundings.appUrl + path;

    before(async () => {
      surroundings = await startSurroundings(example);
      closing.push(() => surroundings.stop());
      running = await startServer(await installed.command(surroundings), home());
      closing.push(() => running.stop());
    });
    after(async () => {
      for (const close of closing.reverse()) await close();
    });

    it('logs a person in and knows who it is', async (t) => {
      t.diagnostic(VERSION_NOTE + installed.version);
      const browser = aBrowser();
      const page = await logInAt(browser, at(login), begin);
      assert.equal(page.url.origin, surroundings.appUrl, page.text);
      assert.equal(page.status, 200, running.output());
      const { text } = await browser.get(at(person));
      for (const shown of shows) assert.ok(text.includes(shown), text);
    });

    it('asks with PKCE, and binds the answer to the browser', () => {
      const asked = surroundings.proxy.authorizationRequests.at(-1)?.searchParams;
      const expected = { response_type: 'code', code_challenge_method: 'S256', ...requests };
      for (const [name, value] of Object.entries(expected)) assert.equal(asked?.get(name), value, name);
      for (const name of ['state', 'nonce']) assert.ok(asked?.get(name), name);
    });

    it('finds the same person at the second login', async () => {
      const browser = aBrowser();
      await logInAt(browser, at(login), begin);
      const { text } = await browser.get(at(person));
      for (const shown of shows) assert.ok(text.includes(shown), text);
    });

    it('returns to the application without a login after the person has cancelled', async () => {
      const browser = aBrowser();
      const page = await cancelAt(browser, at(login), begin);
      // A proxy in front of everything begins the next login at once.
      assert.ok([surroundings.appUrl, surroundings.proxy.origin].includes(page.url.origin));
      assert.ok(page.way.some(({ origin }) => origin === surroundings.appUrl));
      assert.ok(page.status < 500, `${page.status} ${running.output().slice(-2_000)}`);
      assert.ok(!(await browser.get(at(person))).text.includes(PERSON.sub));
    });

    for (const tampered of verifiesSignature
      ? (['signature', 'audience'] as const)
      : (['audience'] as const)) {
      it(`refuses an ID token whose ${tampered} is wrong`, async () => {
        const browser = aBrowser();
        surroundings.proxy.tamperWith(tampered);
        try {
          const page = await logInAt(browser, at(login), begin);
          assert.ok(!page.text.includes(PERSON.sub), page.text);
        } finally {
          surroundings.proxy.tamperWith('nothing');
        }
        assert.ok(!(await browser.get(at(person))).text.includes(PERSON.sub));
      });
    }

    it('sends authorization requests of half the greatest size at most', (t) => {
      assertSmallRequests(t, surroundings.proxy);
    });

    if (logout === undefined) return;
    it('logs out at the application and at Sild, and comes back', async () => {
      const browser = aBrowser();
      await logInAt(browser, at(login), begin);
      const page = await logOutAt(browser, at(logout));
      assert.equal(
        page.url.href,
        home(),
        surroundings.stack.process
          .output()
          .split('\n')
          .findLast((l) => l.includes('oidc_refused')),
      );
      assert.ok(!(await browser.get(at(person))).text.includes(PERSON.sub));
      assert.match(surroundings.stack.process.output(), /"event":"logged_out"/);
    });
  });
}

async function installedOrReason(peer: Peer): Promise<InstalledPeer | string> {
  try {
    return await peer.install();
  } catch (error) {
    if (error instanceof Unavailable) return error.message;
    throw error;
  }
}
