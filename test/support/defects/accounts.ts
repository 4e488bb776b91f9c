import { generateKeyPairSync } from 'node:crypto';
import { KeyUsageFlags } from '@peculiar/asn1-x509';
import { saying, testPki } from '../answers/authentication-responses.ts';
import { ecKeyPair, type KeyPair, rsaKeyPair } from '../certificates/certificate-encoding.ts';
import type { AuthenticationProfile } from '../certificates/certificate-profile.ts';
import { type AnyOptions, type Defect, inEveryWay } from './defect.ts';
import { withoutExtension } from './hierarchy.ts';

const KEY_USAGE = '2.5.29.15';
const CERTIFICATE_POLICIES = '2.5.29.32';
const EXTENDED_KEY_USAGE = '2.5.29.37';

const QUALIFIED = ['1.3.6.1.4.1.10015.17.2', '0.4.0.2042.1.2'] as const;
const ADVANCED = ['1.3.6.1.4.1.10015.17.1', '0.4.0.2042.1.1'] as const;
const EARLY_TEST = ['1.3.6.1.4.1.10015.3.17.2', '0.4.0.2042.1.2'] as const;

const { digitalSignature, nonRepudiation, keyEncipherment, dataEncipherment, keyAgreement } = KeyUsageFlags;
const OLDER = digitalSignature | keyEncipherment | dataEncipherment;

/** Certificates of a trusted CA with another purpose, policy, level or kind of key. */
export const accountDefects: readonly Defect[] = inEveryWay({
  // the purpose
  'it is for TLS servers': [
    'certificate_purpose_wrong',
    () => ({ certificate: { extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'] } }),
  ],
  'it is for any purpose': [
    'certificate_purpose_wrong',
    () => ({ certificate: { extendedKeyUsage: ['2.5.29.37.0'] } }),
  ],
  'it has no extended key usage': [
    'certificate_purpose_wrong',
    () => ({ issued: withoutExtension(testPki, EXTENDED_KEY_USAGE) }),
  ],
  'it has no key usage': [
    'certificate_purpose_wrong',
    () => ({ issued: withoutExtension(testPki, KEY_USAGE) }),
  ],
  'it is the account’s signing certificate': [
    'certificate_purpose_wrong',
    () => ({ certificate: { keyUsage: nonRepudiation, extendedKeyUsage: [] } }),
  ],
  'its key usage is nonRepudiation': keyUsage({ keyUsage: nonRepudiation }),
  'its key usage has nonRepudiation besides': keyUsage({ keyUsage: digitalSignature | nonRepudiation }),
  'its key usage has nonRepudiation besides, in the older generation': keyUsage({
    generation: 'older',
    keyUsage: OLDER | nonRepudiation,
  }),
  'its key usage has keyAgreement besides': keyUsage({ keyUsage: digitalSignature | keyAgreement }),
  'its key usage has no digitalSignature': keyUsage({
    generation: 'older',
    keyUsage: keyEncipherment | dataEncipherment,
  }),
  'its key usage is of the older generation, its purpose of the current one': keyUsage({ keyUsage: OLDER }),
  'its key usage is of the current generation, its purpose of the older one': keyUsage({
    generation: 'older',
    keyUsage: digitalSignature,
  }),
  // the policies
  'it has no policies': [
    'certificate_policies_foreign',
    () => ({ issued: withoutExtension(testPki, CERTIFICATE_POLICIES) }),
  ],
  'its policies are foreign': policies(['1.3.6.1.4.1.99999.17.2', '0.4.0.194112.1.0']),
  'its policy is any': policies(['2.5.29.32.0']),
  'its policy is Smart-ID’s own alone': policies([QUALIFIED[0]]),
  'its policy is ETSI’s alone': policies([QUALIFIED[1]]),
  'its policies are Smart-ID’s of one level and ETSI’s of the other': policies([QUALIFIED[0], ADVANCED[1]]),
  'its policies are of both levels': [
    'certificate_policies_ambiguous',
    () => ({ certificate: { policies: [...QUALIFIED, ...ADVANCED] } }),
  ],
  'its policies are of SK’s early test chain, on live': [
    'certificate_policies_foreign',
    () => ({ certificate: { policies: EARLY_TEST }, session: { schemeName: 'smart-id' } }),
  ],
  // the level
  'its level is ADVANCED, where QUALIFIED was asked for': [
    'certificate_level_too_low',
    () => ({ certificate: { level: 'ADVANCED' } }),
  ],
  'its level is ADVANCED, said to be QUALIFIED': [
    'certificate_level_contradicts_policies',
    () => ({ certificate: { level: 'ADVANCED' }, said: saying('QUALIFIED', 'cert', 'certificateLevel') }),
  ],
  'its level is QUALIFIED, said to be ADVANCED': [
    'certificate_level_contradicts_policies',
    () => ({
      session: { certificateLevel: 'ADVANCED' },
      said: saying('ADVANCED', 'cert', 'certificateLevel'),
    }),
  ],
  'its level is said to be QSCD, which nobody asks for': statedLevel('QSCD'),
  'its level is said to be qualified, in small letters': statedLevel('qualified'),
  'its level is said to be what every object has': statedLevel('toString'),
  // the key
  'its key is an RSA key of 1024 bits': ['key_too_weak', () => short(rsaKeyPair('account, short', 1024))],
  'its key is an RSA key of 2040 bits': ['key_too_weak', () => short(rsaKeyPair('account, nearly', 2040))],
  'its key is an RSA key of exponent 3': [
    'key_too_weak',
    () => short(generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 })),
  ],
  'its key is an EC key': ['key_type_unexpected', () => ofOtherType(ecKeyPair('P-256'))],
  'its key is an Ed25519 key': ['key_type_unexpected', () => ofOtherType(generateKeyPairSync('ed25519'))],
  'its key is for RSA-PSS alone': [
    'key_type_unexpected',
    () => ofOtherType(generateKeyPairSync('rsa-pss', { modulusLength: 2048 })),
  ],
});

type Entry = Parameters<typeof inEveryWay>[0][string];

function keyUsage(certificate: AuthenticationProfile): Entry {
  return ['certificate_purpose_wrong', () => ({ certificate })];
}

function policies(oids: readonly string[]): Entry {
  return ['certificate_policies_foreign', () => ({ certificate: { policies: oids } })];
}

function statedLevel(level: string): Entry {
  return ['certificate_level_unknown', () => ({ said: saying(level, 'cert', 'certificateLevel') })];
}

/** The shortest key is too short for the longest hash. */
function short(keys: KeyPair): AnyOptions {
  return { certificate: { keys }, session: { hashAlgorithm: 'SHA-256' } };
}

function ofOtherType(keys: KeyPair): AnyOptions {
  return { certificate: { keys }, signed: { key: rsaKeyPair('authentication').privateKey } };
}
