import 'reflect-metadata';
import assert from 'node:assert/strict';
import { constants, createHash, randomBytes, sign } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import { PkiError } from '../../../src/pki/errors.ts';
import { authenticationSessionSchema } from '../../../src/smart-id/authentication.ts';
import { decodeInteractions } from '../../../src/smart-id/interactions.ts';
import { type PollResult } from '../../../src/login/authenticator.ts';
import {
  type PreparedSession,
  preparedSessionSchema,
  type SmartId,
  type SmartIdOptions,
} from '../../../src/smart-id/session.ts';
import { verificationCode } from '../../../src/smart-id/verification-code.ts';
import { createTestPki, issueAuthentication } from '../../support/certificates/certificates.ts';
import { json, type Respond, type RpApiServer } from '../rp-api/rp-api-server.ts';
import { smartIdAgainst } from '../smart-id-against.ts';

const IDENTIFIER = 'PNOEE-40504040001';
const SESSION_ID = '3d32860c-b62d-4716-9992-f6983e678761';
const account = issueAuthentication(createTestPki(), { identifier: IDENTIFIER });

describe('preparing', () => {
  it('creates a new challenge of 64 bytes and its verification code, and sends nothing', async (test) => {
    const { smartId, server } = await against(test, () => undefined);
    const first = prepare(smartId);
    const challenge = Buffer.from(first.session.rpChallenge, 'base64');
    assert.equal(challenge.length, 64);
    assert.equal(first.verificationCode, verificationCode(challenge));
    assert.notEqual(prepare(smartId).session.rpChallenge, first.session.rpChallenge);
    assert.equal(server.received.length, 0);
  });

  it('takes its challenge from the injected source of randomness', async (test) => {
    const { smartId } = await against(test, () => undefined, {
      randomBytes: (size) => new Uint8Array(size).fill(7),
    });
    assert.equal(prepare(smartId).session.rpChallenge, Buffer.alloc(64, 7).toString('base64'));
  });

  it('stores the values against which the response is verified', async (test) => {
    const { smartId } = await against(test, () => undefined);
    const { rpChallenge: _, interactions, ...rest } = prepare(smartId).session;
    assert.deepEqual(rest, {
      schemeName: 'smart-id-demo',
      relyingPartyName: 'DEMO',
      hashAlgorithm: 'SHA-512',
      certificateLevel: 'QUALIFIED',
      flows: ['notification'],
      expectedIdentifier: IDENTIFIER,
    });
    assert.ok(JSON.stringify(decodeInteractions(interactions)).includes('Log in to Sample app'));
  });

  it('creates sessions that can be stored as JSON and restored', async (test) => {
    const { smartId } = await against(test, () => undefined);
    const prepared = prepare(smartId);
    assert.deepEqual(restored(prepared), prepared);
    const session = { ...prepared.session, sessionId: SESSION_ID };
    assert.deepEqual(authenticationSessionSchema.parse(JSON.parse(JSON.stringify(session))), session);
  });

  it('creates sessions that are not restored with a missing or changed member', async (test) => {
    const { smartId } = await against(test, () => undefined);
    const { session } = prepare(smartId);
    const whole = { ...session, sessionId: SESSION_ID };
    for (const part of Object.keys(whole).filter((key) => key !== 'expectedIdentifier')) {
      assert.equal(
        authenticationSessionSchema.safeParse({ ...whole, [part]: undefined }).success,
        false,
        part,
      );
      assert.equal(authenticationSessionSchema.safeParse({ ...whole, [part]: 7 }).success, false, part);
    }
    assert.equal(authenticationSessionSchema.safeParse({ ...whole, flows: [] }).success, false);
    assert.equal(preparedSessionSchema.safeParse({ session, verificationCode: '12345' }).success, false);
  });
});

describe('starting', () => {
  it('creates the prepared session for the person', async (test) => {
    const { smartId, server } = await against(test, created);
    const prepared = prepare(smartId);
    assert.deepEqual(await smartId.start(restored(prepared)), {
      kind: 'started',
      session: { ...prepared.session, sessionId: SESSION_ID },
    });
    const [request] = server.received;
    assert.equal(request?.url, `/v3/authentication/notification/etsi/${IDENTIFIER}`);
    const body = JSON.parse(request.body) as Record<string, unknown>;
    assert.equal(body.relyingPartyUUID, '00000000-0000-4000-8000-000000000000');
    assert.equal(body.interactions, prepared.session.interactions);
  });

  it('returns the failure that Smart-ID answers', async (test) => {
    const { smartId } = await against(test, (response) => response.writeHead(471).end());
    assert.deepEqual(await smartId.start(prepare(smartId)), {
      kind: 'failed',
      failure: { code: 'account_not_suitable', detail: 'HTTP 471' },
    });
  });

  it('sends one request, even when the connection breaks', async (test) => {
    const { smartId, server } = await against(test, (response) => response.destroy());
    const started = await smartId.start(prepare(smartId));
    assert.equal(started.kind === 'failed' && started.failure.code, 'service_failed');
    assert.equal(server.received.length, 1);
  });
});

