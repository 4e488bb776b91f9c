import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RevocationSourceErrorCode } from '../../../src/pki/revocation/errors.ts';
import { type RevocationAnswer, verifyOcspResponse } from '../../../src/pki/revocation/ocsp-response.ts';
import { createTestPki } from '../../support/certificates/certificates.ts';
import * as defects from '../../support/revocation/ocsp-defects.ts';
import {
  type TestOcspRequest,
  testOcspRequest,
  encodeOcsp,
  issueResponder,
  type OcspOptions,
  ocspTemplate,
  ownResponder,
  rsaResponder,
  singleResponse,
  wholeSeconds,
} from '../../support/revocation/ocsp-responses.ts';

const pki = createTestPki();
const rsaPki = createTestPki({ caKeys: 'rsa' });
const minutes = (count: number) => new Date(pki.now.getTime() + count * 60_000);

function verify(request: TestOcspRequest, options: OcspOptions, at = request.pki.now): RevocationAnswer {
  return verifyOcspResponse(encodeOcsp(ocspTemplate(request, options)), request.question, at);
}

for (const [kind, testPki] of [
  ['ECDSA', pki],
  ['RSA', rsaPki],
] as const) {
  const request = testOcspRequest(testPki);
  const responders = {
    'the CA itself': ownResponder(request.ca),
    'a responder with an ECDSA key': issueResponder(testPki, request.ca),
    'a responder with an RSA key': rsaResponder(testPki, request.ca),
  };

  describe(`a genuine response about a certificate of an ${kind} CA`, () => {
    for (const [who, responder] of Object.entries(responders)) {
      for (const namedBy of ['name', 'key'] as const) {
        for (const hash of ['sha1', 'sha256'] as const) {
          it(`by ${who}, identified by ${namedBy}, is accepted with ${hash} hashes`, () => {
            for (const status of ['good', 'revoked', 'unknown'] as const) {
              assert.equal(verify(request, { responder, namedBy, hash, status }).status, status);
            }
          });
        }
      }
    }
  });

  describe(`a defective response about a certificate of an ${kind} CA`, () => {
    const refusals: [make: (request: TestOcspRequest) => Buffer, code: RevocationSourceErrorCode][] = [
      [defects.otherSerialNumber, 'ocsp_other_certificate'],
      [defects.otherIssuerName, 'ocsp_other_certificate'],
      [defects.otherIssuerKey, 'ocsp_other_certificate'],
      [defects.otherHash, 'ocsp_other_certificate'],
      [defects.mislabelledHash, 'ocsp_other_certificate'],
      [defects.withoutSingleResponse, 'ocsp_other_certificate'],
      [defects.twoSingleResponses, 'ocsp_other_certificate'],
      [defects.sameSingleResponseTwice, 'ocsp_other_certificate'],
      [defects.otherNonce, 'ocsp_nonce_mismatch'],
      [defects.twoNonces, 'ocsp_nonce_mismatch'],
      [defects.stale, 'ocsp_stale'],
      [defects.oldWithoutNextUpdate, 'ocsp_stale'],
      [defects.producedTooEarly, 'ocsp_stale'],
      [defects.thisUpdateInTheFuture, 'ocsp_in_the_future'],
      [defects.producedInTheFuture, 'ocsp_in_the_future'],
      [defects.wrongKey, 'ocsp_signature_invalid'],
      [defects.wrongKeyNamingTheCa, 'ocsp_signature_invalid'],
      [defects.weakSignatureAlgorithm, 'ocsp_signature_invalid'],
      [defects.tamperedStatus, 'ocsp_signature_invalid'],
      [defects.tamperedSignature, 'ocsp_signature_invalid'],
      [defects.withoutResponderCertificate, 'ocsp_responder_unknown'],
      [defects.otherResponderNamed, 'ocsp_responder_unknown'],
      [defects.responderWithoutPurpose, 'ocsp_responder_not_authorised'],
      [defects.responderForAnyPurpose, 'ocsp_responder_not_authorised'],
      [defects.responderWithoutDigitalSignature, 'ocsp_responder_not_authorised'],
      [defects.responderWithoutKeyUsage, 'ocsp_responder_not_authorised'],
      [defects.responderWithoutNoCheck, 'ocsp_responder_not_authorised'],
      [defects.responderExpired, 'ocsp_responder_not_authorised'],
      [defects.responderNotYetValid, 'ocsp_responder_not_authorised'],
      [defects.responderIsACa, 'ocsp_responder_not_authorised'],
      [defects.responderWithUnknownCriticalExtension, 'ocsp_responder_not_authorised'],
      [defects.responderForCertificates, 'ocsp_responder_not_authorised'],
      [defects.responderOfAnotherKey, 'ocsp_responder_not_authorised'],
      [defects.responderOfAnotherCa, 'ocsp_responder_not_authorised'],
      [defects.responderOfTheRoot, 'ocsp_responder_not_authorised'],
      [defects.responderOfCaWithSameName, 'ocsp_responder_not_authorised'],
      [defects.personAsResponder, 'ocsp_responder_not_authorised'],
      [defects.signedByTheRoot, 'ocsp_responder_not_authorised'],
      [defects.signedByASelfSignedResponder, 'ocsp_responder_not_authorised'],
      [defects.criticalExtension, 'ocsp_critical_extension'],
      [defects.criticalSingleExtension, 'ocsp_critical_extension'],
      [defects.tryLater, 'ocsp_not_successful'],
      [defects.unauthorised, 'ocsp_not_successful'],
      [defects.successfulWithoutResponse, 'ocsp_malformed'],
      [defects.otherResponseType, 'ocsp_malformed'],
      [defects.withoutSignature, 'ocsp_malformed'],
      [defects.goodWithContent, 'ocsp_malformed'],
      [defects.anotherValueInResponseData, 'ocsp_malformed'],
      [defects.anotherValueInResponderId, 'ocsp_malformed'],
      [defects.anotherValueInSingleResponse, 'ocsp_malformed'],
      [defects.anotherValueInCertId, 'ocsp_malformed'],
      [defects.anotherValueInHashAlgorithm, 'ocsp_malformed'],
      [defects.anotherValueInNextUpdate, 'ocsp_malformed'],
      [defects.anotherValueInExtensions, 'ocsp_malformed'],
      [defects.anotherValueInExtension, 'ocsp_malformed'],
      [defects.truncated, 'ocsp_malformed'],
      [defects.trailingBytes, 'ocsp_malformed'],
      [defects.nonMinimalLength, 'ocsp_malformed'],
      [defects.malformedResponderCertificate, 'ocsp_malformed'],
      [defects.oversize, 'ocsp_malformed'],
      [defects.notDer, 'ocsp_malformed'],
      [defects.empty, 'ocsp_malformed'],
    ];
    for (const [make, code] of refusals) {
      it(`is refused: ${make.name} → ${code}`, () => {
        assert.throws(() => verifyOcspResponse(make(request), request.question, testPki.now), {
          name: 'RevocationSourceError',
          code,
        });
      });
    }

    it('is tested with every defect of the catalogue', () => {
      const tried = new Set<unknown>(refusals.map(([make]) => make));
      assert.deepEqual(
        Object.entries(defects).filter(([, make]) => !tried.has(make)),
        [],
      );
    });
  });
}

