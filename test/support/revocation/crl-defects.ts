/**
 * CRLs that must be refused, each for a single reason. Import it as a namespace, so that a test reads
 * `defects.delta(pki)`.
 */
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  BaseCRLNumber,
  CertificateIssuer,
  DistributionPointName,
  GeneralName,
  id_ce_certificateIssuer,
  id_ce_deltaCRLIndicator,
  id_ce_issuingDistributionPoint,
  IssuingDistributionPoint,
  Reason,
  ReasonFlags,
  RelativeDistinguishedName,
  Time,
  Version,
} from '@peculiar/asn1-x509';
import type { Extension } from '@peculiar/asn1-x509';
import {
  ecKeyPair,
  extension,
  rsaKeyPair,
  signatureAlgorithms,
} from '../certificates/certificate-encoding.ts';
import { authorityKeyIdentifier, days, type TestPki } from '../certificates/certificates.ts';
import { derValue } from '../certificates/der.ts';
import { crlTemplate, type CrlOptions, type CrlTemplate, encodeCrl, entry, withEntries } from './crls.ts';

const UNKNOWN_EXTENSION = '1.3.6.1.4.1.99999.1';

// The signer

/** The valid CRL of the other issuing CA. */
export function ofAnotherCa(pki: TestPki): Buffer {
  return encodeCrl(crlTemplate(pki, pki.nonQualifiedIssuing));
}

/** Signed by the CA, but its authority key identifier is of another key. */
export function ofAnotherKey(pki: TestPki): Buffer {
  const template = crlTemplate(pki, pki.issuing);
  const [, ...extensions] = template.extensions;
  return encodeCrl({ ...template, extensions: [authorityKeyIdentifier(pki.root.publicKey), ...extensions] });
}

/** The root's CRL, which covers issuing CAs, not accounts. */
export function ofTheRoot(pki: TestPki): Buffer {
  return encodeCrl(crlTemplate(pki, pki.root));
}

export function wrongKey(pki: TestPki): Buffer {
  const rsa = pki.issuing.publicKey.asymmetricKeyType === 'rsa';
  return changed(pki, { signingKey: (rsa ? rsaKeyPair('impostor') : ecKeyPair('P-384')).privateKey });
}

export function weakSignatureAlgorithm(pki: TestPki): Buffer {
  const rsa = pki.issuing.publicKey.asymmetricKeyType === 'rsa';
  return changed(pki, {
    algorithm: rsa ? signatureAlgorithms.rsaWithSha1 : signatureAlgorithms.ecdsaWithSha1,
  });
}

// The time of the CRL

export function stale(pki: TestPki): Buffer {
  return listed(pki, { thisUpdate: days(pki.now, -2), nextUpdate: days(pki.now, -1) });
}

export function thisUpdateInTheFuture(pki: TestPki): Buffer {
  return listed(pki, { thisUpdate: days(pki.now, 1) });
}

/** Could be replayed indefinitely. */
export function withoutNextUpdate(pki: TestPki): Buffer {
  return changed(pki, { nextUpdate: undefined });
}

// The scope of the CRL

export function delta(pki: TestPki): Buffer {
  return withExtension(pki, extension(id_ce_deltaCRLIndicator, new BaseCRLNumber(6), true));
}

/** A delta CRL whose indicator is not critical. */
export function uncriticalDelta(pki: TestPki): Buffer {
  return withExtension(pki, extension(id_ce_deltaCRLIndicator, new BaseCRLNumber(6)));
}

export function indirect(pki: TestPki): Buffer {
  return scoped(pki, { indirectCRL: true });
}

/** Entries of another issuer, in a CRL that is not declared as indirect. */
export function entryOfAnotherIssuer(pki: TestPki): Buffer {
  const issuer = new CertificateIssuer([new GeneralName({ directoryName: pki.root.name })]);
  return withEntryExtension(pki, extension(id_ce_certificateIssuer, issuer, true));
}

export function onlySomeReasons(pki: TestPki): Buffer {
  return scoped(pki, { onlySomeReasons: new Reason(ReasonFlags.keyCompromise) });
}

export function onlyAttributeCertificates(pki: TestPki): Buffer {
  return scoped(pki, { onlyContainsAttributeCerts: true });
}

/** Only for user certificates and only for CA certificates, so for none. */
export function emptyScope(pki: TestPki): Buffer {
  return scoped(pki, { onlyContainsCACerts: true, onlyContainsUserCerts: true });
}

/** Its distribution point has no comparable address. */
export function distributionPointWithoutUri(pki: TestPki): Buffer {
  const nameRelativeToCRLIssuer = new RelativeDistinguishedName();
  return scoped(pki, { distributionPoint: new DistributionPointName({ nameRelativeToCRLIssuer }) });
}

