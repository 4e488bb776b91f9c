import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import {
  type AuthenticationSession,
  authenticationSessionSchema,
} from '../../../src/smart-id/authentication.ts';
import { decodeInteractions } from '../../../src/smart-id/interactions.ts';
import { type DeviceLinkRequest, type PollResult } from '../../../src/login/authenticator.ts';
import { preparedSessionSchema, type SmartIdOptions } from '../../../src/smart-id/session.ts';
import {
  type Exchange,
  type ExchangeOptions,
  testPki,
} from '../../support/answers/authentication-responses.ts';
import { issueAuthentication } from '../../support/certificates/certificates.ts';
import { web2AppExchange, qrExchange } from '../../support/answers/device-link-responses.ts';
import { json } from '../rp-api/rp-api-server.ts';
import { smartIdAgainst } from '../smart-id-against.ts';

const IDENTIFIER = 'PNOEE-40504040001';
const CALLBACK = 'https://login.example.ee/callback/smart-id?value=RrKjjT4aggzu27YBddX1bQ';
const RECEIVED_AT = 1_900_000_000_123;
const CREATED = {
  sessionID: '3d32860c-b62d-4716-9992-f6983e678761',
  sessionToken: 'wGIrqveE6AuGDATZKmR1mtAZ',
  sessionSecret: 'B98ODiVCebRedSwdTk51zFSaGYyHtY1H2A0ocAi3/Ps=',
  deviceLinkBase: 'https://smart-id.com/device-link',
};
const REQUEST: DeviceLinkRequest = {
  flow: 'qr',
  displayText: 'Log in to Sample app',
  callbackUrl: CALLBACK,
};
const account = issueAuthentication(testPki, { identifier: IDENTIFIER });

describe('preparing a device link', () => {
  it('creates a challenge, and no verification code', async (test) => {
    const { smartId } = await against(test);
    const { session, verificationCode, initialCallbackUrl } = smartId.prepare(REQUEST);
    assert.equal(Buffer.from(session.rpChallenge, 'base64').length, 64);
    assert.equal(verificationCode, undefined);
    assert.equal(initialCallbackUrl, CALLBACK);
    assert.deepEqual(session.flows, ['qr', 'web2app']);
    assert.equal('expectedIdentifier' in session, false);
    assert.deepEqual(
      decodeInteractions(session.interactions).map(({ type }) => type),
      ['displayTextAndPIN', 'confirmationMessage'],
    );
  });

  it('expects the person of the request', async (test) => {
    const { smartId } = await against(test);
    assert.equal(
      smartId.prepare({ ...REQUEST, identifier: IDENTIFIER }).session.expectedIdentifier,
      IDENTIFIER,
    );
  });

  it('offers only the configured flows', async (test) => {
    const { smartId } = await against(test, { deviceLinkFlows: ['qr'] });
    assert.deepEqual(smartId.prepare(REQUEST).session.flows, ['qr']);
  });

  it('refuses a callback URL that Smart-ID does not accept', async (test) => {
    const { smartId } = await against(test);
    for (const callbackUrl of ['http://localhost:3000/callback', 'https://login.example.ee/#x', '']) {
      assert.throws(() => smartId.prepare({ ...REQUEST, callbackUrl }), RangeError);
    }
  });

  it('accepts a callback URL on localhost for the simulator only', async (test) => {
    const { smartId } = await against(test, { loopbackCallback: true });
    const callbackUrl = 'http://localhost:3000/callback/smart-id?value=x';
    assert.equal(smartId.prepare({ ...REQUEST, callbackUrl }).initialCallbackUrl, callbackUrl);
  });
});

describe('preparing a push', () => {
  it('to an account expects that account and its holder', async (test) => {
    const { smartId } = await against(test);
    const { session } = smartId.prepare({
      flow: 'notification',
      documentNumber: 'PNOLV-030303-10004-MOCK-Q',
      displayText: 'Log in to Sample app',
      knownBrowser: true,
    });
    assert.equal(session.expectedIdentifier, 'PNOLV-030303-10004');
    assert.equal(session.expectedDocumentNumber, 'PNOLV-030303-10004-MOCK-Q');
  });

  it('refuses a malformed document number without quoting it', async (test) => {
    const { smartId } = await against(test);
    assert.throws(
      () =>
        smartId.prepare({
          flow: 'notification',
          documentNumber: IDENTIFIER,
          displayText: 'Log in',
          knownBrowser: true,
        }),
      (error) => error instanceof RangeError && !error.message.includes('4050'),
    );
  });

  it('from an unknown browser requests the choice of the code first', async (test) => {
    const { smartId } = await against(test);
    const { session } = smartId.prepare({
      flow: 'notification',
      identifier: IDENTIFIER,
      displayText: 'Log in to Sample app',
      knownBrowser: false,
    });
    assert.equal(
      decodeInteractions(session.interactions)[0]?.type,
      'confirmationMessageAndVerificationCodeChoice',
    );
  });
});

