/** CAs for a single defect, and certificates with one changed part. */
import type { Extension } from '@peculiar/asn1-x509';
import { ecKeyPair, extension, rsaKeyPair } from '../certificates/certificate-encoding.ts';
import type { PkiErrorCode } from '../../../src/pki/errors.ts';
import type { KeyPair } from '../certificates/certificate-encoding.ts';
import {
  authenticationTemplate,
  issueAuthentication,
  issueCa,
  issued,
} from '../certificates/certificates.ts';
import type { CaOptions, IssuedCertificate, TestCa, TestPki } from '../certificates/certificates.ts';

/** By defect: the code of the refusal, and how to create it under CAs with keys of either kind. */
export type PathDefects = Readonly<
  Record<string, readonly [code: PkiErrorCode, make: (pki: TestPki) => IssuedCertificate]>
>;

const UNKNOWN_EXTENSION = '1.3.6.1.4.1.99999.1';

/** An account under an issuing CA that is valid except for these options. */
export function issuedUnder(pki: TestPki, wrong: Partial<CaOptions>): IssuedCertificate {
  const issuing = issuingCa(pki, wrong);
  return { ...issueAuthentication({ ...pki, issuing }), trust: trustIn(pki, issuing) };
}

/** An account under an issuing CA under a root that is valid except for these options. */
export function issuedUnderRoot(pki: TestPki, wrong: Partial<CaOptions>): IssuedCertificate {
  const root = rootCa(pki, wrong);
  const issuing = issuingCa(pki, { issuer: root });
  return {
    ...issueAuthentication({ ...pki, issuing }),
    trust: { anchors: [root.certificate], intermediates: [issuing.certificate] },
  };
}

/** An issuing CA with the name and algorithm of the PKI's, but with a new key. */
export function issuingCa(pki: TestPki, options: Partial<CaOptions>): TestCa {
  return issueCa(pki.now, {
    commonName: 'Sild test EID-Q',
    keys: isRsa(pki) ? rsaKeyPair('another issuing') : ecKeyPair('P-384'),
    algorithm: pki.issuing.algorithm,
    issuer: pki.root,
    ...options,
  });
}

/** A root with the name and algorithm of the PKI's, but with a new key. */
export function rootCa(pki: TestPki, options: Partial<CaOptions>): TestCa {
  return issueCa(pki.now, {
    commonName: 'Sild test ROOT',
    keys: isRsa(pki) ? rsaKeyPair('another root') : ecKeyPair('P-521'),
    algorithm: pki.root.algorithm,
    ...options,
  });
}

export function trustIn(pki: TestPki, ...intermediates: readonly TestCa[]): IssuedCertificate['trust'] {
  return { anchors: [pki.root.certificate], intermediates: intermediates.map((ca) => ca.certificate) };
}

/** Another key of the same kind as the PKI's CAs. */
export function anotherKey(pki: TestPki): KeyPair {
  return isRsa(pki) ? rsaKeyPair('impostor') : ecKeyPair('P-384');
}

export function isRsa(pki: TestPki): boolean {
  return pki.issuing.publicKey.asymmetricKeyType === 'rsa';
}

export function unknownExtension(): Extension {
  return extension(UNKNOWN_EXTENSION, Uint8Array.of(0x05, 0x00), true);
}

/** Signed with one extension replaced. */
export function withExtension(pki: TestPki, changed: Extension): IssuedCertificate {
  const template = authenticationTemplate(pki);
  return issued(pki, { ...template, extensions: replaced(template.extensions, changed) });
}

/** Signed with an additional extension. */
export function withAnotherExtension(pki: TestPki, added: Extension): IssuedCertificate {
  const template = authenticationTemplate(pki);
  return issued(pki, { ...template, extensions: [...template.extensions, added] });
}

/** Signed without an extension. */
export function withoutExtension(pki: TestPki, oid: string): IssuedCertificate {
  const template = authenticationTemplate(pki);
  return issued(pki, {
    ...template,
    extensions: template.extensions.filter(({ extnID }) => extnID !== oid),
  });
}

export function replaced(extensions: readonly Extension[], changed: Extension): Extension[] {
  return extensions.map((one) => (one.extnID === changed.extnID ? changed : one));
}

/** Changed after it was signed. */
export function rewritten(genuine: IssuedCertificate, rewrite: (der: Buffer) => Buffer): IssuedCertificate {
  return { ...genuine, certificate: rewrite(Buffer.from(genuine.certificate)) };
}
