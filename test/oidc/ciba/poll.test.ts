/** A person on the telephone with an agent logs in: whole logins at the simulator, with openid-client as the client. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import * as openid from 'openid-client';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { oauthErrorOf } from '../../support/oidc-bridge.ts';
import type { WholeSild } from '../../support/whole-sild.ts';
import {
  AGENT,
  agentAt,
  answer,
  ask,
  type Asked,
  NOBODY,
  onPhone,
  PERSON,
  pollUntilTooEarly,
  startSildWith,
  tokensOf,
  tokensOnce,
} from './agents.ts';

let sild: WholeSild;
let agent: openid.Configuration;

before(async () => {
  sild = await startSildWith([
    AGENT,
    { ...AGENT, client_id: 'broker', services: [{ id: 'tax', name: 'Tax office' }], countries: ['EE'] },
    {
      ...AGENT,
      client_id: 'own-text',
      display_text: 'x'.repeat(198),
      notification_policy: 'known-browser',
      backchannel_push_allowed: true,
    },
    {
      client_id: 'portal',
      client_secret_sha256: AGENT.client_secret_sha256,
      redirect_uris: ['http://localhost:9/'],
    },
  ]);
  agent = await agentAt(sild);
});
after(() => sild.stop());

describe('a login without a browser', () => {
  it('gives the client the person who has confirmed on the phone', async () => {
    const asked = await ask(agent, { acr_values: 'urn:example:unknown' });
    assert.equal(asked.interval, 2);
    assert.equal(asked.expires_in, 180);
    const request = await onPhone(sild);
    assert.equal(request.verificationCode, asked.verification_code);
    assert.deepEqual(request.interaction, {
      type: 'confirmationMessageAndVerificationCodeChoice',
      text: 'Log in to Help desk',
    });
    assert.equal(await oauthErrorOf(tokensOnce(agent, asked)), 'authorization_pending');
    await answer(sild, request, { action: 'choose', code: asked.verification_code });
    const tokens = await tokensOf(agent, asked);
    const { payload } = await jwtVerify(
      tokens.id_token ?? '',
      createRemoteJWKSet(new URL('/jwks', sild.issuer)),
      { issuer: sild.issuer, audience: 'agent' },
    );
    assert.partialDeepStrictEqual(payload, {
      sub: PERSON,
      acr: 'http://eidas.europa.eu/LoA/high',
      amr: ['smartid', 'mfa', 'pin'],
    });
    assert.equal(typeof payload.auth_time, 'number');
    assert.equal(typeof payload.at_hash, 'string');
    const userinfo = await openid.fetchUserInfo(agent, tokens.access_token, PERSON);
    assert.equal(userinfo.family_name, payload.family_name);
    assert.equal(tokens.refresh_token, undefined);
  });

  it('is refused with access_denied, again and again, where the person refuses or chooses another code', async () => {
    for (const action of ['refuse', 'choose']) {
      const asked = await ask(agent);
      const request = await onPhone(sild);
      const wrong = request.codes?.find((code) => code !== asked.verification_code);
      await answer(sild, request, action === 'refuse' ? { action } : { action, code: wrong });
      const error = await tokensOnce(agent, asked).catch((thrown: unknown) => thrown);
      assert.ok(error instanceof openid.ResponseBodyError);
      assert.equal(error.error, 'access_denied');
      assert.equal(
        error.error_description,
        action === 'refuse' ? 'user_refused_interaction' : 'wrong_verification_code',
      );
      if (action === 'choose') continue;
      await delay(1_600);
      assert.equal(await oauthErrorOf(tokensOnce(agent, asked)), 'access_denied');
    }
  });

  it('answers slow_down to a client that asks too often, also at the same moment, and then goes on', async () => {
    const asked = await ask(agent);
    const errors = await Promise.all([1, 2, 3].map(() => oauthErrorOf(tokensOnce(agent, asked))));
    assert.deepEqual(errors.sort(), ['authorization_pending', 'slow_down', 'slow_down']);
    await pollUntilTooEarly(() => tokensOnce(agent, asked));
    await answer(sild, await onPhone(sild), { action: 'confirm' });
    assert.equal((await tokensOf(agent, asked)).claims()?.sub, PERSON);
  });

  it('is over after the time that the client has asked for, also if the person confirms later', async () => {
    const asked = await ask(agent, { requested_expiry: '1' });
    assert.equal(asked.expires_in, 1);
    const request = await onPhone(sild);
    await delay(2_000);
    assert.equal(await oauthErrorOf(tokensOnce(agent, asked)), 'expired_token');
    await answer(sild, request, { action: 'confirm' });
    assert.equal(await oauthErrorOf(tokensOnce(agent, asked)), 'expired_token');
    assert.ok(
      sild.log.some(({ event, channel }) => event === 'login_cancelled' && channel === 'backchannel'),
    );
  });

  it('has the binding message on the phone, whole, after the name of the service', async () => {
    const broker = await agentAt(sild, 'broker');
    const message = `Call 4711 of ${'n'.repeat(100)}`;
    const asked = await ask(broker, { service: 'tax', ui_locales: 'fr et', binding_message: message });
    const request = await onPhone(sild);
    assert.equal(request.interaction.text, `Se connecter à Tax office: ${message}`);
    await answer(sild, request, { action: 'confirm' });
    await tokensOnce(broker, asked);
  });

  it('refuses a binding message that the phone would not show as it is', async () => {
    const own = await agentAt(sild, 'own-text');
    const refused = [
      [agent, ' '],
      [agent, 'two\nlines'],
      [agent, 'two  spaces'],
      [agent, 'pay 1\u202e000'],
      [agent, 'pay 1\u3164 000'],
      [agent, 'x'.repeat(180)],
      [own, 'x'],
    ] as const;
    for (const [party, binding_message] of refused) {
      assert.equal(await oauthErrorOf(ask(party, { binding_message })), 'invalid_binding_message');
    }
    await assert.rejects(onPhone(sild));
  });

  it('needs a person who is known by the hint, and to Smart-ID', async () => {
    for (const login_hint of ['somebody@example.ee', NOBODY, '38001085718']) {
      assert.equal(await oauthErrorOf(ask(agent, { login_hint })), 'unknown_user_id');
    }
    const both = { login_hint_token: 'x', login_hint: '' };
    assert.equal(await oauthErrorOf(ask(agent, both)), 'invalid_request');
    assert.equal(await oauthErrorOf(ask(agent, { login_hint: '' })), 'invalid_request');
    assert.equal(await oauthErrorOf(ask(agent, { user_code: '1234' })), 'invalid_request');
  });

  it('takes the person of an ID token as the hint', async () => {
    const first = await ask(agent);
    await answer(sild, await onPhone(sild), { action: 'confirm' });
    const { id_token: hint = '' } = await tokensOnce(agent, first);
    const asked = await openid.initiateBackchannelAuthentication(agent, {
      scope: 'openid',
      id_token_hint: hint,
    });
    await answer(sild, await onPhone(sild), { action: 'confirm' });
    assert.equal((await tokensOnce(agent, asked as Asked)).claims()?.sub, PERSON);
  });

  it('is not for people of a country that the client excludes', async () => {
    const broker = await agentAt(sild, 'broker');
    const error = await ask(broker, { login_hint: 'PNOLT-39901012239' }).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof openid.ResponseBodyError);
    assert.deepEqual([error.status, error.error], [403, 'access_denied']);
  });

  it('is not for a client that the operator has not allowed it', async () => {
    const portal = await agentAt(sild, 'portal');
    assert.equal(await oauthErrorOf(ask(portal)), 'invalid_request');
    assert.equal(await oauthErrorOf(tokensOnce(portal, { auth_req_id: 'x' })), 'invalid_request');
  });

  it('logs no personal data and no refusal for each poll, and has its own event', () => {
    // Times and IDs have digits too.
    const log = JSON.stringify(sild.log);
    const codes = ['"verification_code"', '"verificationCode"'];
    for (const secret of ['38001085718', 'Call 4711', ...codes]) assert.ok(!log.includes(secret), secret);
    const refusals = sild.log.filter(({ event }) => event === 'oidc_refused').map(({ code }) => code);
    assert.ok(refusals.includes('access_denied'));
    assert.ok(!refusals.includes('authorization_pending') && !refusals.includes('slow_down'));
    const begun = sild.log.filter(({ event }) => event === 'login_begun');
    assert.ok(begun.length > 5 && begun.every(({ channel }) => channel === 'backchannel'));
    const issued = sild.log.filter(({ event }) => event === 'tokens_issued');
    const attempts = begun.map(({ attempt }) => attempt);
    assert.ok(issued.length > 3 && issued.every(({ attempt }) => attempts.includes(attempt)));
  });
});

describe('discovery', () => {
  it('says what a client can use', () => {
    const metadata = agent.serverMetadata();
    assert.equal(metadata.backchannel_authentication_endpoint, `${sild.issuer}/ciba`);
    assert.deepEqual(metadata.backchannel_token_delivery_modes_supported, ['poll', 'ping']);
    assert.equal(metadata.backchannel_user_code_parameter_supported, false);
    assert.ok(metadata.grant_types_supported?.includes('urn:openid:params:grant-type:ciba'));
  });
});

describe('an instance without a place to wait', () => {
  it('tells the client when to ask again, is not ready, and goes on with the login that waits', async () => {
    const full = await startSildWith([AGENT], { WAITING_LIMIT: '1' });
    try {
      const client = await agentAt(full);
      const asked = await ask(client);
      await assert.rejects(ask(client), (error) => {
        assert.ok(error instanceof openid.ResponseBodyError);
        assert.deepEqual(
          [error.status, error.error, error.error_description],
          [429, 'temporarily_unavailable', 'too_many_waiting'],
        );
        assert.match(error.response.headers.get('retry-after') ?? '', /^(?:19|20)$/);
        return true;
      });
      assert.equal((await fetch(`${full.issuer}/readyz`)).status, 503);
      assert.equal((await fetch(`${full.issuer}/readyz?for=balancer`)).status, 200);
      assert.equal((await fetch(`${full.issuer}/healthz`)).status, 200);
      await answer(full, await onPhone(full), { action: 'choose', code: asked.verification_code });
      assert.ok((await tokensOf(client, asked)).id_token);
    } finally {
      await full.stop();
    }
  });
});
