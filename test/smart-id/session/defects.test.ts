import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { createLogger } from '../../../src/log/logger.ts';
import { type PollResult } from '../../../src/login/authenticator.ts';
import { createSmartId } from '../../../src/smart-id/session.ts';
import type { ExchangeV2 } from '../../support/answers/authentication-responses-v2.ts';
import { type Exchange, testPki } from '../../support/answers/authentication-responses.ts';
import { levelOfTestIssuer, trustStoreOf } from '../../support/answers/authentications.ts';
import { catalogue } from '../../support/defects/catalogue.ts';
import { type Defect, exchangeFor, RESPONSE_FLOWS } from '../../support/defects/defect.ts';
import { rpApiServer, type RpApiServer } from '../rp-api/rp-api-server.ts';

describe('polling a session over HTTP', () => {
  it('authenticates the person of a genuine response', async (test) => {
    const poll = await createPoll(test);
    for (const flow of RESPONSE_FLOWS) {
      assert.equal((await poll(exchangeFor(flow))).kind, 'authenticated', flow);
    }
  });

  it('refuses a verified response whose certificate has no name', async (test) => {
    const poll = await createPoll(test);
    for (const flow of RESPONSE_FLOWS) {
      const result = await poll(exchangeFor(flow, { certificate: { givenName: ' ', surname: ' ' } }));
      assert.ok(result.kind === 'failed', flow);
      assert.deepEqual(result.failure, { code: 'response_refused', detail: 'name_missing' }, flow);
    }
  });

  for (const [group, defects] of Object.entries(catalogue)) {
    it(`refuses every defect of ${group}`, async (test) => {
      const poll = await createPoll(test);
      // Sild does not start without valid trust anchors.
      for (const defect of defects.filter(({ code }) => !TRUST_STORE_CODES.includes(code))) {
        for (const flow of defect.flows) {
          assertRefused(await poll(defect.make(flow)), defect, flow);
        }
      }
    });
  }
});

const TRUST_STORE_CODES: readonly string[] = ['no_trust_anchors', 'trust_anchor_unusable'];

/** The failure has the code of the refusal as its detail, unless polling ends before verification. */
function assertRefused(result: PollResult, { name, code }: Defect, flow: string): void {
  const title = `${flow}: ${name}`;
  switch (code) {
    case 'session_not_complete':
      assert.equal(result.kind, 'running', title);
      return;
    case 'callback_missing':
      assert.equal(result.kind, 'callback_required', title);
      return;
    case 'end_result_not_ok':
      assert.ok(result.kind === 'failed' && !result.failure.code.startsWith('response_'), title);
      return;
    case 'response_malformed':
      assert.ok(result.kind === 'failed', title);
      assert.equal(result.failure.code, code, title);
      return;
    default:
      assert.ok(result.kind === 'failed', title);
      // Polling maps an empty end result to a failure before verification finds it missing.
      if (result.failure.code === 'unknown_end_result') assert.equal(name, 'result.endResult is empty');
      else assert.equal(result.failure.detail, code, title);
  }
}

/** Returns a function that polls the session of an exchange, with the trust store of that exchange. */
async function createPoll(test: Parameters<typeof rpApiServer>[0]) {
  let body = '';
  const server: RpApiServer = await rpApiServer(test, (response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  });
  return (given: Exchange | ExchangeV2): Promise<PollResult> => {
    body = given.body ?? JSON.stringify(given.answer);
    const smartId = createSmartId({
      apiVersion: given.apiVersion,
      baseUrl: server.baseUrl,
      dispatcher: server.dispatcher,
      schemeName: given.session.schemeName,
      relyingPartyUuid: '00000000-0000-4000-8000-000000000000',
      relyingPartyName: given.session.relyingPartyName,
      certificateLevel: given.session.certificateLevel,
      trust: trustStoreOf(given.trust),
      revocation: given.revocation ?? 'off',
      levelOfIssuer: levelOfTestIssuer,
      randomBytes,
      now: () => testPki.now,
      log: createLogger({ level: 'silent' }),
    });
    const callback = given.apiVersion === '3' ? given.callback : undefined;
    return smartId.poll(given.session, 1_000, undefined, callback);
  };
}
