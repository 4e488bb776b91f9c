import { BasicConstraints, KeyUsageFlags } from '@peculiar/asn1-x509';
import { extension } from '../certificates/certificate-encoding.ts';
import { authenticationTemplate, days, issueAuthentication } from '../certificates/certificates.ts';
import type { IssuedCertificate, TestPki } from '../certificates/certificates.ts';
import { certificateSignatureDefects } from './certificate-signatures.ts';
import { type PathDefects, unknownExtension, withAnotherExtension, withExtension } from './hierarchy.ts';
import { issuerDefects, requiresPolicy } from './issuers.ts';

/** RFC 5280 4.2: "Conforming CAs MUST mark this extension as non-critical". */
const NEVER_CRITICAL = [
  ['authorityKeyIdentifier', '2.5.29.35'],
  ['subjectKeyIdentifier', '2.5.29.14'],
  ['subjectDirectoryAttributes', '2.5.29.9'],
  ['authorityInfoAccess', '1.3.6.1.5.5.7.1.1'],
] as const;

/**
 * Certificates without a valid path to a trust anchor, each for a single reason. `trust` has the CA certificates under which
 * everything else is valid. `pki/` refuses them independently of person and purpose.
 */
export const pathDefects: PathDefects = {
  ...issuerDefects,
  ...certificateSignatureDefects,
  'it is a CA certificate': [
    'end_entity_is_a_ca',
    (pki) => withExtension(pki, extension('2.5.29.19', new BasicConstraints({ cA: true }), true)),
  ],
  'it is the issuing CA’s certificate': [
    'end_entity_is_a_ca',
    (pki) => ({ ...issueAuthentication(pki), certificate: pki.issuing.certificate }),
  ],
  'it is the trust anchor': [
    'end_entity_is_a_ca',
    (pki) => ({ ...issueAuthentication(pki), certificate: pki.root.certificate }),
  ],
  'it has an unknown critical extension': [
    'unknown_critical_extension',
    (pki) => withAnotherExtension(pki, unknownExtension()),
  ],
  'it has policy constraints that are not critical': [
    'unknown_critical_extension',
    (pki) => withAnotherExtension(pki, requiresPolicy()),
  ],
  'its key may sign certificates': [
    'end_entity_is_a_ca',
    (pki) =>
      issueAuthentication(pki, { keyUsage: KeyUsageFlags.digitalSignature | KeyUsageFlags.keyCertSign }),
  ],
  ...Object.fromEntries(
    NEVER_CRITICAL.map(([name, oid]) => [
      `its extension ${name} is critical`,
      ['unknown_critical_extension', (pki: TestPki) => withCritical(pki, oid)] as const,
    ]),
  ),
  'it expired yesterday': ['certificate_expired', expired],
  'it is not valid before tomorrow': [
    'certificate_not_yet_valid',
    (pki) => issueAuthentication(pki, { notBefore: days(pki.now, 1) }),
  ],
  'its validity begins tomorrow and ended yesterday': [
    'certificate_not_yet_valid',
    (pki) => issueAuthentication(pki, { notBefore: days(pki.now, 1), notAfter: days(pki.now, -1) }),
  ],
};

export function expired(pki: TestPki): IssuedCertificate {
  return issueAuthentication(pki, { notAfter: days(pki.now, -1) });
}

function withCritical(pki: TestPki, oid: string): IssuedCertificate {
  const template = authenticationTemplate(pki);
  const found = template.extensions.find(({ extnID }) => extnID === oid);
  if (!found) throw new TypeError(`there is no ${oid}`);
  return withExtension(pki, extension(oid, new Uint8Array(found.extnValue.buffer), true));
}
