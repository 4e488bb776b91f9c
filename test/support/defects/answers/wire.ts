import { randomBytes } from 'node:crypto';
import {
  type ResponseChange,
  withMember,
  withMappedMember,
  withoutMember,
} from '../../answers/authentication-responses.ts';
import type { RefusalCode } from '../../refusal.ts';
import { type Defect, inEveryFlow, inV2, inV3 } from '../defect.ts';

type Entry = readonly [
  code: RefusalCode,
  options: () => { stated: ResponseChange } | { body: (json: string) => string },
];
type Entries = Record<string, Entry>;
type Path = readonly string[];

const PARAMETERS = ['signature', 'signatureAlgorithmParameters'] as const;
const MASK = [...PARAMETERS, 'maskGenAlgorithm'] as const;

/** Responses that do not match the schema: members that are missing, of another type, duplicated or too large. */
export const wireDefects: readonly Defect[] = [
  ...inEveryFlow({
    ...withoutObject('result'),
    ...withoutObject('signature'),
    ...withoutObject('cert'),
    ...withoutText('result', 'endResult'),
    ...withoutText('result', 'documentNumber'),
    ...withoutText('signature', 'value'),
    ...withoutText('cert', 'value'),
    ...withoutText('cert', 'certificateLevel'),
    // the state and the end result
    'the session is running': body('session_not_complete', () => '{"state":"RUNNING"}'),
    'the session is running, but has a signature': body('session_not_complete', (json) =>
      json.replace('"COMPLETE"', '"RUNNING"').replace('"endResult":"OK",', ''),
    ),
    'the session is running, but has the end result OK': stateValue('response_malformed', 'RUNNING', 'state'),
    'the session has an unknown state': stateValue('response_malformed', 'COMPLETED', 'state'),
    'the session has no state': ['response_malformed', () => ({ stated: withoutMember('state') })],
    'the end result is unknown': stateEndResult('SPLENDID'),
    'the end result is OK in lower case': stateEndResult('ok'),
    'the end result is OK and a space': stateEndResult('OK '),
    'the end result is USER_REFUSED, with a signature': stateEndResult('USER_REFUSED'),
    'the end result is TIMEOUT, with a signature': stateEndResult('TIMEOUT'),
    'the end result is WRONG_VC, with a signature': stateEndResult('WRONG_VC'),
    // the JSON
    'the response is empty': body('response_malformed', () => ''),
    'the response is null': body('response_malformed', () => 'null'),
    'the response is in an array': body('response_malformed', (json) => `[${json}]`),
    'the response is a string that contains the JSON': body('response_malformed', (json) =>
      JSON.stringify(json),
    ),
    'the response is HTML': body('response_malformed', () => '<!doctype html><title>OK</title>'),
    'the response is truncated': body('response_malformed', (json) => json.slice(0, -1)),
    'the response occurs twice': body('response_malformed', (json) => json + json),
    'the response is the value of __proto__': body('response_malformed', (json) => `{"__proto__":${json}}`),
    // of duplicate members, the last one is used
    'the end result is duplicated': body('end_result_not_ok', (json) =>
      json.replace('"endResult":"OK"', '"endResult":"OK","endResult":"USER_REFUSED"'),
    ),
    'the result is duplicated': body('end_result_not_ok', (json) =>
      json.replace(/}$/, ',"result":{"endResult":"TIMEOUT","documentNumber":"PNOEE-40504040001-MOCK-Q"}}'),
    ),
    'the state is duplicated': body('response_malformed', (json) =>
      json.replace(/}$/, ',"state":"RUNNING"}'),
    ),
    'the level is duplicated': body('certificate_level_unknown', (json) =>
      json.replace(
        '"certificateLevel":"QUALIFIED"',
        '"certificateLevel":"QUALIFIED","certificateLevel":"QSCD"',
      ),
    ),
    'the document number is duplicated': body('document_number_mismatch', (json) =>
      json.replace('-MOCK-Q"', '-MOCK-Q","documentNumber":"PNOEE-50001029996-MOCK-Q"'),
    ),
    // the certificate's text
    'the certificate is random bytes': stateValue(
      'certificate_malformed',
      randomBytes(900).toString('base64'),
      'cert',
      'value',
    ),
    'the certificate is 40,000 bytes long': stateValue(
      'certificate_malformed',
      Buffer.alloc(40_000, 0x30).toString('base64'),
      'cert',
      'value',
    ),
    'the certificate’s Base64 ends with a line break': certificateText((text) => `${text}\n`),
    'the certificate’s Base64 is in lines': certificateText((text) => text.replaceAll(/.{64}/g, '$&\n')),
    'the certificate is PEM': certificateText(
      (text) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----`,
    ),
    'the certificate’s Base64 has too much padding': certificateText((text) => `${text}====`),
    'the certificate is not Base64': certificateText(() => '%%%'),
    'the signature is 40,000 bytes long': stateValue(
      'signature_invalid',
      Buffer.alloc(40_000, 1).toString('base64'),
      'signature',
      'value',
    ),
    'the document number is 60,000 characters long': stateValue(
      'document_number_mismatch',
      'A'.repeat(60_000),
      'result',
      'documentNumber',
    ),
  }),
  ...inV3({
    ...withoutObject(...PARAMETERS),
    ...withoutObject(...MASK),
    ...withoutObject(...MASK, 'parameters'),
    ...withoutText('signatureProtocol'),
    ...withoutText('interactionTypeUsed'),
    ...withoutText('signature', 'serverRandom'),
    ...withoutText('signature', 'userChallenge'),
    ...withoutText('signature', 'flowType'),
    ...withoutText('signature', 'signatureAlgorithm'),
    ...withoutText(...PARAMETERS, 'hashAlgorithm'),
    ...withoutText(...PARAMETERS, 'trailerField'),
    ...withoutText(...MASK, 'algorithm'),
    ...withoutText(...MASK, 'parameters', 'hashAlgorithm'),
    'without saltLength': [
      'response_part_missing',
      () => ({ stated: withoutMember(...PARAMETERS, 'saltLength') }),
    ],
    'saltLength is null': stateValue('response_malformed', null, ...PARAMETERS, 'saltLength'),
    'saltLength is a string': stateValue('response_malformed', '64', ...PARAMETERS, 'saltLength'),
    'saltLength is in an array': stateValue('response_malformed', [64], ...PARAMETERS, 'saltLength'),
    'saltLength is infinite': body('response_malformed', (json) =>
      json.replace('"saltLength":64', '"saltLength":1e400'),
    ),
    'the flow is duplicated': body('flow_not_offered', (json) =>
      json.replace(/"flowType":"(\w+)"/, '"flowType":"$1","flowType":"App2App"'),
    ),
  }),
  ...inV2({
    ...withoutText('signature', 'algorithm'),
    ...withoutText('interactionFlowUsed'),
  }),
];

/** Values in place of a text, other than an absent member. */
function withoutText(...path: Path): Entries {
  const name = path.join('.');
  return {
    [`without ${name}`]: ['response_part_missing', () => ({ stated: withoutMember(...path) })],
    [`${name} is empty`]: stateValue('response_part_missing', '', ...path),
    [`${name} is null`]: stateValue('response_malformed', null, ...path),
    [`${name} is a number`]: stateValue('response_malformed', 1, ...path),
    // An array that becomes the text itself when it is concatenated.
    [`${name} is in an array`]: [
      'response_malformed',
      () => ({ stated: withMappedMember((value) => [value], ...path) }),
    ],
  };
}

function withoutObject(...path: Path): Entries {
  const name = path.join('.');
  return {
    [`without ${name}`]: ['response_part_missing', () => ({ stated: withoutMember(...path) })],
    [`${name} is empty`]: stateValue('response_part_missing', {}, ...path),
    [`${name} is null`]: stateValue('response_malformed', null, ...path),
    [`${name} is a string`]: stateValue('response_malformed', 'OK', ...path),
    [`${name} is in an array`]: [
      'response_malformed',
      () => ({ stated: withMappedMember((value) => [value], ...path) }),
    ],
  };
}

function stateValue(code: RefusalCode, value: unknown, ...path: Path): Entry {
  return [code, () => ({ stated: withMember(value, ...path) })];
}

function stateEndResult(endResult: string): Entry {
  return stateValue('end_result_not_ok', endResult, 'result', 'endResult');
}

function body(code: RefusalCode, change: (json: string) => string): Entry {
  return [code, () => ({ body: change })];
}

function certificateText(encode: (text: string) => string): Entry {
  return [
    'response_part_malformed',
    () => ({ stated: withMappedMember((text) => encode(text as string), 'cert', 'value') }),
  ];
}
