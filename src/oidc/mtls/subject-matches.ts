import type { X509Certificate } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  Certificate,
  type GeneralName,
  id_ce_subjectAltName,
  SubjectAlternativeName,
} from '@peculiar/asn1-x509';
import ipaddr from 'ipaddr.js';
import { type NameAttribute, readSubjectName } from './subject-name.ts';

/** The metadata that names the subject of a client's certificate. (RFC 8705 2.1.2) */
export const SUBJECT_MEMBERS = [
  'tls_client_auth_subject_dn',
  'tls_client_auth_san_dns',
  'tls_client_auth_san_uri',
  'tls_client_auth_san_ip',
  'tls_client_auth_san_email',
] as const;

export type SubjectMember = (typeof SUBJECT_MEMBERS)[number];

/**
 * Whether a certificate is that of a subject. Names are compared exactly: no wildcards, and letter case counts except in host names.
 *
 * @returns false also for a certificate that cannot be read
 */
export function subjectMatches({ raw }: X509Certificate, member: SubjectMember, expected: string): boolean {
  try {
    const { tbsCertificate } = AsnConvert.parse(raw, Certificate);
    if (member === 'tls_client_auth_subject_dn')
      return isNamed(
        [...tbsCertificate.subject].map((one) => [...one]),
        expected,
      );
    const extension = tbsCertificate.extensions?.find(({ extnID }) => extnID === id_ce_subjectAltName);
    const names = extension ? [...AsnConvert.parse(extension.extnValue, SubjectAlternativeName)] : [];
    return names.some((name) => isAlternative(name, member, expected));
  } catch {
    return false;
  }
}

/** @param names the attributes of each level, the least specific first, as in a certificate */
function isNamed(
  names: readonly (readonly { readonly type: string; readonly value: { toString(): string } }[])[],
  expected: string,
): boolean {
  const wanted = readSubjectName(expected);
  if (wanted?.length !== names.length) return false;
  return names.toReversed().every((attributes, index) => {
    const [one, ...more] = attributes;
    const { type, value }: Partial<NameAttribute> = wanted[index] ?? {};
    return one !== undefined && more.length === 0 && one.type === type && one.value.toString() === value;
  });
}

function isAlternative(
  name: GeneralName,
  member: Exclude<SubjectMember, 'tls_client_auth_subject_dn'>,
  expected: string,
): boolean {
  switch (member) {
    case 'tls_client_auth_san_dns':
      return name.dNSName?.toLowerCase() === expected.toLowerCase();
    case 'tls_client_auth_san_uri':
      return name.uniformResourceIdentifier === expected;
    case 'tls_client_auth_san_email':
      return name.rfc822Name === expected;
    case 'tls_client_auth_san_ip':
      return name.iPAddress !== undefined && isSameAddress(name.iPAddress, expected);
  }
}

function isSameAddress(one: string, other: string): boolean {
  if (!ipaddr.isValid(one) || !ipaddr.isValid(other)) return false;
  return ipaddr.parse(one).toNormalizedString() === ipaddr.parse(other).toNormalizedString();
}
