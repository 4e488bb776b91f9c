/** The module against the simulated Smart-ID service, which shares no code with it. */
import 'reflect-metadata';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { Agent } from 'undici';
import { createLogger } from '../../src/log/logger.ts';
import { parseCertificate } from '../../src/pki/certificate.ts';
import { createRevocationFetch } from '../../src/pki/revocation/http.ts';
import { createRevocationCheck } from '../../src/pki/revocation/revocation.ts';
import { createTrustStore } from '../../src/pki/trust-store.ts';
import type { AuthenticationSession } from '../../src/smart-id/authentication.ts';
import type {
  AuthenticatedPerson,
  AuthenticationRequest,
  PollResult,
} from '../../src/login/authenticator.ts';
import { evidenceSchema } from '../../src/smart-id/evidence/evidence.ts';
import { verifyEvidence } from '../../src/smart-id/evidence/verify-evidence.ts';
import { createSmartId, type SmartId, type SmartIdOptions } from '../../src/smart-id/session.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';

const CALLBACK = 'http://localhost:3000/callback/smart-id?value=RrKjjT4aggzu27YBddX1bQ';
const DEVICE_LINK = {
  flow: 'qr',
  displayText: 'Log in to Sample app',
  callbackUrl: CALLBACK,
} as const;
const PUSH = {
  flow: 'notification',
  displayText: 'Log in to Sample app',
  knownBrowser: true,
  identifier: 'PNOEE-40504040001',
} as const;
const log = createLogger({ level: 'silent' });
const dispatcher = new Agent();

let simulator: Simulator;
/** The callback URL that the simulated app opened. */
let openedCallback: PromiseWithResolvers<URL>;

before(async () => {
  simulator = await startSimulator({
    port: 0,
    dataDir: undefined,
    answerDelayMs: 0,
    allowsAdvanced: true,
    log,
    fetch: (input) => {
      assert.ok(input instanceof URL || typeof input === 'string');
      openedCallback.resolve(new URL(input));
      return Promise.resolve(new Response());
    },
  });
});
after(async () => {
  await dispatcher.destroy();
  await simulator.close();
});

