import { constants, createHash, randomBytes } from 'node:crypto';
import { saying } from '../../answers/authentication-responses.ts';
import { type Defect, inV2 } from '../defect.ts';

type Entry = Parameters<typeof inV2>[0][string];

/** Responses of RP API v2 with other signed data, another signature or other stated values than requested. */
export const answerDefectsV2: readonly Defect[] = inV2({
  'v2: another hash was signed': ['signature_invalid', () => ({ signed: { challenge: randomBytes(64) } })],
  'v2: a hash of another type was signed': ['signature_invalid', () => ({ signed: { hash: 'sha256' } })],
  'v2: the hash was hashed once more': ['signature_invalid', hashedTwice],
  'v2: the signature is RSASSA-PSS': [
    'signature_invalid',
    () => ({ signed: { padding: constants.RSA_PKCS1_PSS_PADDING } }),
  ],
  'v2: the signature is one': signatureOf(Buffer.alloc(256).fill(1, 255)),
  'v2: the signature is nothing but zeros': signatureOf(Buffer.alloc(256)),
  'v2: the signature is an octet shorter than the key': signatureOf(randomBytes(255)),
  'v2: the signature is an octet longer than the key': signatureOf(randomBytes(257)),
  'v2: the signature is no Base64': stated('response_part_malformed', '%', 'signature', 'value'),
  'v2: the algorithm is said to be of another hash': algorithm('sha256WithRSAEncryption'),
  'v2: the algorithm is said to be of a weak hash': algorithm('sha1WithRSAEncryption'),
  'v2: the algorithm is said to be RSASSA-PSS': algorithm('rsassa-pss'),
  'v2: the algorithm is said in small letters': algorithm('sha512withrsaencryption'),
  'v2: the algorithm is said to be none': algorithm('none'),
  'v2: the interaction is none that was offered': stated(
    'interaction_not_offered',
    'verificationCodeChoice',
    'interactionFlowUsed',
  ),
  'v2: the interaction is one that nobody knows': stated(
    'interaction_not_offered',
    'magic',
    'interactionFlowUsed',
  ),
  'v2: the login offered no notification': ['flow_not_offered', () => ({ session: { flows: ['qr'] } })],
});

function stated(code: Entry[0], value: unknown, ...path: readonly string[]): Entry {
  return [code, () => ({ said: saying(value, ...path) })];
}

function algorithm(name: string): Entry {
  return stated('signature_algorithm_unexpected', name, 'signature', 'algorithm');
}

function signatureOf(value: Buffer): Entry {
  return stated('signature_invalid', value.toString('base64'), 'signature', 'value');
}

/** Signs the hash as if it were the message. */
function hashedTwice(): ReturnType<Entry[1]> {
  const rpChallenge = randomBytes(64);
  return {
    session: { rpChallenge: rpChallenge.toString('base64') },
    signed: { challenge: createHash('sha512').update(rpChallenge).digest() },
  };
}
