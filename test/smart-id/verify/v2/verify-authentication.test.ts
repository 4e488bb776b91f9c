import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { VerificationError, type VerificationErrorCode } from '../../../../src/smart-id/verify/errors.ts';
import { verifyAuthenticationV2 } from '../../../../src/smart-id/verify/v2/verify-authentication.ts';
import { testPki } from '../../../support/authentication-responses.ts';
import * as answers from '../../../support/authentication-responses-v2.ts';
import { exchangeV2, type ExchangeV2, sayingV2 } from '../../../support/authentication-responses-v2.ts';
import { trustStoreOf } from '../../../support/authentications.ts';
import * as certificates from '../../../support/certificate-defects.ts';
import { ecKeyPair, rsaKeyPair } from '../../../support/certificate-encoding.ts';

describe('a genuine answer of RP API v2 is accepted', () => {
  it('and says what login needs', async () => {
    const { certificate, ...rest } = await verified(exchangeV2());
    assert.deepEqual(rest, {
      certificateLevel: 'QUALIFIED',
      documentNumber: 'PNOEE-40504040001-MOCK-Q',
      flow: 'Notification',
      interaction: 'displayTextAndPIN',
    });
    assert.deepEqual(certificate.subject.values('2.5.4.5'), ['PNOEE-40504040001']);
  });

  for (const hashAlgorithm of ['SHA-256', 'SHA-384', 'SHA-512'] as const) {
    it(`with ${hashAlgorithm}`, async () => {
      assert.equal(await refusal(exchangeV2({ session: { hashAlgorithm } })), 'accepted');
    });
  }

  it('of the account that was asked', async () => {
    const session = { expectedDocumentNumber: 'PNOEE-40504040001-MOCK-Q' };
    assert.equal(await refusal(exchangeV2({ session })), 'accepted');
  });

  it('with a screen that v2 alone has, where it was offered', async () => {
    const interactions = Buffer.from(
      JSON.stringify([{ type: 'verificationCodeChoice', displayText60: 'Log in' }]),
    ).toString('base64');
    const given = exchangeV2({
      session: { interactions },
      said: sayingV2(() => ({ interactionFlowUsed: 'verificationCodeChoice' })),
    });
    assert.equal((await verified(given)).interaction, 'verificationCodeChoice');
  });
});