describe('against the simulated service', () => {
  for (const apiVersion of ['3', '2'] as const) {
    it(`accepts the response to a push by RP API v${apiVersion}, and to a push to that account`, async () => {
      const smartId = createFor(apiVersion);
      const { authentication: first, session } = await authenticateByPush(
        smartId,
        { identifier: 'PNOLV-030303-10004' },
        true,
      );
      assert.equal(first.flow, 'notification');
      assert.equal(await interactionUsed(apiVersion, session), 'displayTextAndPIN');
      const { authentication: again } = await authenticateByPush(
        smartId,
        { documentNumber: first.documentNumber },
        true,
      );
      assert.equal(again.documentNumber, first.documentNumber);
    });

    it(`a push by RP API v${apiVersion} from an unknown browser requires the choice of the code`, async () => {
      const { session } = await authenticateByPush(
        createFor(apiVersion),
        { identifier: 'PNOEE-40504040001' },
        false,
      );
      const used = await interactionUsed(apiVersion, session);
      assert.equal(used, 'confirmationMessageAndVerificationCodeChoice');
    });

    it(`a Basic account is not suitable by RP API v${apiVersion}`, async () => {
      const smartId = createFor(apiVersion);
      const answer = await smartId.start(
        smartId.prepare({
          flow: 'notification',
          identifier: 'PNOLT-40504049999',
          displayText: 'Log in to Sample app',
          knownBrowser: true,
        }),
      );
      assert.equal(answer.kind === 'failed' && answer.failure.code, 'account_not_suitable');
    });
  }

  for (const apiVersion of ['3', '2'] as const) {
    it(`a Basic account logs in by RP API v${apiVersion} unless the request demands a higher level`, async () => {
      const smartId = createFor(apiVersion, { certificateLevel: 'ADVANCED' });
      const request = { ...PUSH, identifier: 'PNOLT-40504049999' };
      const result = await smartId.poll(await started(smartId, request), 5_000);
      assert.equal(result.kind === 'authenticated' && result.authentication.certificateLevel, 'ADVANCED');
      const answer = await smartId.start(smartId.prepare({ ...request, certificateLevel: 'QUALIFIED' }));
      assert.equal(answer.kind === 'failed' && answer.failure.code, 'account_not_suitable');
    });
  }

  it('accepts the response to a scanned QR code', async () => {
    const smartId = createFor('3');
    const session = await started(smartId, DEVICE_LINK);
    await openLink({ flowType: 'QR', deviceLink: smartId.qrLink(session, Date.now(), 'et') });
    assert.equal(flowOf(await smartId.poll(session, 5_000)), 'qr');
  });

  it('accepts the response to an app link only after the browser has returned', async () => {
    const smartId = createFor('3');
    const session = await started(smartId, DEVICE_LINK);
    await openLink({ flowType: 'Web2App', deviceLink: smartId.appLink(session, 'et') });
    assert.deepEqual(await smartId.poll(session, 5_000), { kind: 'callback_required' });
    const { searchParams } = await openedCallback.promise;
    assert.equal(searchParams.get('value'), 'RrKjjT4aggzu27YBddX1bQ');
    const callback = {
      sessionSecretDigest: searchParams.get('sessionSecretDigest') ?? '',
      userChallengeVerifier: searchParams.get('userChallengeVerifier') ?? '',
    };
    assert.equal(flowOf(await smartId.poll(session, 5_000, undefined, callback)), 'web2app');
    for (const altered of [
      { ...callback, sessionSecretDigest: callback.userChallengeVerifier },
      { ...callback, userChallengeVerifier: callback.sessionSecretDigest },
    ]) {
      const refused = await smartId.poll(session, 5_000, undefined, altered);
      assert.equal(refused.kind === 'failed' && refused.failure.code, 'callback_refused');
    }
  });

  for (const [off, skew] of [
    ['5 minutes behind', -300_000],
    ['5 minutes ahead', 300_000],
    ['a day ahead', 86_400_000],
  ] as const) {
    it(`accepts responses to a push and a QR code when the clock is ${off}`, async () => {
      const smartId = createFor('3', withClockSkew(skew));
      const { authentication } = await authenticateByPush(smartId, { identifier: 'PNOEE-40504040001' }, true);
      assert.equal(authentication.flow, 'notification');
      const session = await started(smartId, DEVICE_LINK);
      const deviceLink = smartId.qrLink(session, Date.now() + skew, 'et');
      assert.equal(new URL(deviceLink).searchParams.get('elapsedSeconds'), '0');
      await openLink({ flowType: 'QR', deviceLink });
      assert.equal(flowOf(await smartId.poll(session, 5_000)), 'qr');
    });
  }

  it('refuses every response when the clock is before the certificates’ validity', async () => {
    const smartId = createFor('3', withClockSkew(-86_400_000));
    const session = await started(smartId, DEVICE_LINK);
    await openLink({ flowType: 'QR', deviceLink: smartId.qrLink(session, Date.now() - 86_400_000, 'et') });
    const { kind, ...rest } = await smartId.poll(session, 5_000);
    assert.deepEqual(
      [kind, 'failure' in rest && rest.failure.detail],
      ['failed', 'certificate_not_yet_valid'],
    );
  });

  it('accepts a certificate whose CAs report the status good', async () => {
    for (const apiVersion of ['3', '2'] as const) {
      const smartId = createFor(apiVersion, await withRevocationCheck());
      await authenticateByPush(smartId, { identifier: 'PNOEE-40504040001' }, true);
    }
  });

  it('keeps the evidence of a login that asks for it, which verifies once more without the service', async () => {
    for (const apiVersion of ['3', '2'] as const) {
      const checks = await withRevocationCheck();
      const smartId = createFor(apiVersion, checks);
      const session = await started(smartId, { ...PUSH, keepsEvidence: true });
      const result = await smartId.poll(session, 5_000);
      assert.ok(result.kind === 'authenticated');
      const stored = JSON.stringify(result.authentication.evidence);
      assert.ok(stored.length < 20_000, String(stored.length));
      assert.equal(stored.includes(session.sessionId), false);
      const evidence = evidenceSchema.parse(JSON.parse(stored));
      const verified = await verifyEvidence(evidence, { trust: checks.trust });
      assert.equal(verified.documentNumber, result.authentication.documentNumber);
      assert.equal(verified.revocationEvidence.length, 2);
      assert.equal(evidence.notSigned.includes('interactions'), apiVersion === '2');
      const without = await started(smartId, PUSH);
      const other = await smartId.poll(without, 5_000);
      assert.ok(other.kind === 'authenticated' && other.authentication.evidence === undefined);
    }
  });

  it('keeps the evidence of a link to the app, with its callback', async () => {
    const checks = await withRevocationCheck();
    const smartId = createFor('3', checks);
    const session = await started(smartId, { ...DEVICE_LINK, keepsEvidence: true });
    await openLink({ flowType: 'Web2App', deviceLink: smartId.appLink(session, 'et') });
    const opened = await openedCallback.promise;
    const result = await smartId.poll(session, 5_000, undefined, {
      sessionSecretDigest: opened.searchParams.get('sessionSecretDigest') ?? '',
      userChallengeVerifier: opened.searchParams.get('userChallengeVerifier') ?? '',
    });
    assert.ok(result.kind === 'authenticated', JSON.stringify(result));
    const evidence = evidenceSchema.parse(JSON.parse(JSON.stringify(result.authentication.evidence)));
    assert.equal((await verifyEvidence(evidence, { trust: checks.trust })).flow, 'web2app');
  });

  it('refuses a certificate that is revoked, or whose CA is, by OCSP or by CRL', async () => {
    for (const [revoked, ocsp, refusal] of [
      ['PNOEE-40504040001', 'answers', 'certificate_revoked'],
      ['PNOEE-40504040001', 'wrong-key', 'certificate_revoked'],
      ['eid-q', 'answers', 'issuer_revoked'],
      ['eid-q', 'stale', 'issuer_revoked'],
    ] as const) {
      await configureRevocation({ revoked: [revoked], ocsp });
      const smartId = createFor('3', await withRevocationCheck());
      const session = await started(smartId, PUSH);
      const result = await smartId.poll(session, 5_000);
      assert.equal(result.kind === 'failed' && result.failure.detail, refusal);
    }
    await configureRevocation({ revoked: [], ocsp: 'answers' });
  });

  it('refuses a certificate without a valid OCSP response or CRL', async () => {
    await configureRevocation({ ocsp: 'stale', crl: 'wrong-key' });
    const smartId = createFor('3', await withRevocationCheck());
    const result = await smartId.poll(await started(smartId, PUSH), 5_000);
    assert.equal(result.kind === 'failed' && result.failure.code, 'revocation_unavailable');
    await configureRevocation({ ocsp: 'answers', crl: 'answers' });
  });

  it('the simulator refuses a link with the authCode of another session', async () => {
    const smartId = createFor('3');
    const [first, second] = [await started(smartId, DEVICE_LINK), await started(smartId, DEVICE_LINK)];
    assert.ok(first.deviceLink && second.deviceLink);
    const deviceLink = { ...first.deviceLink, sessionToken: second.deviceLink.sessionToken };
    const forged = smartId.qrLink({ ...first, deviceLink }, Date.now(), 'et');
    assert.equal(await openLinkStatus({ flowType: 'QR', deviceLink: forged }), 400);
  });
});