export function unknownCriticalExtension(pki: TestPki): Buffer {
  return withExtension(pki, unknown(true));
}

export function unknownCriticalEntryExtension(pki: TestPki): Buffer {
  return withEntryExtension(pki, unknown(true));
}

// The encoding

export function duplicatedExtension(pki: TestPki): Buffer {
  return listed(pki, { extraExtensions: [unknown(false), unknown(false)] });
}

/** Declared as version 1, which has no extensions. */
export function version1(pki: TestPki): Buffer {
  return changed(pki, { version: undefined });
}

export function version3(pki: TestPki): Buffer {
  return changed(pki, { version: Version.v3 });
}

export function differentOuterAlgorithm(pki: TestPki): Buffer {
  return changed(pki, { outerAlgorithm: signatureAlgorithms.rsaWithSha512 });
}

/** An entry without a date. */
export function malformedEntry(pki: TestPki): Buffer {
  return withEntries(crlTemplate(pki, pki.issuing), derValue(0x30, Buffer.of(0x02, 0x01, 0x05)));
}

/** An entry with a date, and NULL in place of its extensions. */
export function entryWithInvalidExtensions(pki: TestPki): Buffer {
  const date = Buffer.from(AsnConvert.serialize(new Time(pki.now)));
  return withEntries(
    crlTemplate(pki, pki.issuing),
    derValue(0x30, Buffer.concat([Buffer.of(0x02, 0x01, 0x05), date, Buffer.of(5, 0)])),
  );
}

/** Entries that are only integers. */
export function entriesOfIntegers(pki: TestPki): Buffer {
  return withEntries(crlTemplate(pki, pki.issuing), Buffer.of(0x02, 0x01, 0x05));
}

/** Signed, with NULL as the scope. */
export function malformedScope(pki: TestPki): Buffer {
  return withExtension(pki, extension(id_ce_issuingDistributionPoint, Uint8Array.of(0x05, 0x00), true));
}

/** Signed, with a value more than the scope has. */
export function scopeWithAnotherValue(pki: TestPki): Buffer {
  const value = Uint8Array.of(0x30, 0x05, 0x82, 0x01, 0xff, 0x05, 0x00);
  return withExtension(pki, extension(id_ce_issuingDistributionPoint, value, true));
}

/** Another serial number replaces the revoked one; still well-formed DER. */
export function tamperedEntry(pki: TestPki): Buffer {
  const der = listed(pki);
  const at = der.indexOf(Buffer.of(0x02, 0x03, 0x10, 0x20, 0x30));
  der[at + 4] = 0x31;
  return der;
}

export function truncated(pki: TestPki): Buffer {
  return listed(pki).subarray(0, -1);
}

export function trailingBytes(pki: TestPki): Buffer {
  return Buffer.concat([listed(pki), Buffer.of(0x05, 0x00)]);
}

/** The same value, with one byte too many in the outermost length: BER, which a lax parser would accept. */
export function nonMinimalLength(pki: TestPki): Buffer {
  const der = listed(pki);
  return Buffer.concat([Buffer.of(0x30, 0x83, 0x00), der.subarray(2)]);
}

/** Valid, but with 32 MiB in an unknown extension. */
export function oversize(pki: TestPki): Buffer {
  const filler = extension(UNKNOWN_EXTENSION, new OctetString(new Uint8Array(32 * 1024 * 1024)));
  return withExtension(pki, filler);
}

export function notDer(): Buffer {
  return Buffer.from('-----BEGIN X509 CRL-----');
}

export function empty(): Buffer {
  return Buffer.alloc(0);
}

function listed(pki: TestPki, options: CrlOptions = {}): Buffer {
  return encodeCrl(crlTemplate(pki, pki.issuing, options));
}

function changed(pki: TestPki, changes: Partial<CrlTemplate>): Buffer {
  return encodeCrl({ ...crlTemplate(pki, pki.issuing), ...changes });
}

function withExtension(pki: TestPki, added: Extension): Buffer {
  return listed(pki, { extraExtensions: [added] });
}

function scoped(pki: TestPki, scope: Partial<IssuingDistributionPoint>): Buffer {
  return withExtension(
    pki,
    extension(id_ce_issuingDistributionPoint, new IssuingDistributionPoint(scope), true),
  );
}

function withEntryExtension(pki: TestPki, added: Extension): Buffer {
  return changed(pki, { entries: [entry(Uint8Array.of(5).buffer, pki.now, undefined, [added])] });
}

function unknown(critical: boolean): Extension {
  return extension(UNKNOWN_EXTENSION, Uint8Array.of(0x05, 0x00), critical);
}