describe('an answer of RP API v2 is refused', () => {
  const cases: Record<string, [() => ExchangeV2, VerificationErrorCode]> = {
    'with another hash signed': [answers.otherHashSigned, 'signature_invalid'],
    'with another type of hash signed': [answers.otherHashTypeSigned, 'signature_invalid'],
    'with the hash hashed once more': [answers.hashOfHashSigned, 'signature_invalid'],
    'with a PSS signature': [answers.pssSignature, 'signature_invalid'],
    'with the signature of another key': [
      () => answers.otherKeySigned(rsaKeyPair('another').privateKey),
      'signature_invalid',
    ],
    'to another login': [answers.answerToAnother, 'signature_invalid'],
    'that states another hash': [
      () => answers.statesAlgorithm('sha256WithRSAEncryption'),
      'signature_algorithm_unexpected',
    ],
    'that states PSS': [() => answers.statesAlgorithm('rsassa-pss'), 'signature_algorithm_unexpected'],
    'that states a weak hash': [
      () => answers.statesAlgorithm('sha1WithRSAEncryption'),
      'signature_algorithm_unexpected',
    ],
    'by a screen that was not offered': [
      () => answers.statesInteraction('verificationCodeChoice'),
      'interaction_not_offered',
    ],
    'by a screen that nobody knows': [() => answers.statesInteraction('magic'), 'interaction_not_offered'],
    'that was refused, with a signature': [
      () => answers.statesEndResult('USER_REFUSED_VC_CHOICE'),
      'end_result_not_ok',
    ],
    'whose end is nearly OK': [() => answers.statesEndResult('ok'), 'end_result_not_ok'],
    'of another person': [
      () =>
        exchangeV2({
          certificate: { identifier: 'PNOEE-50001029996' },
          session: { expectedIdentifier: 'PNOEE-40504040001' },
        }),
      'person_mismatch',
    ],
    'of another account of the person': [
      () => exchangeV2({ session: { expectedDocumentNumber: 'PNOEE-40504040001-OTHR-Q' } }),
      'document_number_mismatch',
    ],
    'with the document of another person': [
      () => answers.statesDocument('PNOEE-50001029996-MOCK-Q'),
      'document_number_mismatch',
    ],
    'of a level too low': [
      () => exchangeV2({ certificate: { level: 'ADVANCED' } }),
      'certificate_level_too_low',
    ],
    'of a level too low said to be high': [
      () => answers.statesLevel('QUALIFIED', 'ADVANCED'),
      'certificate_level_contradicts_policies',
    ],
    'of a level nobody knows': [() => answers.statesLevel('QSCD', 'QUALIFIED'), 'certificate_level_unknown'],
    'to a session without notification': [
      () => exchangeV2({ session: { flows: ['QR'] } }),
      'flow_not_offered',
    ],
    'with an expired certificate': [
      () => exchangeV2({ issued: certificates.expired(testPki) }),
      'certificate_expired',
    ],
    'with a certificate of an unknown issuer': [
      () => exchangeV2({ issued: certificates.unknownIssuer(testPki) }),
      'no_path_to_trust_anchor',
    ],
    'with a signing certificate': [
      () => exchangeV2({ issued: certificates.signingCertificate(testPki) }),
      'certificate_purpose_wrong',
    ],
    'with foreign policies': [
      () => exchangeV2({ issued: certificates.foreignPolicyOids(testPki) }),
      'certificate_policies_foreign',
    ],
    'with a weak key': [
      () => exchangeV2({ certificate: { keys: rsaKeyPair('weak', 1024) } }),
      'key_too_weak',
    ],
    'with a signature that is no Base64': [
      () => exchangeV2({ said: sayingV2(({ signature }) => ({ signature: { ...signature, value: '%' } })) }),
      'response_part_malformed',
    ],
  };
  for (const [title, [make, code]] of Object.entries(cases)) {
    it(`${title}: ${code}`, async () => {
      assert.equal(await refusal(make()), code);
    });
  }

  it('with an EC key: key_type_unexpected', async () => {
    const issued = exchangeV2();
    const given = exchangeV2({
      certificate: { keys: ecKeyPair('P-256') },
      signed: { key: rsaKeyPair('another').privateKey },
    });
    assert.equal(await refusal({ ...given, trust: issued.trust }), 'key_type_unexpected');
  });

  it('while the session runs: session_not_complete', async () => {
    const { session, trust } = exchangeV2();
    const running = verifyAuthenticationV2({ state: 'RUNNING' }, session, contextOf(trust));
    await assert.rejects(
      running,
      (error) => error instanceof VerificationError && error.code === 'session_not_complete',
    );
  });

  for (const part of ['result', 'signature', 'cert', 'interactionFlowUsed']) {
    it(`without ${part}: response_part_missing`, async () => {
      const given = exchangeV2({ said: sayingV2(() => ({ [part]: undefined })) });
      assert.equal(await refusal(given), 'response_part_missing');
    });
  }

  for (const part of ['value', 'algorithm']) {
    it(`without signature.${part}: response_part_missing`, async () => {
      const given = exchangeV2({
        said: sayingV2(({ signature }) => ({ signature: { ...signature, [part]: undefined } })),
      });
      assert.equal(await refusal(given), 'response_part_missing');
    });
  }

  it('with any one bit of its signature changed', async () => {
    const genuine = exchangeV2();
    const value = Buffer.from(genuine.answer.signature?.value ?? '', 'base64');
    await fc.assert(
      fc.asyncProperty(fc.nat(value.length - 1), fc.nat(7), async (index, bit) => {
        const changed = Buffer.from(value);
        changed[index] = (changed[index] ?? 0) ^ (1 << bit);
        const signature = { ...genuine.answer.signature, value: changed.toString('base64') };
        assert.equal(
          await refusal({ ...genuine, answer: { ...genuine.answer, signature } }),
          'signature_invalid',
        );
      }),
      { numRuns: 50 },
    );
  });

  it('with a hash that v2 does not have, before anything is believed', async () => {
    const given = exchangeV2();
    const session = { ...given.session, hashAlgorithm: 'SHA3-256' as const };
    await assert.rejects(verified({ ...given, session }), TypeError);
  });
});

function contextOf(trust: ExchangeV2['trust']) {
  return { trust: trustStoreOf(trust), revocation: 'off', now: testPki.now } as const;
}

function verified({ answer, session, trust }: ExchangeV2) {
  return verifyAuthenticationV2(answer, session, contextOf(trust));
}

/** The code under which an answer is refused. */
async function refusal(given: ExchangeV2): Promise<VerificationErrorCode | 'accepted'> {
  try {
    await verified(given);
    return 'accepted';
  } catch (error) {
    assert.ok(error instanceof VerificationError, String(error));
    assert.doesNotMatch(error.message, /40504040001|50001029996|PNO|MOCK/, 'the detail has no personal data');
    return error.code;
  }
}
