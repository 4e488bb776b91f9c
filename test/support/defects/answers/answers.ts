import { constants, randomBytes } from 'node:crypto';
import {
  type ExchangeOptions,
  withMember,
  withMappedMember,
  type Signing,
} from '../../answers/authentication-responses.ts';
import { rsaKeyPair } from '../../certificates/certificate-encoding.ts';
import { CALLBACK } from '../../answers/device-link-responses.ts';
import type { PssParameters } from '../../answers/pss-signature.ts';
import { type Defect, inV3, type V3Flow } from '../defect.ts';

type Entry = Parameters<typeof inV3>[0][string];

const PARAMETERS = ['signature', 'signatureAlgorithmParameters'] as const;
const MASK = [...PARAMETERS, 'maskGenAlgorithm'] as const;
const OTHER_FLOW: Readonly<Record<V3Flow, string>> = {
  Notification: 'QR',
  QR: 'Notification',
  Web2App: 'QR',
};

/** Responses of RP API v3 with other signed data, another signature or other stated values than requested. */
export const answerDefects: readonly Defect[] = [
  ...inV3({
    // other signed data
    'another challenge was signed': signed({ rpChallenge: randomBytes(64).toString('base64') }),
    'another relying party was signed': signed({ relyingPartyName: 'DEM0' }),
    'the relying party was signed in lower case': signed({ relyingPartyName: 'demo' }),
    'a brokered relying party was signed, though none is registered': signed({
      brokeredRpName: 'Example RP',
    }),
    'no brokered relying party was signed, though one is registered': [
      'signature_invalid',
      () => ({ session: { brokeredRpName: 'Example RP' }, signed: { brokeredRpName: '' } }),
    ],
    'another brokered relying party was signed': [
      'signature_invalid',
      () => ({ session: { brokeredRpName: 'Example RP' }, signed: { brokeredRpName: 'Example rp' } }),
    ],
    'other interactions were signed': signed({
      interactions: Buffer.from('[{"type":"displayTextAndPIN","displayText60":"Pay"}]').toString('base64'),
    }),
    'the scheme name of live was signed, on demo': signed({ schemeName: 'smart-id' }),
    'the scheme name of demo was signed, on live': [
      'signature_invalid',
      () => ({ session: { schemeName: 'smart-id' }, signed: { schemeName: 'smart-id-demo' } }),
    ],
    'another flow was signed than stated': [
      'signature_invalid',
      (flow) => ({ signed: { flowType: OTHER_FLOW[flow] } }),
    ],
    'another interaction was signed than stated': signed({ interactionTypeUsed: 'confirmationMessage' }),
    'another callback URL was signed': signed({ initialCallbackUrl: `${CALLBACK}x` }),
    'serverRandom was changed': [
      'signature_invalid',
      () => ({ stated: withMember(randomBytes(24).toString('base64'), 'signature', 'serverRandom') }),
    ],
    'serverRandom is 60,000 characters long': [
      'signature_invalid',
      () => ({ stated: withMember('A'.repeat(60_000), 'signature', 'serverRandom') }),
    ],
    'serverRandom contains a field separator': [
      'response_part_malformed',
      () => ({
        genuine: {
          serverRandom: `${randomBytes(24).toString('base64')}|${randomBytes(24).toString('base64')}`,
        },
      }),
    ],
    'serverRandom is shorter than the minimum': [
      'response_part_malformed',
      () => ({ genuine: { serverRandom: randomBytes(12).toString('base64') } }),
    ],
    // another key or algorithm
    'the signature is of another key': [
      'signature_invalid',
      () => ({ signed: { key: rsaKeyPair('another account').privateKey } }),
    ],
    'the signature is RSASSA-PKCS1-v1_5': signed({ padding: constants.RSA_PKCS1_PADDING }),
    'the signature uses another hash': signed({ hash: 'SHA-256', saltLength: 64 }),
    'the signature has a salt of another length': signed({ saltLength: 32 }),
    'the signature has no salt': pssWith({ saltLength: 0 }),
    'the signature has a salt one octet shorter': pssWith({ saltLength: 63 }),
    'the signature has a salt one octet longer': pssWith({ saltLength: 65 }),
    'the signature has another trailer': pssWith({ trailer: 0xcc }),
    'the signature uses MGF1 with another hash': pssWith({ maskHash: 'sha256' }),
    'the signature uses MGF1 with SHA-1': pssWith({ maskHash: 'sha1' }),
    'the signature uses another hash of the same length': pssWith({ hash: 'sha3-512' }),
    'the signature is one octet shorter than the key': signatureOf(randomBytes(255)),
    'the signature is one octet longer than the key': signatureOf(randomBytes(257)),
    'the signature consists of zeros': signatureOf(Buffer.alloc(256)),
    'the signature is the number 1': signatureOf(Buffer.alloc(256).fill(1, 255)),
    'the signature is larger than the modulus': signatureOf(Buffer.alloc(256, 0xff)),
    'the signature’s Base64 has no padding': encodedAs((text) => text.slice(0, -2)),
    'the signature’s Base64 has too much padding': encodedAs((text) => `${text}==`),
    'the signature’s Base64 begins with a space': encodedAs((text) => ` ${text}`),
    'the signature’s Base64 ends with a line break': encodedAs((text) => `${text}\n`),
    'the signature’s Base64 has non-zero unused bits': encodedAs(
      (text) => `${text.slice(0, 341)}${nextCharacter(text[341])}==`,
    ),
    'the signature is Base64url': encodedAs((text) => `-_${text.slice(2)}`),
    'the signature’s Base64 occurs twice': encodedAs((text) => text + text),
    'the signature is not Base64': encodedAs(() => '%%%'),
    // stated values
    'the flow was not offered': ['flow_not_offered', flowNotOffered],
    'the flow is unknown': stated('flow_not_offered', 'App2App', 'signature', 'flowType'),
    'the flow is in lower case': [
      'flow_not_offered',
      (flow) => ({ stated: withMember(flow.toLowerCase(), 'signature', 'flowType') }),
    ],
    'the interaction was not offered': [
      'interaction_not_offered',
      () => ({ genuine: { interactionTypeUsed: 'confirmationMessage' } }),
    ],
    'the interaction is unknown': stated('interaction_not_offered', 'magic', 'interactionTypeUsed'),
    'the signature protocol is that of document signatures': stated(
      'signature_protocol_unexpected',
      'RAW_DIGEST_SIGNATURE',
      'signatureProtocol',
    ),
    'the signature protocol is ACSP_V1': stated(
      'signature_protocol_unexpected',
      'ACSP_V1',
      'signatureProtocol',
    ),
    'the stated algorithm is RSASSA-PKCS1-v1_5': stated(
      'signature_algorithm_unexpected',
      'sha512WithRSAEncryption',
      'signature',
      'signatureAlgorithm',
    ),
    'the stated hash is another one': stated(
      'hash_algorithm_unexpected',
      'SHA-256',
      ...PARAMETERS,
      'hashAlgorithm',
    ),
    'the stated hash is SHA-1': stated('hash_algorithm_unexpected', 'SHA-1', ...PARAMETERS, 'hashAlgorithm'),
    'the stated mask generation uses another hash': stated(
      'mask_generation_unexpected',
      'SHA-256',
      ...MASK,
      'parameters',
      'hashAlgorithm',
    ),
    'the stated mask generation is another function': stated(
      'mask_generation_unexpected',
      'id-mgf2',
      ...MASK,
      'algorithm',
    ),
    'the stated salt length is another one': stated(
      'salt_length_unexpected',
      32,
      ...PARAMETERS,
      'saltLength',
    ),
    'the stated salt length is a fraction larger': stated(
      'salt_length_unexpected',
      64.000_001,
      ...PARAMETERS,
      'saltLength',
    ),
    'the stated trailer is another one': stated(
      'trailer_field_unexpected',
      '0xcc',
      ...PARAMETERS,
      'trailerField',
    ),
    'the stated trailer is in upper case': stated(
      'trailer_field_unexpected',
      '0xBC',
      ...PARAMETERS,
      'trailerField',
    ),
  }),
  // In the Web2App flow the callback's verifier does not match such a challenge, which is checked first.
  ...inV3(
    {
      'userChallenge was changed': [
        'signature_invalid',
        () => ({ stated: withMember(randomBytes(32).toString('base64url'), 'signature', 'userChallenge') }),
      ],
      'userChallenge is one character too short': userChallenge('A'.repeat(42)),
      'userChallenge is one character too long': userChallenge('A'.repeat(44)),
      'userChallenge contains a field separator': userChallenge(`${'A'.repeat(42)}|`),
      'userChallenge is Base64, not Base64url': userChallenge(`${'A'.repeat(41)}+/`),
    },
    ['Notification', 'QR'],
  ),
];