describe('polling', () => {
  it('returns that the session is running', async (test) => {
    const { poll } = await started(test, (response) => {
      json(response, 200, { state: 'RUNNING' });
    });
    assert.deepEqual(await poll(), { kind: 'running' });
  });

  it('authenticates the person of a verified response', async (test) => {
    const { poll, prepared } = await started(test, (response) => {
      json(response, 200, signedAnswer(prepared));
    });
    const result = await poll();
    assert.ok(result.kind === 'authenticated', JSON.stringify(result));
    assert.equal(result.authentication.flow, 'notification');
    assert.equal(result.authentication.certificateLevel, 'QUALIFIED');
    assert.equal(result.authentication.documentNumber, `${IDENTIFIER}-MOCK-Q`);
    assert.equal(result.authentication.person.semanticsIdentifier, IDENTIFIER);
  });

  it('refuses a response to another challenge, and logs only the code, as an error', async (test) => {
    const { poll, prepared, smartId, logged } = await started(test, (response) => {
      const { rpChallenge } = prepare(smartId).session;
      json(response, 200, signedAnswer({ ...prepared, session: { ...prepared.session, rpChallenge } }));
    });
    const result = await poll();
    assert.ok(result.kind === 'failed');
    assert.equal(result.failure.code, 'response_refused');
    const [line] = logged().filter(({ event }) => event === 'response_refused');
    assert.ok(line);
    assert.equal(line.level, 'error');
    assert.equal(line.code, result.failure.detail);
    assert.deepEqual(Object.keys(line).sort(), ['code', 'event', 'level', 'msg', 'time']);
  });

  it('maps the codes of a revocation check to failures of the login', async (test) => {
    for (const [refusal, code] of [
      ['certificate_revoked', 'account_unusable'],
      ['revocation_unavailable', 'revocation_unavailable'],
      ['revocation_unknown', 'response_refused'],
      ['issuer_revoked', 'response_refused'],
    ] as const) {
      const revocation = () => Promise.reject(new PkiError(refusal, 'refused by the test'));
      const { poll, prepared } = await started(
        test,
        (response) => {
          json(response, 200, signedAnswer(prepared));
        },
        { revocation },
      );
      const result = await poll();
      assert.ok(result.kind === 'failed');
      assert.deepEqual(result.failure, { code, detail: refusal });
    }
  });

  it('refuses an OK without certificate and signature', async (test) => {
    for (const answer of [
      { state: 'COMPLETE' },
      { state: 'COMPLETE', result: {} },
      { state: 'COMPLETE', result: { endResult: 'OK', documentNumber: `${IDENTIFIER}-MOCK-Q` } },
    ]) {
      const { poll } = await started(test, (response) => {
        json(response, 200, answer);
      });
      assert.equal(failureCodeOf(await poll()), 'response_refused');
    }
  });

  it('returns the failure of any other end result, even with a valid signature', async (test) => {
    for (const [endResult, code] of [
      ['TIMEOUT', 'timeout'],
      ['ok', 'unknown_end_result'],
      ['', 'unknown_end_result'],
      ['OK ', 'unknown_end_result'],
    ] as const) {
      const { poll, prepared } = await started(test, (response) => {
        const answer = signedAnswer(prepared);
        json(response, 200, { ...answer, result: { ...answer.result, endResult } });
      });
      assert.equal(failureCodeOf(await poll()), code);
    }
  });

  it('names the refused interaction', async (test) => {
    const { poll } = await started(test, (response) => {
      const details = { interaction: 'displayTextAndPIN' };
      json(response, 200, { state: 'COMPLETE', result: { endResult: 'USER_REFUSED_INTERACTION', details } });
    });
    const result = await poll();
    assert.equal(result.kind === 'failed' && result.failure.screen, 'displayTextAndPIN');
  });

  it('retries while Smart-ID fails, until it answers', async (test) => {
    const { poll, server } = await started(test, (response, _request, count) => {
      // Request 1 created the session.
      if (count === 2) response.writeHead(580).end();
      else if (count === 3) response.destroy();
      else json(response, 200, { state: 'RUNNING' });
    });
    assert.deepEqual(await poll(30_000), { kind: 'running' });
    assert.equal(server.received.length, 4);
  });

  it('returns unreachable if Smart-ID fails the whole time', async (test) => {
    const { poll, server } = await started(test, (response) => response.writeHead(503).end());
    assert.deepEqual(await poll(1_000), { kind: 'unreachable', detail: 'HTTP 503' });
    assert.ok(server.received.length > 2);
  });

  it('does not retry for a session that Smart-ID does not know', async (test) => {
    const { poll, server } = await started(test, (response) => response.writeHead(404).end());
    assert.equal(failureCodeOf(await poll(30_000)), 'session_not_found');
    assert.equal(server.received.length, 2);
  });

  it('returns that the session is running when it is aborted', async (test) => {
    const abort = new AbortController();
    const { poll, server } = await started(test, () => {
      abort.abort();
    });
    assert.deepEqual(await poll(60_000, abort.signal), { kind: 'running' });
    await server.hungUp;
  });

  it('returns that the session is running when it is aborted between two requests', async (test) => {
    const abort = new AbortController();
    const { poll, server } = await started(test, (response) => {
      response.writeHead(503).end(() => {
        abort.abort();
      });
    });
    assert.deepEqual(await poll(60_000, abort.signal), { kind: 'running' });
    assert.equal(server.received.length, 2);
  });

  it('puts no personal data into a failure or the log', async (test) => {
    const answers: Respond[] = [
      (response) => response.writeHead(302, { location: IDENTIFIER }).end(),
      (response) => response.writeHead(200, { 'content-type': 'application/json' }).end(`{"${IDENTIFIER}":`),
      (response) => {
        json(response, 200, { state: IDENTIFIER });
      },
      (response) => {
        json(response, 200, { state: 'COMPLETE', result: { endResult: IDENTIFIER } });
      },
      (response) => {
        json(response, 200, { state: 'COMPLETE', result: { endResult: 'OK', documentNumber: IDENTIFIER } });
      },
    ];
    for (const respond of answers) {
      const { poll, logged } = await started(test, respond);
      const result = await poll();
      assert.equal(result.kind, 'failed');
      assert.doesNotMatch(JSON.stringify([result, logged()]), /4050/);
    }
  });
});

