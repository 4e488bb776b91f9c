import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { HashAlgorithm } from '../../../src/smart-id/authentication.ts';
import { sessionStatusSchema } from '../../../src/smart-id/rp-api/v3/session-status.ts';
import { VerificationError, type VerificationErrorCode } from '../../../src/smart-id/verify/errors.ts';
import { verifyAuthentication } from '../../../src/smart-id/verify/verify-authentication.ts';
import type { RevocationPolicy } from '../../../src/pki/revocation.ts';
import * as answers from '../../support/authentication-responses.ts';
import { exchange, type Exchange, saying, testPki, without } from '../../support/authentication-responses.ts';
import { trustStoreOf, verified } from '../../support/authentications.ts';
import { ecKeyPair, rsaKeyPair } from '../../support/certificate-encoding.ts';
import * as certificates from '../../support/certificate-defects.ts';
import {
  type AuthenticationOptions,
  createTestPki,
  issueAuthentication,
  type IssuedCertificate,
} from '../../support/certificates.ts';
import { refusal } from './refusal.ts';

const withCertificate = (make: (pki: typeof testPki, options?: AuthenticationOptions) => IssuedCertificate) =>
  exchange({ issued: make(testPki, {}) });

describe('a genuine answer is accepted', () => {
  it('and says what login needs', async () => {
    const { certificate, ...rest } = await verified(exchange());
    assert.deepEqual(rest, {
      certificateLevel: 'QUALIFIED',
      documentNumber: 'PNOEE-40504040001-MOCK-Q',
      flow: 'Notification',
      interaction: 'displayTextAndPIN',
    });
    assert.deepEqual(certificate.subject.values('2.5.4.5'), ['PNOEE-40504040001']);
  });

  for (const hashAlgorithm of [
    'SHA-256',
    'SHA-384',
    'SHA-512',
    'SHA3-256',
    'SHA3-384',
    'SHA3-512',
  ] satisfies HashAlgorithm[]) {
    it(`with ${hashAlgorithm}`, async () => {
      assert.equal(await refusal(exchange({ session: { hashAlgorithm } })), 'accepted');
    });
  }

  for (const generation of ['current', 'older'] as const) {
    it(`with a certificate of the ${generation} generation`, async () => {
      assert.equal(await refusal(exchange({ certificate: { generation } })), 'accepted');
    });
  }

  for (const identifier of [
    'PNOEE-40504040001',
    'PNOLV-030303-10004',
    'PNOLT-40504040001',
    'PNOBE-05040400032',
    'PASUA-PU12345',
    'IDCUA-47101010033',
  ]) {
    it(`of ${identifier}`, async () => {
      assert.equal(await refusal(exchange({ certificate: { identifier } })), 'accepted');
    });
  }

  for (const level of ['ADVANCED', 'QUALIFIED'] as const) {
    it(`with a ${level} certificate where ADVANCED was asked for`, async () => {
      const { certificateLevel } = await verified(
        exchange({ session: { certificateLevel: 'ADVANCED' }, certificate: { level } }),
      );
      assert.equal(certificateLevel, level);
    });
  }

  it('from an RSA-signed CA', async () => {
    const issued = issueAuthentication(createTestPki({ caKeys: 'rsa' }));
    assert.equal(await refusal(exchange({ issued })), 'accepted');
  });

  it('of anybody, where nobody in particular was asked', async () => {
    assert.equal(await refusal(exchange({ session: { expectedIdentifier: undefined } })), 'accepted');
  });

  it('by a QR code, where one was offered', async () => {
    const session = { flows: ['QR', 'Web2App'] } as const;
    const { flow } = await verified(
      exchange({ session, signed: { flowType: 'QR' }, said: saying('QR', 'signature', 'flowType') }),
    );
    assert.equal(flow, 'QR');
  });

  it('from SK’s test chain of before 2024, on demo only', async () => {
    const certificate = { policies: ['1.3.6.1.4.1.10015.3.17.2', '0.4.0.2042.1.2'] };
    assert.equal(await refusal(exchange({ certificate })), 'accepted');
    assert.equal(
      await refusal(exchange({ certificate, session: { schemeName: 'smart-id' } })),
      'certificate_policies_foreign',
    );
  });
});

