import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { createLogger } from '../../../src/log/logger.ts';
import { type PollResult } from '../../../src/login/authenticator.ts';
import { createSmartId } from '../../../src/smart-id/session.ts';
import type { ExchangeV2 } from '../../support/answers/authentication-responses-v2.ts';
import { type Exchange, testPki } from '../../support/answers/authentication-responses.ts';
import { trustStoreOf } from '../../support/answers/authentications.ts';
import { catalogue } from '../../support/defects/catalogue.ts';
import { type Defect, exchangeBy, WAYS } from '../../support/defects/defect.ts';
import { rpApiServer, type RpApiServer } from '../rp-api/rp-api-server.ts';

describe('a look at a session over HTTP', () => {
  it('sees somebody authenticated by a genuine answer', async (test) => {
    const look = await looking(test);
    for (const way of WAYS) {
      assert.equal((await look(exchangeBy(way))).kind, 'authenticated', way);
    }
  });

  it('refuses a verified answer whose certificate names nobody', async (test) => {
    const look = await looking(test);
    for (const way of WAYS) {
      const result = await look(exchangeBy(way, { certificate: { givenName: ' ', surname: ' ' } }));
      assert.ok(result.kind === 'failed', way);
      assert.deepEqual(result.failure, { code: 'response_refused', detail: 'name_missing' }, way);
    }
  });

  for (const [group, defects] of Object.entries(catalogue)) {
    it(`sees nobody by any defect of ${group}`, async (test) => {
      const look = await looking(test);
      // Without trust anchors there is no start.
      for (const defect of defects.filter(({ code }) => !OF_TRUST.includes(code))) {
        for (const way of defect.ways) {
          assertRefused(await look(defect.make(way)), defect, way);
        }
      }
    });
  }
});

const OF_TRUST: readonly string[] = ['no_trust_anchors', 'trust_anchor_unusable'];

/** The operator reads the code of every refusal, but where Smart-ID itself says that nothing came of the session. */
function assertRefused(result: PollResult, { name, code }: Defect, way: string): void {
  const title = `${way}: ${name}`;
  switch (code) {
    case 'session_not_complete':
      assert.equal(result.kind, 'running', title);
      return;
    case 'callback_missing':
      assert.equal(result.kind, 'return_needed', title);
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
      // An empty end result is one that nobody knows, before it is a part that is missing.
      if (result.failure.code === 'unknown_end_result') assert.equal(name, 'result.endResult is empty');
      else assert.equal(result.failure.detail, code, title);
  }
}

/** Looks at the session of one exchange after another, each with a trust of its own. */
async function looking(test: Parameters<typeof rpApiServer>[0]) {
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
      randomBytes,
      now: () => testPki.now,
      log: createLogger({ level: 'silent' }),
    });
    const returned = given.apiVersion === '3' ? given.returned : undefined;
    return smartId.poll(given.session, 1_000, undefined, returned);
  };
}
