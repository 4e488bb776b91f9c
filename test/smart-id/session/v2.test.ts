import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import type { FailureCode, InteractionType } from '../../../src/login/failure.ts';
import { type NotificationRequest } from '../../../src/login/authenticator.ts';
import { preparedSessionSchema } from '../../../src/smart-id/session.ts';
import { verificationCode } from '../../../src/smart-id/verification-code.ts';
import { testPki } from '../../support/answers/authentication-responses.ts';
import { exchangeV2 } from '../../support/answers/authentication-responses-v2.ts';
import { issueAuthentication } from '../../support/certificates/certificates.ts';
import { json, type Respond } from '../rp-api/rp-api-server.ts';
import { smartIdAgainst } from '../smart-id-against.ts';

const SESSION_ID = '3d32860c-b62d-4716-9992-f6983e678761';
const account = issueAuthentication(testPki, { identifier: 'PNOEE-40504040001' });
const REQUEST: NotificationRequest = {
  flow: 'notification',
  identifier: 'PNOEE-40504040001',
  displayText: 'Log in to Sample app',
  knownBrowser: true,
};

describe('Smart-ID with RP API v2', () => {
  it('has no device links', async (test) => {
    const { smartId } = await against(test, () => undefined);
    assert.deepEqual(smartId.flows, ['notification']);
    const request = { flow: 'qr', displayText: 'x', callbackUrl: 'https://a.example/' } as const;
    assert.throws(() => smartId.prepare(request), TypeError);
  });

  it('shows the verification code of the hash that it sends', async (test) => {
    const { smartId, server } = await against(test, (response) => {
      json(response, 200, { sessionID: SESSION_ID });
    });
    const prepared = smartId.prepare(REQUEST);
    const stored = preparedSessionSchema.parse(JSON.parse(JSON.stringify(prepared)));
    const started = await smartId.start(stored);
    assert.deepEqual(started, { kind: 'started', session: { ...prepared.session, sessionId: SESSION_ID } });
    const body = JSON.parse(server.received[0]?.body ?? '') as { hash: string };
    const hash = createHash('sha512').update(Buffer.from(prepared.session.rpChallenge, 'base64')).digest();
    assert.equal(body.hash, hash.toString('base64'));
    assert.equal(prepared.verificationCode, verificationCode(hash));
  });

  it('requests the choice of the code first for an unknown browser', async (test) => {
    const { smartId, server } = await against(test, (response) => {
      json(response, 200, { sessionID: SESSION_ID });
    });
    await smartId.start(smartId.prepare({ ...REQUEST, knownBrowser: false }));
    const body = JSON.parse(server.received[0]?.body ?? '') as {
      allowedInteractionsOrder: { type: string }[];
    };
    assert.deepEqual(
      body.allowedInteractionsOrder.map(({ type }) => type),
      [
        'confirmationMessageAndVerificationCodeChoice',
        'verificationCodeChoice',
        'displayTextAndPIN',
        'confirmationMessage',
      ],
    );
  });

  it('returns a running session, and authenticates a person', async (test) => {
    assert.deepEqual(await poll(test, exchangeV2({ issued: account }), { state: 'RUNNING' }), {
      kind: 'running',
    });
    const result = await poll(test, exchangeV2({ issued: account }));
    assert.equal(result.kind === 'authenticated' && result.authentication.flow, 'notification');
  });

  const ends: readonly (readonly [string, FailureCode, InteractionType?])[] = [
    ['USER_REFUSED', 'user_refused'],
    ['USER_REFUSED_DISPLAYTEXTANDPIN', 'user_refused_interaction', 'displayTextAndPIN'],
    ['USER_REFUSED_VC_CHOICE', 'user_refused_interaction', 'verificationCodeChoice'],
    ['USER_REFUSED_CONFIRMATIONMESSAGE', 'user_refused_interaction', 'confirmationMessage'],
    [
      'USER_REFUSED_CONFIRMATIONMESSAGE_WITH_VC_CHOICE',
      'user_refused_interaction',
      'confirmationMessageAndVerificationCodeChoice',
    ],
    ['USER_REFUSED_CERT_CHOICE', 'user_refused_certificate_choice'],
    ['TIMEOUT', 'timeout'],
    ['WRONG_VC', 'wrong_verification_code'],
    ['DOCUMENT_UNUSABLE', 'document_unusable'],
    ['REQUIRED_INTERACTION_NOT_SUPPORTED_BY_APP', 'interaction_not_supported'],
    ['SOMETHING_NEW', 'unknown_end_result'],
  ];
  for (const [endResult, code, screen] of ends) {
    it(`maps ${endResult} to ${code}`, async (test) => {
      const result = await poll(test, exchangeV2(), { state: 'COMPLETE', result: { endResult } });
      assert.ok(result.kind === 'failed');
      assert.equal(result.failure.code, code);
      assert.equal(result.failure.screen, screen);
    });
  }
});

function against(test: TestContext, respond: Respond) {
  return smartIdAgainst(test, account, respond, { apiVersion: '2', now: () => testPki.now });
}

async function poll(
  test: TestContext,
  exchange: ReturnType<typeof exchangeV2>,
  status: unknown = exchange.answer,
) {
  const { smartId } = await smartIdAgainst(
    test,
    { ...account, trust: exchange.trust },
    (response) => {
      json(response, 200, status);
    },
    { apiVersion: '2', now: () => testPki.now },
  );
  return smartId.poll(exchange.session, 1_000);
}