describe('an answer is refused for its certificate', () => {
  const cases: Record<string, [Exchange, VerificationErrorCode]> = {
    expired: [withCertificate(certificates.expired), 'certificate_expired'],
    'not yet valid': [withCertificate(certificates.notYetValid), 'certificate_not_yet_valid'],
    'self-signed': [withCertificate(certificates.selfSigned), 'no_path_to_trust_anchor'],
    'the right issuer’s name with the wrong key': [
      withCertificate(certificates.rightIssuerNameWrongKey),
      'certificate_signature_invalid',
    ],
    'an unknown issuer': [withCertificate(certificates.unknownIssuer), 'no_path_to_trust_anchor'],
    'an issuer that is not a CA': [withCertificate(certificates.issuerNotACa), 'issuer_not_a_ca'],
    'a path too long': [withCertificate(certificates.pathLengthExceeded), 'path_length_exceeded'],
    'an issuer without keyCertSign': [
      withCertificate(certificates.issuerWithoutKeyCertSign),
      'issuer_may_not_sign_certificates',
    ],
    'an expired issuer': [withCertificate(certificates.issuerExpired), 'certificate_expired'],
    'an unknown critical extension': [
      withCertificate(certificates.unknownCriticalExtension),
      'unknown_critical_extension',
    ],
    'a CA as end entity': [withCertificate(certificates.endEntityIsACa), 'end_entity_is_a_ca'],
    'an issuer that is not valid yet': [
      withCertificate(certificates.issuerNotYetValid),
      'certificate_not_yet_valid',
    ],
    'an issuer without key usage': [
      withCertificate(certificates.issuerWithoutKeyUsage),
      'issuer_may_not_sign_certificates',
    ],
    'an issuer with an unknown critical extension': [
      withCertificate(certificates.issuerWithUnknownCriticalExtension),
      'unknown_critical_extension',
    ],
    'an issuer signed by the wrong key': [
      withCertificate(certificates.issuerSignedByWrongKey),
      'certificate_signature_invalid',
    ],
    'another algorithm outside': [
      withCertificate(certificates.differentAlgorithmOutside),
      'certificate_malformed',
    ],
    'an extension of another type': [
      withCertificate(certificates.malformedExtension),
      'certificate_malformed',
    ],
    'garbage inside an extension': [
      withCertificate(certificates.trailingGarbageInExtension),
      'certificate_malformed',
    ],
    'a length that is not DER': [withCertificate(certificates.nonMinimalLength), 'certificate_malformed'],
    'more bytes than any': [withCertificate(certificates.oversized), 'certificate_malformed'],
    'a weak signature algorithm': [
      withCertificate(certificates.weakSignatureAlgorithm),
      'signature_algorithm_refused',
    ],
    'another extended key usage': [
      withCertificate(certificates.wrongExtendedKeyUsage),
      'certificate_purpose_wrong',
    ],
    'a signing certificate': [withCertificate(certificates.signingCertificate), 'certificate_purpose_wrong'],
    'foreign policies': [withCertificate(certificates.foreignPolicyOids), 'certificate_policies_foreign'],
    'Smart-ID’s own policy alone': [
      exchange({ certificate: { policies: ['1.3.6.1.4.1.10015.17.2'] } }),
      'certificate_policies_foreign',
    ],
    'the policies of both levels': [
      exchange({
        certificate: {
          policies: ['1.3.6.1.4.1.10015.17.2', '0.4.0.2042.1.2', '1.3.6.1.4.1.10015.17.1', '0.4.0.2042.1.1'],
        },
      }),
      'certificate_policies_ambiguous',
    ],
    'a non-qualified one for QUALIFIED': [
      exchange({ certificate: { level: 'ADVANCED' } }),
      'certificate_level_too_low',
    ],
    'a non-qualified one said to be QUALIFIED': [
      answers.statesHigherLevel(),
      'certificate_level_contradicts_policies',
    ],
    'a qualified one said to be ADVANCED': [
      answers.statesLowerLevel(),
      'certificate_level_contradicts_policies',
    ],
    'a level nobody knows': [answers.statesUnknownLevel(), 'certificate_level_unknown'],
    'another person': [withCertificate(certificates.otherPerson), 'person_mismatch'],
    'tampered bytes': [withCertificate(certificates.tamperedBytes), 'certificate_signature_invalid'],
    'a duplicated extension': [withCertificate(certificates.duplicatedExtension), 'certificate_malformed'],
    'trailing garbage': [withCertificate(certificates.trailingGarbage), 'certificate_malformed'],
    'a cut end': [withCertificate(certificates.truncated), 'certificate_malformed'],
    'bytes that are none': [answers.garbageCertificate(), 'certificate_malformed'],
    'Base64 with a line break': [answers.lineBreakInBase64(), 'response_part_malformed'],
    'an RSA key of 1024 bits': [
      exchange({ certificate: { keys: rsaKeyPair('weak', 1024) }, session: { hashAlgorithm: 'SHA-256' } }),
      'key_too_weak',
    ],
    'an EC key': [exchange({ certificate: { keys: ecKeyPair('P-256') } }), 'key_type_unexpected'],
  };
  for (const [title, [given, code]] of Object.entries(cases)) {
    it(`${title}: ${code}`, async () => {
      assert.equal(await refusal(given), code);
    });
  }
});