describe('the time of a response', () => {
  const request = testOcspRequest(pki);

  it('can differ by five minutes', () => {
    for (const skew of [-5, 5]) {
      assert.equal(verify(request, {}, minutes(skew)).status, 'good');
      assert.equal(verify(request, { nextUpdate: null }, minutes(skew)).status, 'good');
    }
  });

  it('cannot differ by ten minutes', () => {
    assert.throws(() => verify(request, {}, minutes(-10)), { code: 'ocsp_in_the_future' });
    assert.throws(() => verify(request, {}, minutes(10)), { code: 'ocsp_stale' });
  });

  it('cannot be an invalid date', () => {
    assert.throws(() => verify(request, { responder: ownResponder(request.ca) }, new Date(NaN)), {
      name: 'RevocationSourceError',
    });
  });

  it('has a nextUpdate, or none', () => {
    const thisUpdate = wholeSeconds(pki.now);
    const { nextUpdate } = verify(request, { thisUpdate });
    assert.equal(nextUpdate?.getTime(), thisUpdate.getTime() + 12 * 3_600_000);
    assert.equal(verify(request, { nextUpdate: null }).nextUpdate, undefined);
  });
});

describe('a response without a nonce', () => {
  it('is accepted if it was produced just now', () => {
    assert.equal(verify(testOcspRequest(pki), { nonce: null }).status, 'good');
  });
});

