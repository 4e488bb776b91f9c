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
import { cameBack, scanned } from '../../support/answers/device-link-responses.ts';
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
  it('makes a challenge, and no verification code', async (test) => {
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

  it('expects the one person it is for', async (test) => {
    const { smartId } = await against(test);
    assert.equal(
      smartId.prepare({ ...REQUEST, identifier: IDENTIFIER }).session.expectedIdentifier,
      IDENTIFIER,
    );
  });

  it('offers only the kinds of link that are shown', async (test) => {
    const { smartId } = await against(test, { deviceLinkFlows: ['qr'] });
    assert.deepEqual(smartId.prepare(REQUEST).session.flows, ['qr']);
  });

  it('takes no callback that Smart-ID would not take', async (test) => {
    const { smartId } = await against(test);
    for (const callbackUrl of ['http://localhost:3000/callback', 'https://login.example.ee/#x', '']) {
      assert.throws(() => smartId.prepare({ ...REQUEST, callbackUrl }), RangeError);
    }
  });

  it('takes a callback on this machine for the simulator alone', async (test) => {
    const { smartId } = await against(test, { loopbackCallback: true });
    const callbackUrl = 'http://localhost:3000/callback/smart-id?value=x';
    assert.equal(smartId.prepare({ ...REQUEST, callbackUrl }).initialCallbackUrl, callbackUrl);
  });
});

describe('preparing a push', () => {
  it('to one account expects that account and its person', async (test) => {
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

  it('to what is no account is an error that does not quote it', async (test) => {
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

  it('from a browser that is not known asks for the choice of the code first', async (test) => {
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
  it('keeps what its links are made of, as JSON, with the time of the answer', async (test) => {
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

  it('has a link for the QR code and one for the app', async (test) => {
    const { session, smartId } = await started(test);
    const qr = new URL(smartId.qrLink(session, RECEIVED_AT + 5_500, 'lt'));
    assert.equal(qr.searchParams.get('deviceLinkType'), 'QR');
    assert.equal(qr.searchParams.get('elapsedSeconds'), '5');
    assert.equal(qr.searchParams.get('lang'), 'lit');
    const app = new URL(smartId.appLink(session, 'ru'));
    assert.equal(app.searchParams.get('deviceLinkType'), 'Web2App');
    assert.equal(app.searchParams.get('sessionToken'), CREATED.sessionToken);
  });

  it('is not one that was started with a push', async (test) => {
    const { session, smartId } = await started(test);
    const push = { ...session, deviceLink: undefined };
    assert.throws(() => smartId.qrLink(push, RECEIVED_AT, 'en'), TypeError);
    assert.throws(() => smartId.appLink(push, 'en'), TypeError);
  });
});

describe('looking at a device-link session', () => {
  it('sees whoever scanned the code authenticated', async (test) => {
    const result = await look(test, scanned);
    assert.equal(result.kind === 'authenticated' && result.authentication.flow, 'qr');
  });

  it('needs the browser to come back from the app', async (test) => {
    assert.deepEqual(await look(test, (options) => cameBack({ ...options, returned: undefined })), {
      kind: 'return_needed',
    });
  });

  it('sees the person authenticated with what the browser brought', async (test) => {
    const result = await look(test, cameBack);
    assert.equal(result.kind === 'authenticated' && result.authentication.flow, 'web2app');
  });

  it('refuses what the browser of another login brought', async (test) => {
    const result = await look(test, (options) => ({ ...cameBack(options), returned: cameBack().returned }));
    assert.deepEqual(result, {
      kind: 'failed',
      failure: { code: 'callback_refused', detail: 'callback_secret_mismatch' },
    });
  });

  it('needs no browser where the person refused in the app', async (test) => {
    const result = await look(test, (options) => {
      const given = cameBack({ ...options, returned: undefined });
      return { ...given, answer: { ...given.answer, result: { endResult: 'USER_REFUSED' } } };
    });
    assert.equal(result.kind === 'failed' && result.failure.code, 'user_refused');
  });

  it('does not wait for a browser where the login offered no link', async (test) => {
    const result = await look(test, (options) => {
      const given = cameBack({ ...options, returned: undefined });
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
  const kept = preparedSessionSchema.parse(JSON.parse(JSON.stringify(prepared)));
  assert.deepEqual(kept, prepared);
  const result = await smartId.start(kept);
  assert.ok(result.kind === 'started');
  const session: AuthenticationSession = result.session;
  return { smartId, server, session };
}

/** Looks once at an exchange's session, as its browser. */
async function look(test: TestContext, make: (options: ExchangeOptions) => Exchange): Promise<PollResult> {
  const { session, answer, returned } = make({ issued: account });
  const { smartId } = await smartIdAgainst(
    test,
    account,
    (response) => {
      json(response, 200, answer);
    },
    { now: () => testPki.now },
  );
  return smartId.poll(session, 1_000, undefined, returned);
}