describe('a device-link session', () => {
  it('stores the parts of its links as JSON, with the time of the response', async (test) => {
    const { session, server } = await started(test);
    assert.equal(server.received[0]?.url, '/v3/authentication/device-link/anonymous');
    const { sessionID: sessionId, ...parts } = CREATED;
    assert.equal(session.sessionId, sessionId);
    assert.deepEqual(session.deviceLink, {
      ...parts,
      initialCallbackUrl: CALLBACK,
      receivedAt: RECEIVED_AT,
    });
    assert.deepEqual(authenticationSessionSchema.parse(JSON.parse(JSON.stringify(session))), session);
  });

  it('has a QR link and an app link', async (test) => {
    const { session, smartId } = await started(test);
    const qr = new URL(smartId.qrLink(session, RECEIVED_AT + 5_500, 'lt'));
    assert.equal(qr.searchParams.get('deviceLinkType'), 'QR');
    assert.equal(qr.searchParams.get('elapsedSeconds'), '5');
    assert.equal(qr.searchParams.get('lang'), 'lit');
    const app = new URL(smartId.appLink(session, 'ru'));
    assert.equal(app.searchParams.get('deviceLinkType'), 'Web2App');
    assert.equal(app.searchParams.get('sessionToken'), CREATED.sessionToken);
  });

  it('is required for links: a notification session has none', async (test) => {
    const { session, smartId } = await started(test);
    const push = { ...session, deviceLink: undefined };
    assert.throws(() => smartId.qrLink(push, RECEIVED_AT, 'en'), TypeError);
    assert.throws(() => smartId.appLink(push, 'en'), TypeError);
  });
});

describe('polling a device-link session', () => {
  it('authenticates the person who scanned the QR code', async (test) => {
    const result = await poll(test, qrExchange);
    assert.equal(result.kind === 'authenticated' && result.authentication.flow, 'qr');
  });

  it('requires the browser to return from the app', async (test) => {
    assert.deepEqual(await poll(test, (options) => web2AppExchange({ ...options, callback: undefined })), {
      kind: 'callback_required',
    });
  });

  it('authenticates the person with the callback parameters', async (test) => {
    const result = await poll(test, web2AppExchange);
    assert.equal(result.kind === 'authenticated' && result.authentication.flow, 'web2app');
  });

  it('refuses the callback parameters of another login', async (test) => {
    const result = await poll(test, (options) => ({
      ...web2AppExchange(options),
      callback: web2AppExchange().callback,
    }));
    assert.deepEqual(result, {
      kind: 'failed',
      failure: { code: 'callback_refused', detail: 'callback_secret_mismatch' },
    });
  });

  it('does not require the callback if the person refused in the app', async (test) => {
    const result = await poll(test, (options) => {
      const given = web2AppExchange({ ...options, callback: undefined });
      return { ...given, answer: { ...given.answer, result: { endResult: 'USER_REFUSED' } } };
    });
    assert.equal(result.kind === 'failed' && result.failure.code, 'user_refused');
  });

  it('does not require the callback if the login did not offer a link', async (test) => {
    const result = await poll(test, (options) => {
      const given = web2AppExchange({ ...options, callback: undefined });
      return { ...given, session: { ...given.session, flows: ['notification'], deviceLink: undefined } };
    });
    assert.deepEqual(result, {
      kind: 'failed',
      failure: { code: 'response_refused', detail: 'flow_not_offered' },
    });
  });
});

function against(test: TestContext, options: Partial<SmartIdOptions> = {}) {
  const respond = (response: Parameters<typeof json>[0]) => {
    json(response, 200, CREATED);
  };
  return smartIdAgainst(test, account, respond, { now: () => new Date(RECEIVED_AT), ...options });
}

async function started(test: TestContext) {
  const { smartId, server } = await against(test);
  const prepared = smartId.prepare(REQUEST);
  const stored = preparedSessionSchema.parse(JSON.parse(JSON.stringify(prepared)));
  assert.deepEqual(stored, prepared);
  const result = await smartId.start(stored);
  assert.ok(result.kind === 'started');
  const session: AuthenticationSession = result.session;
  return { smartId, server, session };
}

/** Polls the session of an exchange once, with its callback parameters. */
async function poll(test: TestContext, make: (options: ExchangeOptions) => Exchange): Promise<PollResult> {
  const { session, answer, callback } = make({ issued: account });
  const { smartId } = await smartIdAgainst(
    test,
    account,
    (response) => {
      json(response, 200, answer);
    },
    { now: () => testPki.now },
  );
  return smartId.poll(session, 1_000, undefined, callback);
}