describe('an answer is refused for what it says', () => {
  const cases: Record<string, [() => Exchange, VerificationErrorCode]> = {
    'another challenge signed': [answers.wrongChallenge, 'signature_invalid'],
    'another relying party signed': [answers.otherRelyingParty, 'signature_invalid'],
    'other interactions signed': [answers.otherInteractions, 'signature_invalid'],
    'another scheme signed': [answers.otherScheme, 'signature_invalid'],
    'another flow signed than said': [answers.otherFlowSigned, 'signature_invalid'],
    'another interaction signed than said': [answers.otherInteractionSigned, 'signature_invalid'],
    'another hash signed': [answers.otherHashSigned, 'signature_invalid'],
    'another salt length signed': [answers.otherSaltSigned, 'signature_invalid'],
    'a PKCS#1 v1.5 signature': [answers.pkcs1Signature, 'signature_invalid'],
    'a signature by another key': [
      () => answers.otherKeySigned(rsaKeyPair('another').privateKey),
      'signature_invalid',
    ],
    'an altered serverRandom': [answers.alteredServerRandom, 'signature_invalid'],
    'an altered userChallenge': [answers.alteredUserChallenge, 'signature_invalid'],
    'a callback URL that was not sent': [
      () => exchange({ signed: { initialCallbackUrl: 'https://rp.example/callback' } }),
      'signature_invalid',
    ],
    'the answer to another session': [answers.replayOfAnotherSession, 'signature_invalid'],
    'a flow that was not offered': [answers.flowNotOffered, 'flow_not_offered'],
    'an interaction that was not offered': [answers.interactionNotOffered, 'interaction_not_offered'],
    'another algorithm stated': [answers.statesOtherAlgorithm, 'signature_algorithm_unexpected'],
    'another hash stated': [answers.statesOtherHash, 'hash_algorithm_unexpected'],
    'another hash for the mask stated': [answers.statesOtherMaskGeneration, 'mask_generation_unexpected'],
    'another mask function stated': [answers.statesOtherMaskFunction, 'mask_generation_unexpected'],
    'another salt length stated': [answers.statesOtherSalt, 'salt_length_unexpected'],
    'another trailer stated': [answers.statesOtherTrailer, 'trailer_field_unexpected'],
    'another signature protocol': [answers.statesOtherProtocol, 'signature_protocol_unexpected'],
    'an unknown end result': [answers.unknownEndResult, 'end_result_not_ok'],
    'a refusal with a signature': [answers.refusedWithSignature, 'end_result_not_ok'],
    'the document of another person': [answers.documentOfAnother, 'document_number_mismatch'],
    'the document of a longer identifier': [answers.documentOfLongerIdentifier, 'document_number_mismatch'],
    'another document of the same person': [answers.otherDocumentOfSamePerson, 'document_number_mismatch'],
  };
  for (const [title, [make, code]] of Object.entries(cases)) {
    it(`${title}: ${code}`, async () => {
      assert.equal(await refusal(make()), code);
    });
  }

  it('while the session runs, even with a result in it: session_not_complete', async () => {
    const { answer, session, trust } = exchange();
    const running = { ...answer, state: 'RUNNING' };
    assert.equal(sessionStatusSchema.safeParse(running).success, false, 'the wire has no such answer');
    await assert.rejects(
      verifyAuthentication({ ...running, state: 'RUNNING', result: {} }, session, {
        trust: trustStoreOf(trust),
        revocation: 'off',
        now: testPki.now,
      }),
      (error) => error instanceof VerificationError && error.code === 'session_not_complete',
    );
  });

  it('when nothing is known of the revocation policy', async () => {
    const { answer, session, trust } = exchange();
    const revocation = 'none' as RevocationPolicy;
    await assert.rejects(
      verifyAuthentication(answer, session, { trust: trustStoreOf(trust), revocation, now: testPki.now }),
    );
  });

  const parts = [
    ['result'],
    ['result', 'endResult'],
    ['result', 'documentNumber'],
    ['signatureProtocol'],
    ['signature'],
    ['signature', 'value'],
    ['signature', 'serverRandom'],
    ['signature', 'userChallenge'],
    ['signature', 'flowType'],
    ['signature', 'signatureAlgorithm'],
    ['signature', 'signatureAlgorithmParameters'],
    ['signature', 'signatureAlgorithmParameters', 'hashAlgorithm'],
    ['signature', 'signatureAlgorithmParameters', 'maskGenAlgorithm'],
    ['signature', 'signatureAlgorithmParameters', 'maskGenAlgorithm', 'algorithm'],
    ['signature', 'signatureAlgorithmParameters', 'maskGenAlgorithm', 'parameters'],
    ['signature', 'signatureAlgorithmParameters', 'saltLength'],
    ['signature', 'signatureAlgorithmParameters', 'trailerField'],
    ['cert'],
    ['cert', 'value'],
    ['cert', 'certificateLevel'],
    ['interactionTypeUsed'],
  ];
  for (const path of parts) {
    it(`without ${path.join('.')}: response_part_missing`, async () => {
      assert.equal(await refusal(exchange({ said: without(...path) })), 'response_part_missing');
    });
  }

  for (const [path, value] of [
    [['signature', 'serverRandom'], 'short'],
    [['signature', 'serverRandom'], `${'A'.repeat(24)}|x`],
    [['signature', 'userChallenge'], 'A'.repeat(42)],
    [['signature', 'userChallenge'], `${'A'.repeat(42)}|`],
    [['signature', 'value'], '%%%'],
  ] as const) {
    it(`with ${path.join('.')} ${value.slice(0, 6)}…: response_part_malformed`, async () => {
      assert.equal(await refusal(exchange({ said: saying(value, ...path) })), 'response_part_malformed');
    });
  }
});

describe('a genuine answer with one bit changed', () => {
  const genuine = exchange();
  const changed = (path: readonly [keyof typeof genuine.answer, string], encoding: 'base64' | 'base64url') =>
    fc.asyncProperty(fc.nat(), fc.nat(7), async (position, bit) => {
      const text = (genuine.answer[path[0]] as Record<string, string>)[path[1]] ?? '';
      const bytes = Buffer.from(text, encoding);
      const index = position % bytes.length;
      bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
      const answer = saying(bytes.toString(encoding), ...path)(genuine.answer);
      assert.notEqual(await refusal({ ...genuine, answer }), 'accepted');
    });

  for (const [path, encoding] of [
    [['cert', 'value'], 'base64'],
    [['signature', 'value'], 'base64'],
    [['signature', 'serverRandom'], 'base64'],
    [['signature', 'userChallenge'], 'base64url'],
  ] as const) {
    it(`in ${path.join('.')} is refused`, async () => {
      await fc.assert(changed(path, encoding), { numRuns: 200 });
    });
  }
});
