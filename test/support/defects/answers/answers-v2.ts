import { constants, createHash, randomBytes } from 'node:crypto';
import { withMember } from '../../answers/authentication-responses.ts';
import { type Defect, inV2 } from '../defect.ts';

type Entry = Parameters<typeof inV2>[0][string];

/** Responses of RP API v2 with other signed data, another signature or other stated values than requested. */
export const answerDefectsV2: readonly Defect[] = inV2({
  'v2: another hash was signed': ['signature_invalid', () => ({ signed: { challenge: randomBytes(64) } })],
  'v2: a hash of another type was signed': ['signature_invalid', () => ({ signed: { hash: 'sha256' } })],
  'v2: the hash was hashed again': ['signature_invalid', hashedTwice],
  'v2: the signature is RSASSA-PSS': [
    'signature_invalid',
    () => ({ signed: { padding: constants.RSA_PKCS1_PSS_PADDING } }),
  ],
  'v2: the signature is the number 1': signatureOf(Buffer.alloc(256).fill(1, 255)),
  'v2: the signature consists of zeros': signatureOf(Buffer.alloc(256)),
  'v2: the signature is one octet shorter than the key': signatureOf(randomBytes(255)),
  'v2: the signature is one octet longer than the key': signatureOf(randomBytes(257)),
  'v2: the signature is not Base64': stated('response_part_malformed', '%', 'signature', 'value'),
  'v2: the stated algorithm has another hash': algorithm('sha256WithRSAEncryption'),
  'v2: the stated algorithm has a weak hash': algorithm('sha1WithRSAEncryption'),
  'v2: the stated algorithm is RSASSA-PSS': algorithm('rsassa-pss'),
  'v2: the stated algorithm is in lower case': algorithm('sha512withrsaencryption'),
  'v2: the stated algorithm is “none”': algorithm('none'),
  'v2: the interaction was not offered': stated(
    'interaction_not_offered',
    'verificationCodeChoice',
    'interactionFlowUsed',
  ),
  'v2: the interaction is unknown': stated('interaction_not_offered', 'magic', 'interactionFlowUsed'),
  'v2: the login did not offer notifications': ['flow_not_offered', () => ({ session: { flows: ['qr'] } })],
});

function stated(code: Entry[0], value: unknown, ...path: readonly string[]): Entry {
  return [code, () => ({ stated: withMember(value, ...path) })];
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
