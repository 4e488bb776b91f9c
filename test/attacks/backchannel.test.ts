/**
 * Somebody misuses logins without a browser: a client floods phones or uses what belongs to another client, an attacker has an
 * `auth_req_id`, or a person is asked although the operator wants known browsers only.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as openid from 'openid-client';
import {
  AGENT,
  agentAt,
  answer,
  ask,
  NOBODY,
  onPhone,
  PERSON,
  startSildWith,
  tokensOnce,
} from '../oidc/ciba/agents.ts';
import { oauthErrorOf } from '../support/oidc-bridge.ts';
import type { WholeSild } from '../support/whole-sild.ts';

const OTHER = { ...AGENT, client_id: 'other' };

describe('push bombing without a browser', () => {
  it('reaches the phone once at a time, and then has to wait, also for another client', async () => {
    const sild = await startSildWith([AGENT, OTHER], { RATE_PUSH: '0s,1h' });
    try {
      const [agent, other] = [await agentAt(sild), await agentAt(sild, 'other')];
      const bomb = async () => {
        const results = await Promise.allSettled([1, 2, 3].flatMap(() => [ask(agent), ask(other)]));
        const refused = results.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
        for (const error of refused) {
          assert.ok(error instanceof openid.ResponseBodyError);
          assert.deepEqual([error.status, error.error], [429, 'temporarily_unavailable']);
          assert.ok(Number(error.response.headers.get('retry-after')) > 0);
        }
        return results.length - refused.length;
      };
      for (const expected of [1, 1, 0]) {
        assert.equal(await bomb(), expected);
        if (expected === 1) await answer(sild, await onPhone(sild), { action: 'refuse' });
      }
    } finally {
      await sild.stop();
    }
  });

  it('is limited for each client, and then does not reveal who has an account', async () => {
    const sild = await startSildWith([AGENT, OTHER], { RATE_CLIENT: '1/1h' });
    try {
      const [agent, other] = [await agentAt(sild), await agentAt(sild, 'other')];
      assert.equal(await oauthErrorOf(ask(agent, { login_hint: NOBODY })), 'unknown_user_id');
      for (const login_hint of [NOBODY, PERSON])
        assert.equal(await oauthErrorOf(ask(agent, { login_hint })), 'temporarily_unavailable');
      await ask(other);
    } finally {
      await sild.stop();
    }
  });
});

describe('a request without a browser', () => {
  let sild: WholeSild;
  let agent: openid.Configuration;
  let other: openid.Configuration;

  before(async () => {
    sild = await startSildWith([AGENT, OTHER]);
    [agent, other] = [await agentAt(sild), await agentAt(sild, 'other')];
  });
  after(() => sild.stop());

  it('of another client gives no tokens, neither before nor after the person has confirmed, and does it no harm', async () => {
    const asked = await ask(agent);
    assert.equal(await oauthErrorOf(tokensOnce(other, asked)), 'invalid_grant');
    await answer(sild, await onPhone(sild), { action: 'confirm' });
    assert.equal(await oauthErrorOf(tokensOnce(other, asked)), 'invalid_grant');
    assert.equal((await tokensOnce(agent, asked)).claims()?.aud, 'agent');
  });

  it('gives tokens once, also to simultaneous requests', async () => {
    const asked = await ask(agent);
    await answer(sild, await onPhone(sild), { action: 'confirm' });
    const results = await Promise.allSettled([1, 2, 3].map(() => tokensOnce(agent, asked)));
    const won = results.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    assert.equal(won.length, 1);
    const { access_token: token = '' } = won[0] ?? {};
    assert.equal(await oauthErrorOf(tokensOnce(agent, asked)), 'invalid_grant');
    assert.equal((await openid.tokenIntrospection(agent, token)).active, true, 'a simultaneous request');
  });

  it('needs the client’s authentication, and cannot be guessed', async () => {
    const asked = await ask(agent);
    assert.ok(asked.auth_req_id.length >= 43, 'CIBA Core 7.3: at least 128 bits');
    const response = await fetch(`${sild.issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'urn:openid:params:grant-type:ciba',
        auth_req_id: asked.auth_req_id,
        client_id: 'agent',
      }),
    });
    assert.equal(response.status, 401);
    assert.equal(await oauthErrorOf(tokensOnce(agent, { auth_req_id: 'guessed' })), 'invalid_grant');
    await answer(sild, await onPhone(sild), { action: 'refuse' });
  });

  it('has no login page that a browser could continue', async () => {
    const asked = await ask(agent);
    for (const id of [asked.auth_req_id, `ciba:${asked.auth_req_id}`]) {
      const { status } = await fetch(`${sild.issuer}/login/${id}/wait`, {
        headers: { cookie: `sild_begun_${id}=1; sild_login=${id}` },
      });
      assert.equal(status, 404);
    }
    await answer(sild, await onPhone(sild), { action: 'refuse' });
  });
});

describe('a policy of known browsers', () => {
  it('keeps a client from asking, unless the operator has allowed it for this one', async () => {
    const members = { ...AGENT, redirect_uris: ['http://localhost:9/'] };
    await assert.rejects(startSildWith([members], { NOTIFICATION_POLICY: 'known-browser' }), {
      message: /backchannel_push_allowed/,
    });
    const allowed = { ...members, backchannel_push_allowed: true };
    const never = { NOTIFICATION_POLICY: 'never' };
    await assert.rejects(startSildWith([allowed], never), { message: /notification policy/ });
    const sild = await startSildWith([allowed], { NOTIFICATION_POLICY: 'known-browser' });
    try {
      const agent = await agentAt(sild);
      const asked = await ask(agent);
      await answer(sild, await onPhone(sild), { action: 'choose', code: asked.verification_code });
      assert.equal((await tokensOnce(agent, asked)).claims()?.sub, PERSON);
    } finally {
      await sild.stop();
    }
  });
});
