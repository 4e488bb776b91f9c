/** Smart-ID is away, or somebody keeps it away: then nobody gets in, nobody is stuck, and logins that wait go on afterwards. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { en } from '../../src/web/messages/en.ts';
import { beginLogin, logInByPush, whoIsLoggedIn } from '../support/attack-actors.ts';
import { type HostileSmartId, type Lies, startHostileSmartId } from '../support/servers/hostile-smart-id.ts';
import { startWholeSild, type WholeSild } from '../support/whole-sild.ts';

let hostile: HostileSmartId;
let sild: WholeSild;

before(async () => {
  hostile = await startHostileSmartId();
  sild = await startWholeSild({ SMARTID_BASE_URL: hostile.baseUrl });
  hostile.target = sild.smartIdUrl;
});
beforeEach(() => {
  hostile.lies = {};
});
after(async () => {
  await sild.stop();
  hostile.close();
});

describe('a login that waits while Smart-ID falls over', () => {
  it('goes on when it is back', async () => {
    let looks = 0;
    hostile.lies = {
      async look(sessionId, pass) {
        looks += 1;
        return looks < 3 ? { status: 500, body: {} } : pass(sessionId);
      },
    };
    const login = await beginLogin(sild);
    await logInByPush(login);
    assert.equal(await whoIsLoggedIn(sild, login.browser), 'QUALIFIED OK1');
    assert.ok(looks >= 3);
  });

  it('has failed where Smart-ID has forgotten it', async () => {
    hostile.lies = { look: async () => ({ status: 404, body: {} }) };
    const login = await beginLogin(sild);
    const end = await logInByPush(login);
    assert.ok(end.text.includes(en.outcomes.session_not_found.heading), end.text);
    assert.equal(await whoIsLoggedIn(sild, login.browser), undefined);
  });
});

describe('while Smart-ID is away', () => {
  const WAYS: Readonly<Record<string, Lies['create']>> = {
    'it fails': async () => ({ status: 500, body: {} }),
    'it is under maintenance': async () => ({ status: 580, body: {} }),
    'something else answers': async () => ({ status: 200, body: { hello: 'world' } }),
    'its connections break': async () => Promise.reject(new Error('broken')),
  };

  for (const [title, create] of Object.entries(WAYS)) {
    it(`nobody gets in, and the page says so: ${title}`, async () => {
      hostile.lies = create ? { create } : {};
      const login = await beginLogin(sild);
      const end = await logInByPush(login);
      assert.deepEqual([end.url.origin, end.status], [sild.issuer, 200]);
      const { service_failed: failed, maintenance, response_malformed: malformed } = en.outcomes;
      assert.ok(
        [failed, maintenance, malformed].some(({ heading }) => end.text.includes(heading)),
        end.text,
      );
      assert.equal(await whoIsLoggedIn(sild, login.browser), undefined);
    });
  }

  it('people are told at once after some time, and Smart-ID is left in peace', async () => {
    let asked = 0;
    hostile.lies = {
      create: async () => {
        asked += 1;
        return { status: 500, body: {} };
      },
    };
    for (let each = 0; each < 12; each += 1) {
      const end = await logInByPush(await beginLogin(sild));
      assert.ok(end.text.includes(en.outcomes.service_failed.heading));
    }
    assert.ok(asked < 12, `Smart-ID was asked ${asked} times`);
  });
});