/** As in main.ts, with the root as the trust anchor, so that the issuing CA is checked too. */
async function withRevocationCheck(): Promise<Pick<SmartIdOptions, 'trust' | 'revocation'>> {
  const root = await fetch(new URL('/ca/root.der.crt', simulator.baseUrl));
  return {
    trust: createTrustStore({
      anchors: [parseCertificate(Buffer.from(await root.arrayBuffer()))],
      intermediates: simulator.trustAnchors.map((der) => parseCertificate(der)),
    }),
    revocation: createRevocationCheck({
      policy: 'required',
      fetch: createRevocationFetch({ dispatcher }),
      randomBytes,
      now: () => new Date(),
      report: () => undefined,
    }),
  };
}

async function configureRevocation(changes: Readonly<Record<string, unknown>>): Promise<void> {
  const response = await fetch(new URL('/revocation', simulator.baseUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(changes),
  });
  assert.equal(response.status, 200);
}

/** @param skew the error of the clock, in milliseconds */
function withClockSkew(skew: number): Pick<SmartIdOptions, 'now'> {
  return { now: () => new Date(Date.now() + skew) };
}

function createFor(apiVersion: '3' | '2', options: Partial<SmartIdOptions> = {}): SmartId {
  return createSmartId({
    apiVersion,
    baseUrl: apiVersion === '3' ? simulator.baseUrl : simulator.baseUrlV2,
    dispatcher,
    schemeName: 'smart-id-demo',
    relyingPartyUuid: '00000000-0000-4000-8000-000000000000',
    relyingPartyName: 'DEMO',
    certificateLevel: 'QUALIFIED',
    trust: createTrustStore({ anchors: simulator.trustAnchors.map((der) => parseCertificate(der)) }),
    revocation: 'off',
    loopbackCallback: true,
    randomBytes,
    now: () => new Date(),
    log,
    ...options,
  });
}

