import type { Exchange } from '../../answers/authentication-responses.ts';
import type { ExchangeV2 } from '../../answers/authentication-responses-v2.ts';
import { saying, testPki } from '../../answers/authentication-responses.ts';
import { rsaKeyPair } from '../../certificates/certificate-encoding.ts';
import { type AuthenticationOptions, issueAuthentication } from '../../certificates/certificates.ts';
import {
  type AnyOptions,
  type Defect,
  exchangeBy,
  inEveryWay,
  inWays,
  type Way,
  WAYS,
  WAYS_OF_V3,
} from '../defect.ts';

const IDENTIFIER = 'PNOEE-40504040001';
const OTHER = 'PNOEE-50001029996';

/** Valid parts of other logins in the wrong place. */
export const otherLoginDefects: readonly Defect[] = [
  ...inEveryWay({
    'its certificate is another one of the person’s, with another key': [
      'signature_invalid',
      () => withCertificate({ keys: rsaKeyPair('second account') }),
    ],
    'its certificate is another person’s, where one is expected': [
      'person_mismatch',
      () => withCertificate({ identifier: OTHER }, IDENTIFIER),
    ],
    'its certificate is another person’s, where anybody may answer': [
      'document_number_mismatch',
      () => withCertificate({ identifier: OTHER, keys: rsaKeyPair('other person') }),
    ],
    'its certificate and document number are another person’s, who has the same key': [
      'person_mismatch',
      () => ({ certificate: { identifier: OTHER }, session: { expectedIdentifier: IDENTIFIER } }),
    ],
  }),
  ...inWays(WAYS, {
    'its signature is of another login of the same person': [
      'signature_invalid',
      (way) => withSignature(exchangeBy(way), exchangeBy(way)),
    ],
  }),
  ...inWays(['Notification', 'QR', 'v2'], {
    'it is the answer to another login of the same person': [
      'signature_invalid',
      (way) => ({ ...exchangeBy(way), session: exchangeBy(way).session }),
    ],
  }),
  ...inWays(['Web2App'], {
    'it is the answer to another login of the same person, with its callback': [
      'callback_secret_mismatch',
      (way) => ({ ...exchangeBy(way), session: exchangeBy(way).session }),
    ],
  }),
  ...inWays(WAYS_OF_V3, {
    'it is an answer of RP API v2': ['response_part_missing', (way) => answeredBy('v2', exchangeBy(way))],
  }),
  ...inWays(['v2'], {
    'it is an answer of RP API v3': [
      'response_part_missing',
      (way) => answeredBy('Notification', exchangeBy(way)),
    ],
  }),
];

/** Responses for PNOEE-40504040001 with a valid certificate that has other options. */
function withCertificate(options: AuthenticationOptions, expectedIdentifier?: string): AnyOptions {
  const { certificate } = issueAuthentication(testPki, options);
  return {
    session: { expectedIdentifier },
    said: saying(certificate.toString('base64'), 'cert', 'value'),
  };
}

function withSignature<Given extends Exchange | ExchangeV2>(
  given: Given,
  other: Exchange | ExchangeV2,
): Given {
  return { ...given, answer: saying(other.answer.signature?.value, 'signature', 'value')(given.answer) };
}

/** A login with one API version, with a response of the other version for the same person. */
function answeredBy(way: Way, given: Exchange | ExchangeV2): Exchange | ExchangeV2 {
  return { ...given, body: JSON.stringify(exchangeBy(way).answer) };
}