function signed(changes: Partial<Signing>): Entry {
  return ['signature_invalid', () => ({ signed: changes })];
}

const VALID_PSS: PssParameters = { hash: 'sha512', maskHash: 'sha512', saltLength: 64, trailer: 0xbc };

/** RSASSA-PSS with parameters that node:crypto does not support; the response states the right ones. */
function pssWith(changes: Partial<PssParameters>): Entry {
  return ['signature_invalid', () => ({ signed: { pss: { ...VALID_PSS, ...changes } } })];
}

function signatureOf(value: Buffer): Entry {
  return [
    'signature_invalid',
    () => ({ stated: withMember(value.toString('base64'), 'signature', 'value') }),
  ];
}

function encodedAs(encode: (text: string) => string): Entry {
  return [
    'response_part_malformed',
    () => ({ stated: withMappedMember((text) => encode(text as string), 'signature', 'value') }),
  ];
}

/** Signed as stated, so that only the format is invalid. */
function userChallenge(text: string): Entry {
  return ['response_part_malformed', () => ({ genuine: { userChallenge: text } })];
}

function stated(code: Entry[0], value: unknown, ...path: readonly string[]): Entry {
  return [code, () => ({ stated: withMember(value, ...path) })];
}

/** Valid, but with a flow that this login did not offer. */
function flowNotOffered(flow: V3Flow): ExchangeOptions {
  return flow === 'Notification'
    ? { session: { flows: ['qr', 'web2app'] } }
    : { session: { flows: ['notification'] } };
}

/** The Base64 character with the next value: at the last position it differs only in unused bits. */
function nextCharacter(character = 'A'): string {
  return String.fromCharCode(character.charCodeAt(0) + 1);
}
