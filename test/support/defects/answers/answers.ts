import { constants, randomBytes } from 'node:crypto';
import {
  type ExchangeOptions,
  saying,
  sayingOf,
  type Signing,
} from '../../answers/authentication-responses.ts';
import { rsaKeyPair } from '../../certificates/certificate-encoding.ts';
import { CALLBACK } from '../../answers/device-link-responses.ts';
import type { PssParameters } from '../../answers/pss-signature.ts';
import { type Defect, inV3, type WayOfV3 } from '../defect.ts';

type Entry = Parameters<typeof inV3>[0][string];

const PARAMETERS = ['signature', 'signatureAlgorithmParameters'] as const;
const MASK = [...PARAMETERS, 'maskGenAlgorithm'] as const;
const OTHER_WAY: Readonly<Record<WayOfV3, string>> = {
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
    'the relying party was signed in small letters': signed({ relyingPartyName: 'demo' }),
    'other interactions were signed': signed({
      interactions: Buffer.from('[{"type":"displayTextAndPIN","displayText60":"Pay"}]').toString('base64'),
    }),
    'the scheme of live was signed, on demo': signed({ schemeName: 'smart-id' }),
    'the scheme of demo was signed, on live': [
      'signature_invalid',
      () => ({ session: { schemeName: 'smart-id' }, signed: { schemeName: 'smart-id-demo' } }),
    ],
    'another flow was signed than is said': [
      'signature_invalid',
      (way) => ({ signed: { flowType: OTHER_WAY[way] } }),
    ],
    'another interaction was signed than is said': signed({ interactionTypeUsed: 'confirmationMessage' }),
    'another callback URL was signed': signed({ initialCallbackUrl: `${CALLBACK}x` }),
    'the server’s random was changed': [
      'signature_invalid',
      () => ({ said: saying(randomBytes(24).toString('base64'), 'signature', 'serverRandom') }),
    ],
    'a long text stands in the server’s random': [
      'signature_invalid',
      () => ({ said: saying('A'.repeat(60_000), 'signature', 'serverRandom') }),
    ],
    'the server’s random takes a field of its neighbour': [
      'response_part_malformed',
      () => ({
        genuine: {
          serverRandom: `${randomBytes(24).toString('base64')}|${randomBytes(24).toString('base64')}`,
        },
      }),
    ],
    'the server’s random is shorter than any': [
      'response_part_malformed',
      () => ({ genuine: { serverRandom: randomBytes(12).toString('base64') } }),
    ],
    // another key or algorithm
    'the signature is of another key': [
      'signature_invalid',
      () => ({ signed: { key: rsaKeyPair('another account').privateKey } }),
    ],
    'the signature is by PKCS #1 v1.5': signed({ padding: constants.RSA_PKCS1_PADDING }),
    'the signature is over another hash': signed({ hash: 'SHA-256', saltLength: 64 }),
    'the signature has a salt of another length': signed({ saltLength: 32 }),
    'the signature has no salt': byHand({ saltLength: 0 }),
    'the signature has a salt one octet shorter': byHand({ saltLength: 63 }),
    'the signature has a salt one octet longer': byHand({ saltLength: 65 }),
    'the signature has another trailer': byHand({ trailer: 0xcc }),
    'the signature has a mask of another hash': byHand({ maskHash: 'sha256' }),
    'the signature has a mask of SHA-1': byHand({ maskHash: 'sha1' }),
    'the signature is over another hash of the same length': byHand({ hash: 'sha3-512' }),
    'the signature is an octet shorter than the key': signatureOf(randomBytes(255)),
    'the signature is an octet longer than the key': signatureOf(randomBytes(257)),
    'the signature is nothing but zeros': signatureOf(Buffer.alloc(256)),
    'the signature is one': signatureOf(Buffer.alloc(256).fill(1, 255)),
    'the signature is as large as a number of its length can be': signatureOf(Buffer.alloc(256, 0xff)),
    'the signature is without its padding': spelled((text) => text.slice(0, -2)),
    'the signature is with more padding': spelled((text) => `${text}==`),
    'the signature is with a space before it': spelled((text) => ` ${text}`),
    'the signature is with a line break after it': spelled((text) => `${text}\n`),
    'the signature is with stray bits': spelled((text) => `${text.slice(0, 341)}${next(text[341])}==`),
    'the signature is in the alphabet of URLs': spelled((text) => `-_${text.slice(2)}`),
    'the signature is there twice': spelled((text) => text + text),
    'the signature is no Base64': spelled(() => '%%%'),
    // stated values
    'the flow is none that was offered': ['flow_not_offered', flowNotOffered],
    'the flow is one that nobody knows': stated('flow_not_offered', 'App2App', 'signature', 'flowType'),
    'the flow is in small letters': [
      'flow_not_offered',
      (way) => ({ said: saying(way.toLowerCase(), 'signature', 'flowType') }),
    ],
    'the interaction is none that was offered': [
      'interaction_not_offered',
      () => ({ genuine: { interactionTypeUsed: 'confirmationMessage' } }),
    ],
    'the interaction is one that nobody knows': stated(
      'interaction_not_offered',
      'magic',
      'interactionTypeUsed',
    ),
    'the protocol is the one of document signatures': stated(
      'signature_protocol_unexpected',
      'RAW_DIGEST_SIGNATURE',
      'signatureProtocol',
    ),
    'the protocol is the one of before': stated(
      'signature_protocol_unexpected',
      'ACSP_V1',
      'signatureProtocol',
    ),
    'the algorithm is said to be PKCS #1 v1.5': stated(
      'signature_algorithm_unexpected',
      'sha512WithRSAEncryption',
      'signature',
      'signatureAlgorithm',
    ),
    'the hash is said to be another': stated(
      'hash_algorithm_unexpected',
      'SHA-256',
      ...PARAMETERS,
      'hashAlgorithm',
    ),
    'the hash is said to be SHA-1': stated(
      'hash_algorithm_unexpected',
      'SHA-1',
      ...PARAMETERS,
      'hashAlgorithm',
    ),
    'the mask is said to be of another hash': stated(
      'mask_generation_unexpected',
      'SHA-256',
      ...MASK,
      'parameters',
      'hashAlgorithm',
    ),
    'the mask is said to be another function': stated(
      'mask_generation_unexpected',
      'id-mgf2',
      ...MASK,
      'algorithm',
    ),
    'the salt is said to be of another length': stated(
      'salt_length_unexpected',
      32,
      ...PARAMETERS,
      'saltLength',
    ),
    'the salt is said to be a fraction longer': stated(
      'salt_length_unexpected',
      64.000_001,
      ...PARAMETERS,
      'saltLength',
    ),
    'the trailer is said to be another': stated(
      'trailer_field_unexpected',
      '0xcc',
      ...PARAMETERS,
      'trailerField',
    ),
    'the trailer is said in capitals': stated(
      'trailer_field_unexpected',
      '0xBC',
      ...PARAMETERS,
      'trailerField',
    ),
  }),
  // In the Web2App flow the callback's verifier does not match such a challenge, which is checked first.
  ...inV3(
    {
      'the user’s challenge was changed': [
        'signature_invalid',
        () => ({ said: saying(randomBytes(32).toString('base64url'), 'signature', 'userChallenge') }),
      ],
      'the user’s challenge is a character short': userChallenge('A'.repeat(42)),
      'the user’s challenge is a character long': userChallenge('A'.repeat(44)),
      'the user’s challenge has a separator': userChallenge(`${'A'.repeat(42)}|`),
      'the user’s challenge is in the other alphabet': userChallenge(`${'A'.repeat(41)}+/`),
    },
    ['Notification', 'QR'],
  ),
];

