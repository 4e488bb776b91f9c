import { randomBytes } from 'node:crypto';
import { type Saying, saying, sayingOf, without } from '../../answers/authentication-responses.ts';
import type { RefusalCode } from '../../refusal.ts';
import { type Defect, inEveryWay, inV2, inV3 } from '../defect.ts';

type Entry = readonly [
  code: RefusalCode,
  options: () => { said: Saying } | { body: (json: string) => string },
];
type Entries = Record<string, Entry>;
type Path = readonly string[];

const PARAMETERS = ['signature', 'signatureAlgorithmParameters'] as const;
const MASK = [...PARAMETERS, 'maskGenAlgorithm'] as const;

/** Responses that do not match the schema: members that are missing, of another type, duplicated or too large. */
export const wireDefects: readonly Defect[] = [
  ...inEveryWay({
    ...withoutObject('result'),
    ...withoutObject('signature'),
    ...withoutObject('cert'),
    ...withoutText('result', 'endResult'),
    ...withoutText('result', 'documentNumber'),
    ...withoutText('signature', 'value'),
    ...withoutText('cert', 'value'),
    ...withoutText('cert', 'certificateLevel'),
    // the end
    'the session still runs': body('session_not_complete', () => '{"state":"RUNNING"}'),
    'the session still runs, and is signed already': body('session_not_complete', (json) =>
      json.replace('"COMPLETE"', '"RUNNING"').replace('"endResult":"OK",', ''),
    ),
    'the session still runs, and is OK already': says('response_malformed', 'RUNNING', 'state'),
    'the session is in a state that nobody knows': says('response_malformed', 'COMPLETED', 'state'),
    'the session has no state': ['response_malformed', () => ({ said: without('state') })],
    'the end is one that nobody knows': ended('SPLENDID'),
    'the end is OK in small letters': ended('ok'),
    'the end is OK and a space': ended('OK '),
    'the person refused, and it is signed': ended('USER_REFUSED'),
    'the time is over, and it is signed': ended('TIMEOUT'),
    'the wrong code was chosen, and it is signed': ended('WRONG_VC'),
    // the JSON
    'the answer is empty': body('response_malformed', () => ''),
    'the answer is null': body('response_malformed', () => 'null'),
    'the answer is in a list': body('response_malformed', (json) => `[${json}]`),
    'the answer is a text of JSON': body('response_malformed', (json) => JSON.stringify(json)),
    'the answer is a web page': body('response_malformed', () => '<!doctype html><title>OK</title>'),
    'the answer is cut': body('response_malformed', (json) => json.slice(0, -1)),
    'the answer is there twice': body('response_malformed', (json) => json + json),
    'the answer is all that its prototype has': body('response_malformed', (json) => `{"__proto__":${json}}`),
    // of duplicate members, the last one is used
    'the end is said twice': body('end_result_not_ok', (json) =>
      json.replace('"endResult":"OK"', '"endResult":"OK","endResult":"USER_REFUSED"'),
    ),
    'the result is said twice': body('end_result_not_ok', (json) =>
      json.replace(/}$/, ',"result":{"endResult":"TIMEOUT","documentNumber":"PNOEE-40504040001-MOCK-Q"}}'),
    ),
    'the state is said twice': body('response_malformed', (json) =>
      json.replace(/}$/, ',"state":"RUNNING"}'),
    ),
    'the level is said twice': body('certificate_level_unknown', (json) =>
      json.replace(
        '"certificateLevel":"QUALIFIED"',
        '"certificateLevel":"QUALIFIED","certificateLevel":"QSCD"',
      ),
    ),
    'the document is said twice': body('document_number_mismatch', (json) =>
      json.replace('-MOCK-Q"', '-MOCK-Q","documentNumber":"PNOEE-50001029996-MOCK-Q"'),
    ),
    // the certificate's text
    'the certificate is random bytes': says(
      'certificate_malformed',
      randomBytes(900).toString('base64'),
      'cert',
      'value',
    ),
    'the certificate is forty thousand bytes': says(
      'certificate_malformed',
      Buffer.alloc(40_000, 0x30).toString('base64'),
      'cert',
      'value',
    ),
    'the certificate’s text has a line break': certificateText((text) => `${text}\n`),
    'the certificate’s text is in lines': certificateText((text) => text.replaceAll(/.{64}/g, '$&\n')),
    'the certificate’s text is PEM': certificateText(
      (text) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----`,
    ),
    'the certificate’s text has more padding': certificateText((text) => `${text}====`),
    'the certificate’s text is no Base64': certificateText(() => '%%%'),
    'the signature is forty thousand bytes': says(
      'signature_invalid',
      Buffer.alloc(40_000, 1).toString('base64'),
      'signature',
      'value',
    ),
    'the document number is sixty thousand characters': says(
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
    'without saltLength': ['response_part_missing', () => ({ said: without(...PARAMETERS, 'saltLength') })],
    'saltLength is null': says('response_malformed', null, ...PARAMETERS, 'saltLength'),
    'saltLength is a text': says('response_malformed', '64', ...PARAMETERS, 'saltLength'),
    'saltLength is in a list': says('response_malformed', [64], ...PARAMETERS, 'saltLength'),
    'saltLength is beyond all numbers': body('response_malformed', (json) =>
      json.replace('"saltLength":64', '"saltLength":1e400'),
    ),
    'the flow is said twice': body('flow_not_offered', (json) =>
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
    [`without ${name}`]: ['response_part_missing', () => ({ said: without(...path) })],
    [`${name} is empty`]: says('response_part_missing', '', ...path),
    [`${name} is null`]: says('response_malformed', null, ...path),
    [`${name} is a number`]: says('response_malformed', 1, ...path),
    // An array that becomes the text itself when it is concatenated.
    [`${name} is in a list`]: ['response_malformed', () => ({ said: sayingOf((value) => [value], ...path) })],
  };
}

function withoutObject(...path: Path): Entries {
  const name = path.join('.');
  return {
    [`without ${name}`]: ['response_part_missing', () => ({ said: without(...path) })],
    [`${name} is empty`]: says('response_part_missing', {}, ...path),
    [`${name} is null`]: says('response_malformed', null, ...path),
    [`${name} is a text`]: says('response_malformed', 'OK', ...path),
    [`${name} is in a list`]: ['response_malformed', () => ({ said: sayingOf((value) => [value], ...path) })],
  };
}

function says(code: RefusalCode, value: unknown, ...path: Path): Entry {
  return [code, () => ({ said: saying(value, ...path) })];
}

function ended(endResult: string): Entry {
  return says('end_result_not_ok', endResult, 'result', 'endResult');
}

function body(code: RefusalCode, change: (json: string) => string): Entry {
  return [code, () => ({ body: change })];
}

function certificateText(spell: (text: string) => string): Entry {
  return [
    'response_part_malformed',
    () => ({ said: sayingOf((text) => spell(text as string), 'cert', 'value') }),
  ];
}
