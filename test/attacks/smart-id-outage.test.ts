/** Smart-ID is unavailable: no login completes, every login ends, and pending logins continue after the outage. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { en } from '../../src/web/messages/en.ts';
import { startLogin, logInByPush, loggedInName } from '../support/attack-actors.ts';
import {
  type HostileSmartId,
  type Tampering,
  startHostileSmartId,
} from '../support/servers/hostile-smart-id.ts';
import { startWholeSild, type WholeSild } from '../support/whole-sild.ts';

let hostile: HostileSmartId;
let sild: WholeSild;

before(async () => {
  hostile = await startHostileSmartId();
  sild = await startWholeSild({ SMARTID_BASE_URL: hostile.baseUrl });
  hostile.target = sild.smartIdUrl;
});
beforeEach(() => {
  hostile.tampering = {};
});
after(async () => {
  await sild.stop();
  hostile.close();
});

describe('a pending login during a Smart-ID outage', () => {
  it('continues after the outage', async () => {
    let polls = 0;
    hostile.tampering = {
      async poll(sessionId, forward) {
        polls += 1;
        return polls < 3 ? { status: 500, body: {} } : forward(sessionId);
      },
    };
    const login = await startLogin(sild);
    await logInByPush(login);
    assert.equal(await loggedInName(sild, login.browser), 'QUALIFIED OK1');
    assert.ok(polls >= 3);
  });

  it('fails if Smart-ID no longer has the session', async () => {
    hostile.tampering = { poll: async () => ({ status: 404, body: {} }) };
    const login = await startLogin(sild);
    const end = await logInByPush(login);
    assert.ok(end.text.includes(en.outcomes.session_not_found.heading), end.text);
    assert.equal(await loggedInName(sild, login.browser), undefined);
  });
});

describe('a Smart-ID outage', () => {
  const WAYS: Readonly<Record<string, Tampering['create']>> = {
    'it fails': async () => ({ status: 500, body: {} }),
    'it is under maintenance': async () => ({ status: 580, body: {} }),
    'another service answers': async () => ({ status: 200, body: { hello: 'world' } }),
    'its connections break': async () => Promise.reject(new Error('broken')),
  };

  for (const [title, create] of Object.entries(WAYS)) {
    it(`completes no login and shows an error page: ${title}`, async () => {
      hostile.tampering = create ? { create } : {};
      const login = await startLogin(sild);
      const end = await logInByPush(login);
      assert.deepEqual([end.url.origin, end.status], [sild.issuer, 200]);
      const { service_failed: failed, maintenance, response_malformed: malformed } = en.outcomes;
      assert.ok(
        [failed, maintenance, malformed].some(({ heading }) => end.text.includes(heading)),
        end.text,
      );
      assert.equal(await loggedInName(sild, login.browser), undefined);
    });
  }

  it('opens the circuit breaker: logins fail at once without a request to Smart-ID', async () => {
    let asked = 0;
    hostile.tampering = {
      create: async () => {
        asked += 1;
        return { status: 500, body: {} };
      },
    };
    for (let each = 0; each < 12; each += 1) {
      const end = await logInByPush(await startLogin(sild));
      assert.ok(end.text.includes(en.outcomes.service_failed.heading));
    }
    assert.ok(asked < 12, `Smart-ID was asked ${asked} times`);
  });
});
