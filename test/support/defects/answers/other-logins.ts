import type { Exchange } from '../../answers/authentication-responses.ts';
import type { ExchangeV2 } from '../../answers/authentication-responses-v2.ts';
import { withMember, testPki } from '../../answers/authentication-responses.ts';
import { rsaKeyPair } from '../../certificates/certificate-encoding.ts';
import { type AuthenticationOptions, issueAuthentication } from '../../certificates/certificates.ts';
import {
  type AnyOptions,
  type Defect,
  exchangeFor,
  inEveryFlow,
  inFlows,
  type ResponseFlow,
  RESPONSE_FLOWS,
  V3_FLOWS,
} from '../defect.ts';

const IDENTIFIER = 'PNOEE-40504040001';
const OTHER = 'PNOEE-50001029996';

/** Valid parts of other logins in the wrong place. */
export const otherLoginDefects: readonly Defect[] = [
  ...inEveryFlow({
    'its certificate is of another account of the person, with another key': [
      'signature_invalid',
      () => withCertificate({ keys: rsaKeyPair('second account') }),
    ],
    'its certificate is of another person than expected': [
      'person_mismatch',
      () => withCertificate({ identifier: OTHER }, IDENTIFIER),
    ],
    'its certificate is of another person, in an anonymous session': [
      'document_number_mismatch',
      () => withCertificate({ identifier: OTHER, keys: rsaKeyPair('other person') }),
    ],
    'its certificate and document number are of another person with the same key': [
      'person_mismatch',
      () => ({ certificate: { identifier: OTHER }, session: { expectedIdentifier: IDENTIFIER } }),
    ],
  }),
  ...inFlows(RESPONSE_FLOWS, {
    'its signature is of another login of the same person': [
      'signature_invalid',
      (flow) => withSignature(exchangeFor(flow), exchangeFor(flow)),
    ],
  }),
  ...inFlows(['Notification', 'QR', 'v2'], {
    'it is the response to another login of the same person': [
      'signature_invalid',
      (flow) => ({ ...exchangeFor(flow), session: exchangeFor(flow).session }),
    ],
  }),
  ...inFlows(['Web2App'], {
    'it is the response to another login of the same person, with its callback': [
      'callback_secret_mismatch',
      (flow) => ({ ...exchangeFor(flow), session: exchangeFor(flow).session }),
    ],
  }),
  ...inFlows(V3_FLOWS, {
    'it is a response of RP API v2': [
      'response_part_missing',
      (flow) => withResponseOf('v2', exchangeFor(flow)),
    ],
  }),
  ...inFlows(['v2'], {
    'it is a response of RP API v3': [
      'response_part_missing',
      (flow) => withResponseOf('Notification', exchangeFor(flow)),
    ],
  }),
];

/** Responses for PNOEE-40504040001 with a valid certificate that has other options. */
function withCertificate(options: AuthenticationOptions, expectedIdentifier?: string): AnyOptions {
  const { certificate } = issueAuthentication(testPki, options);
  return {
    session: { expectedIdentifier },
    stated: withMember(certificate.toString('base64'), 'cert', 'value'),
  };
}

function withSignature<Given extends Exchange | ExchangeV2>(
  given: Given,
  other: Exchange | ExchangeV2,
): Given {
  return { ...given, answer: withMember(other.answer.signature?.value, 'signature', 'value')(given.answer) };
}

/** A login with one API version, with a response of the other version for the same person. */
function withResponseOf(flow: ResponseFlow, given: Exchange | ExchangeV2): Exchange | ExchangeV2 {
  return { ...given, body: JSON.stringify(exchangeFor(flow).answer) };
}
