/** The receipt of a login without a browser: a whole login at the simulator, verified with the simulator's CA. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { JSONWebKeySet } from 'jose';
import * as openid from 'openid-client';
import { personOf } from '../../../src/identity/person-of-certificate.ts';
import { parseCertificate } from '../../../src/pki/certificate.ts';
import { buildTrustStore } from '../../../src/pki/trust-store-building.ts';
import { verifyReceipt } from '../../../src/receipt/verify-receipt.ts';
import { oauthErrorOf } from '../../support/oidc-bridge.ts';
import type { WholeSild } from '../../support/whole-sild.ts';
import { AGENT, agentAt, answer, ask, onPhone, PERSON, startSildWith, tokensOnce } from '../ciba/agents.ts';

const SCOPE = 'openid profile receipt';

let sild: WholeSild;
before(async () => {
  sild = await startSildWith(
    [
      { ...AGENT, scope: SCOPE },
      { ...AGENT, client_id: 'without' },
    ],
    {
      REVOCATION: 'required',
    },
  );
});
after(() => sild.stop());

async function userinfo(scope: string, binding_message: string) {
  const agent = await agentAt(sild);
  const asked = await ask(agent, { scope, binding_message });
  await answer(sild, await onPhone(sild), { action: 'confirm' });
  const tokens = await tokensOnce(agent, asked);
  const info = await openid.fetchUserInfo(agent, tokens.access_token, PERSON);
  return { claims: tokens.claims(), info };
}

/** The simulator's issuing CA is the anchor that Sild trusts. */
async function contextOf() {
  const issuing = await (await fetch(`${sild.phoneUrl}ca/eid-q.der.crt`)).arrayBuffer();
  return {
    keys: (await (await fetch(`${sild.issuer}/jwks`)).json()) as JSONWebKeySet,
    trust: buildTrustStore([parseCertificate(Buffer.from(issuing))]),
    levelOfIssuer: () => 'QUALIFIED' as const,
  };
}

describe('the scope receipt of a login without a browser', () => {
  it('gives a receipt with what the person has read on the phone, and that verifies with its revocation', async () => {
    const { claims, info } = await userinfo(SCOPE, 'Call 4711');
    assert.ok(typeof info.receipt === 'string');
    const { payload, evidence, authentication } = await verifyReceipt(info.receipt, await contextOf());
    assert.deepEqual(
      [payload.aud, payload.sub, payload.auth_time, payload.sid],
      ['agent', PERSON, claims?.auth_time, undefined],
    );
    assert.equal(personOf(authentication.certificate).semanticsIdentifier, PERSON);
    const shown = Buffer.from(evidence.request.interactions, 'base64').toString();
    assert.match(shown, /Log in to Help desk: Call 4711/);
    const event = sild.log.find(({ event: name }) => name === 'receipt_issued');
    assert.equal(event?.attempt, payload.attempt);
  });

  it('gives none without the scope', async () => {
    assert.equal('receipt' in (await userinfo('openid profile', 'Call 4712')).info, false);
  });

  it('is refused for a client whose own scope does not name it, before anything is on the phone', async () => {
    const agent = await agentAt(sild, 'without');
    assert.equal(await oauthErrorOf(ask(agent, { scope: SCOPE })), 'invalid_scope');
    await assert.rejects(onPhone(sild));
  });
});