function signed(otherwise: Partial<Signing>): Entry {
  return ['signature_invalid', () => ({ signed: otherwise })];
}

const RIGHT: PssParameters = { hash: 'sha512', maskHash: 'sha512', saltLength: 64, trailer: 0xbc };

/** RSASSA-PSS with parameters that node:crypto does not support; the response states the right ones. */
function byHand(wrong: Partial<PssParameters>): Entry {
  return ['signature_invalid', () => ({ signed: { pss: { ...RIGHT, ...wrong } } })];
}

function signatureOf(value: Buffer): Entry {
  return ['signature_invalid', () => ({ said: saying(value.toString('base64'), 'signature', 'value') })];
}

function spelled(spell: (text: string) => string): Entry {
  return [
    'response_part_malformed',
    () => ({ said: sayingOf((text) => spell(text as string), 'signature', 'value') }),
  ];
}

/** Signed as stated, so that only the form is wrong. */
function userChallenge(text: string): Entry {
  return ['response_part_malformed', () => ({ genuine: { userChallenge: text } })];
}

function stated(code: Entry[0], value: unknown, ...path: readonly string[]): Entry {
  return [code, () => ({ said: saying(value, ...path) })];
}

/** Valid, but with a flow that this login did not offer. */
function flowNotOffered(way: WayOfV3): ExchangeOptions {
  return way === 'Notification'
    ? { session: { flows: ['qr', 'web2app'] } }
    : { session: { flows: ['notification'] } };
}

/** The Base64 character with the next value: at the last position it differs only in unused bits. */
function next(character = 'A'): string {
  return String.fromCharCode(character.charCodeAt(0) + 1);
}
