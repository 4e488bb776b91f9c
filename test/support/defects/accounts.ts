import { generateKeyPairSync } from 'node:crypto';
import { KeyUsageFlags } from '@peculiar/asn1-x509';
import { withMember, testPki } from '../answers/authentication-responses.ts';
import { ecKeyPair, type KeyPair, rsaKeyPair } from '../certificates/certificate-encoding.ts';
import type { AuthenticationProfile } from '../certificates/certificate-profile.ts';
import { type AnyOptions, type Defect, inEveryFlow } from './defect.ts';
import { withoutExtension } from './hierarchy.ts';
import { once } from '../once.ts';

const KEY_USAGE = '2.5.29.15';
const CERTIFICATE_POLICIES = '2.5.29.32';
const EXTENDED_KEY_USAGE = '2.5.29.37';

const QUALIFIED = ['1.3.6.1.4.1.10015.17.2', '0.4.0.2042.1.2'] as const;
const ADVANCED = ['1.3.6.1.4.1.10015.17.1', '0.4.0.2042.1.1'] as const;
const EARLY_TEST = ['1.3.6.1.4.1.10015.3.17.2', '0.4.0.2042.1.2'] as const;

const { digitalSignature, nonRepudiation, keyEncipherment, dataEncipherment, keyAgreement } = KeyUsageFlags;
const OLDER = digitalSignature | keyEncipherment | dataEncipherment;

/** Certificates of a trusted CA with another purpose, policy, level or kind of key. */
export const accountDefects: readonly Defect[] = inEveryFlow({
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
  'its key usage also has nonRepudiation': keyUsage({ keyUsage: digitalSignature | nonRepudiation }),
  'its key usage also has nonRepudiation, in the older generation': keyUsage({
    generation: 'older',
    keyUsage: OLDER | nonRepudiation,
  }),
  'its key usage also has keyAgreement': keyUsage({ keyUsage: digitalSignature | keyAgreement }),
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
  'its policies are of another scheme': policies(['1.3.6.1.4.1.99999.17.2', '0.4.0.194112.1.0']),
  'its policy is anyPolicy': policies(['2.5.29.32.0']),
  'it has only the policy of Smart-ID': policies([QUALIFIED[0]]),
  'it has only the policy of ETSI': policies([QUALIFIED[1]]),
  'its policies are Smart-ID’s for one level and ETSI’s for the other': policies([QUALIFIED[0], ADVANCED[1]]),
  'its policies are of both levels': [
    'certificate_policies_ambiguous',
    () => ({ certificate: { policies: [...QUALIFIED, ...ADVANCED] } }),
  ],
  'its policies are those of SK’s test certificates before 2024, on live': [
    'certificate_policies_foreign',
    () => ({ certificate: { policies: EARLY_TEST }, session: { schemeName: 'smart-id' } }),
  ],
  // the level
  'its level is ADVANCED, but QUALIFIED was requested': [
    'certificate_level_too_low',
    () => ({ certificate: { level: 'ADVANCED' } }),
  ],
  'its level is ADVANCED, but stated as QUALIFIED': [
    'certificate_level_contradicts_policies',
    () => ({
      certificate: { level: 'ADVANCED' },
      stated: withMember('QUALIFIED', 'cert', 'certificateLevel'),
    }),
  ],
  'its level is QUALIFIED, but stated as ADVANCED': [
    'certificate_level_contradicts_policies',
    () => ({
      session: { certificateLevel: 'ADVANCED' },
      stated: withMember('ADVANCED', 'cert', 'certificateLevel'),
    }),
  ],
  'its issuer is the CA of Basic accounts, but its policies are QUALIFIED': [
    'certificate_level_not_of_issuer',
    () => ({
      certificate: { level: 'ADVANCED', policies: QUALIFIED, documentNumber: 'PNOEE-40504040001-MOCK-Q' },
      stated: withMember('QUALIFIED', 'cert', 'certificateLevel'),
    }),
  ],
  'its issuer is the CA of qualified accounts, but its policies are ADVANCED': [
    'certificate_level_not_of_issuer',
    () => ({
      certificate: { policies: ADVANCED, documentNumber: 'PNOEE-40504040001-MOCK-NQ' },
      session: { certificateLevel: 'ADVANCED' },
      stated: withMember('ADVANCED', 'cert', 'certificateLevel'),
    }),
  ],
  'its stated level is QSCD': statedLevel('QSCD'),
  'its stated level is in lower case': statedLevel('qualified'),
  'its stated level is a property name of every object': statedLevel('toString'),
  // the key
  'its key is an RSA key of 1024 bits': [
    'key_too_weak',
    () => withWeakKey(rsaKeyPair('account, 1024 bits', 1024)),
  ],
  'its key is an RSA key of 2040 bits': [
    'key_too_weak',
    () => withWeakKey(rsaKeyPair('account, 2040 bits', 2040)),
  ],
  'its key is an RSA key with the exponent 3': ['key_too_weak', () => withWeakKey(keysWithExponent3())],
  'its key is an EC key': ['key_type_unexpected', () => withKeyOfAnotherType(ecKeyPair('P-256'))],
  'its key is an Ed25519 key': [
    'key_type_unexpected',
    () => withKeyOfAnotherType(generateKeyPairSync('ed25519')),
  ],
  'its key is restricted to RSA-PSS': ['key_type_unexpected', () => withKeyOfAnotherType(pssKeys())],
});

type Entry = Parameters<typeof inEveryFlow>[0][string];

function keyUsage(certificate: AuthenticationProfile): Entry {
  return ['certificate_purpose_wrong', () => ({ certificate })];
}

function policies(oids: readonly string[]): Entry {
  return ['certificate_policies_foreign', () => ({ certificate: { policies: oids } })];
}

function statedLevel(level: string): Entry {
  return ['certificate_level_unknown', () => ({ stated: withMember(level, 'cert', 'certificateLevel') })];
}

const keysWithExponent3 = once(() => generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }));
const pssKeys = once(() => generateKeyPairSync('rsa-pss', { modulusLength: 2048 }));

/** Uses SHA-256, since a PSS signature with SHA-512 does not fit into the shortest key. */
function withWeakKey(keys: KeyPair): AnyOptions {
  return { certificate: { keys }, session: { hashAlgorithm: 'SHA-256' } };
}

function withKeyOfAnotherType(keys: KeyPair): AnyOptions {
  return { certificate: { keys }, signed: { key: rsaKeyPair('authentication').privateKey } };
}