async function started(smartId: SmartId, request: AuthenticationRequest): Promise<AuthenticationSession> {
  openedCallback = Promise.withResolvers();
  const answer = await smartId.start(smartId.prepare(request));
  assert.ok(answer.kind === 'started', JSON.stringify(answer));
  return answer.session;
}

/** Sends a push to an automated account, which answers it. */
async function authenticateByPush(
  smartId: SmartId,
  target: { identifier: string } | { documentNumber: string },
  knownBrowser: boolean,
): Promise<{ readonly authentication: AuthenticatedPerson; readonly session: AuthenticationSession }> {
  const request = {
    flow: 'notification',
    displayText: 'Log in to Sample app',
    knownBrowser,
    ...target,
  } as const;
  const session = await started(smartId, request);
  const result = await smartId.poll(session, 5_000);
  assert.ok(result.kind === 'authenticated', JSON.stringify(result));
  return { authentication: result.authentication, session };
}

/** The interaction that the person confirmed, according to the simulator. */
async function interactionUsed(
  apiVersion: '3' | '2',
  { sessionId }: AuthenticationSession,
): Promise<unknown> {
  const base = apiVersion === '3' ? simulator.baseUrl : simulator.baseUrlV2;
  const response = await fetch(new URL(`session/${sessionId}`, base));
  const status = (await response.json()) as Record<string, unknown>;
  return status[apiVersion === '3' ? 'interactionTypeUsed' : 'interactionFlowUsed'];
}

/** Opens a link with SK's mock device, as an account that always confirms. */
async function openLink(link: { flowType: 'QR' | 'Web2App'; deviceLink: string }): Promise<void> {
  assert.equal(await openLinkStatus(link), 200);
}

async function openLinkStatus(link: { flowType: 'QR' | 'Web2App'; deviceLink: string }): Promise<number> {
  const response = await fetch(new URL('/mock/device-link', simulator.baseUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      documentNumber: 'PNOEE-40404040009-MOCK-Q',
      browserCookie: 'sild=1',
      initialCallbackUrl: CALLBACK,
      ...link,
    }),
  });
  await response.text();
  return response.status;
}

function flowOf(result: PollResult): string {
  return result.kind === 'authenticated' ? result.authentication.flow : JSON.stringify(result);
}