describe('a response about several certificates', () => {
  it('is accepted for the requested one', () => {
    const [request, other] = [testOcspRequest(pki), testOcspRequest(pki)];
    const responses = [
      singleResponse(other, { status: 'revoked' }),
      singleResponse(request),
      singleResponse({
        ...request,
        question: { ...request.question, certificate: other.question.certificate },
      }),
    ];
    const der = encodeOcsp({ ...ocspTemplate(request), responses });
    assert.equal(verifyOcspResponse(der, request.question, pki.now).status, 'good');
  });
});

describe('the responder’s certificate', () => {
  it('can be among others, in any order', () => {
    const request = testOcspRequest(pki);
    const template = ocspTemplate(request);
    const others = [pki.root.certificate, pki.issuing.certificate];
    for (const certificates of [
      [...template.certificates, ...others],
      [...others, ...template.certificates],
    ]) {
      const der = encodeOcsp({ ...template, certificates });
      assert.equal(verifyOcspResponse(der, request.question, pki.now).status, 'good');
    }
  });

  it('that was accepted before is refused once it has expired, and for another CA', () => {
    const expiry = minutes(30 * 24 * 60);
    const responder = issueResponder(pki, pki.issuing, { notAfter: expiry });
    const at = new Date(expiry.getTime() + 60_000);
    // Its answers are new each time.
    const verifyAt = (now: Date, { ca }: TestOcspRequest) => {
      const request = testOcspRequest({ ...pki, now });
      return verify({ ...request, ca }, { responder });
    };
    const request = testOcspRequest(pki);
    for (let time = 0; time < 2; time++) assert.equal(verifyAt(pki.now, request).status, 'good');
    assert.throws(() => verifyAt(at, request), { code: 'ocsp_responder_not_authorised' });
    assert.equal(verifyAt(pki.now, request).status, 'good');
    const other = testOcspRequest(createTestPki());
    assert.throws(() => verify(other, { responder }), { code: 'ocsp_responder_not_authorised' });
  });

  it('is not searched beyond the limit of certificates', () => {
    const request = testOcspRequest(pki);
    const template = ocspTemplate(request);
    const certificates = [...Array<Buffer>(8).fill(pki.root.certificate), ...template.certificates];
    assert.throws(
      () => verifyOcspResponse(encodeOcsp({ ...template, certificates }), request.question, pki.now),
      { code: 'ocsp_responder_unknown' },
    );
  });
});

describe('a genuine response with one altered byte', () => {
  for (const [who, responder] of [
    ['the CA', ownResponder(pki.issuing)],
    ['a responder', issueResponder(pki, pki.issuing)],
  ] as const) {
    it(`is refused, for every byte, signed by ${who}`, () => {
      const request = testOcspRequest(pki);
      const genuine = encodeOcsp(ocspTemplate(request, { responder }));
      for (const [at, byte] of genuine.entries()) {
        const altered = Buffer.from(genuine);
        altered[at] = byte ^ 0x01;
        assert.throws(
          () => verifyOcspResponse(altered, request.question, pki.now),
          { name: 'RevocationSourceError' },
          `byte ${at}`,
        );
      }
    });
  }
});