function failureCodeOf(result: PollResult): string {
  return result.kind === 'failed' ? result.failure.code : result.kind;
}

function prepare(smartId: SmartId): PreparedSession {
  return smartId.prepare({
    flow: 'notification',
    identifier: IDENTIFIER,
    displayText: 'Log in to Sample app',
    knownBrowser: true,
  });
}

/** Restored from its JSON, as from a database. */
function restored(prepared: PreparedSession): PreparedSession {
  return preparedSessionSchema.parse(JSON.parse(JSON.stringify(prepared)));
}

const created: Respond = (response) => {
  json(response, 200, { sessionID: SESSION_ID });
};

function against(test: TestContext, respond: Respond, options: Partial<SmartIdOptions> = {}) {
  return smartIdAgainst(test, account, respond, options);
}

interface Started {
  readonly server: RpApiServer;
  readonly smartId: SmartId;
  readonly prepared: PreparedSession;
  readonly poll: (waitMs?: number, signal?: AbortSignal) => Promise<PollResult>;
  readonly logged: () => Record<string, unknown>[];
}

/** Starts a session; `respond` answers the requests after its creation. */
async function started(
  test: TestContext,
  respond: Respond,
  options: Partial<SmartIdOptions> = {},
): Promise<Started> {
  const answer: Respond = (response, request, count) => {
    (count === 1 ? created : respond)(response, request, count);
  };
  const { server, smartId, logged } = await against(test, answer, options);
  const prepared = prepare(smartId);
  const result = await smartId.start(prepared);
  assert.ok(result.kind === 'started');
  const { session } = result;
  return {
    server,
    smartId,
    prepared,
    logged,
    poll: (waitMs = 2_000, signal) => smartId.poll(session, waitMs, signal),
  };
}

/** The response after the person has entered the PIN. (RP API 3.2, Signature protocols, ACSP_V2) */
function signedAnswer({ session }: PreparedSession) {
  const serverRandom = randomBytes(18).toString('base64');
  const userChallenge = randomBytes(32).toString('base64url');
  const payload = [
    session.schemeName,
    'ACSP_V2',
    serverRandom,
    session.rpChallenge,
    userChallenge,
    Buffer.from(session.relyingPartyName).toString('base64'),
    '',
    createHash('sha256').update(session.interactions).digest('base64'),
    'displayTextAndPIN',
    '',
    'Notification',
  ].join('|');
  const { RSA_PKCS1_PSS_PADDING: padding } = constants;
  const value = sign('sha512', Buffer.from(payload), { key: account.privateKey, padding, saltLength: 64 });
  return {
    state: 'COMPLETE',
    result: { endResult: 'OK', documentNumber: `${IDENTIFIER}-MOCK-Q` },
    signatureProtocol: 'ACSP_V2',
    signature: {
      value: value.toString('base64'),
      serverRandom,
      userChallenge,
      flowType: 'Notification',
      signatureAlgorithm: 'rsassa-pss',
      signatureAlgorithmParameters: {
        hashAlgorithm: 'SHA-512',
        maskGenAlgorithm: { algorithm: 'id-mgf1', parameters: { hashAlgorithm: 'SHA-512' } },
        saltLength: 64,
        trailerField: '0xbc',
      },
    },
    cert: { value: account.certificate.toString('base64'), certificateLevel: 'QUALIFIED' },
    interactionTypeUsed: 'displayTextAndPIN',
  };
}
