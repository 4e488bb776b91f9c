import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Revocation } from '../../../../src/smart-id/verify/certificate/not-revoked.ts';
import { sessionStatusV2Schema } from '../../../../src/smart-id/rp-api/v2/session-status.ts';
import { sessionStatusSchema } from '../../../../src/smart-id/rp-api/v3/session-status.ts';
import { verifyAuthenticationV2 } from '../../../../src/smart-id/verify/v2/verify-authentication.ts';
import { verifyAuthentication } from '../../../../src/smart-id/verify/v3/verify-authentication.ts';
import { exchange, testPki } from '../../../support/answers/authentication-responses.ts';
import { exchangeV2 } from '../../../support/answers/authentication-responses-v2.ts';
import { trustStoreOf, verified } from '../../../support/answers/authentications.ts';

// genuine.test.ts tests what is accepted, defects.test.ts what is refused.

describe('a verified authentication', () => {
  for (const [version, given] of [
    ['v3', exchange()],
    ['v2', exchangeV2()],
  ] as const) {
    it(`has the values that a login needs, in RP API ${version}`, async () => {
      const { certificate, issuers, ...rest } = await verified(given);
      assert.deepEqual(rest, {
        certificateLevel: 'QUALIFIED',
        documentNumber: 'PNOEE-40504040001-MOCK-Q',
        flow: 'notification',
        interaction: 'displayTextAndPIN',
        revocationEvidence: [],
      });
      assert.equal(issuers.length, 2);
      assert.deepEqual(certificate.subject.values('2.5.4.5'), ['PNOEE-40504040001']);
    });
  }
});

describe('verification refuses', () => {
  it('a running session with the members of a completed one', () => {
    for (const schema of [sessionStatusSchema, sessionStatusV2Schema]) {
      const { answer } = schema === sessionStatusSchema ? exchange() : exchangeV2();
      assert.equal(schema.safeParse({ ...answer, state: 'RUNNING' }).success, false);
    }
  });

  it('an invalid revocation check', async () => {
    const { answer, session, trust } = exchange();
    const revocation = 'none' as Revocation;
    await assert.rejects(
      verifyAuthentication(answer, session, {
        trust: trustStoreOf(trust),
        revocation,
        levelOfIssuer: () => undefined,
        now: testPki.now,
      }),
    );
  });

  it('a hash that RP API v2 does not support', async () => {
    const { answer, session, trust } = exchangeV2();
    await assert.rejects(
      verifyAuthenticationV2(
        answer,
        { ...session, hashAlgorithm: 'SHA3-256' },
        { trust: trustStoreOf(trust), revocation: 'off', levelOfIssuer: () => undefined, now: testPki.now },
      ),
      TypeError,
    );
  });
});
