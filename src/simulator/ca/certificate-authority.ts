/**
 * The simulator's certificate authority: a root, and issuing CAs for qualified and for Basic accounts, as at SK. Created on
 * the first start and stored, so that the trust anchors of relying parties stay valid.
 *
 * The certificates of the issuing CAs contain the addresses at which the root publishes. If these change (another port), or
 * an older release left them out, the certificates are reissued with the same names and keys, so that relying parties that
 * trust the old certificates accept those issued later.
 *
 * The names show that nothing here is real; O and organizationIdentifier belong to no organisation.
 */
import 'reflect-metadata';
import { KeyUsageFlags, X509Certificate, X509CertificateGenerator } from '@peculiar/x509';
import * as x509 from '@peculiar/x509';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { CertificateLevel } from '../accounts/account.ts';
import { loadOrCreate, store } from '../stored-file.ts';
import { type Publications, publicationsAt } from './publication-addresses.ts';

export interface IssuingAuthority {
  readonly certificate: X509Certificate;
  readonly signingKey: CryptoKey;
}

export interface CertificateAuthority {
  readonly root: IssuingAuthority;
  readonly issuing: Readonly<Record<CertificateLevel, IssuingAuthority>>;
}

/** ECDSA on P-384 with SHA-384, as in SK's E chain. */
export const CA_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' } as const;

const FILE = 'certificate-authority.json';
const DAY_MS = 86_400_000;
const YEARS_15_MS = 15 * 365 * DAY_MS;
const NAMES = {
  root: 'SIMULATED Sild Smart-ID ROOT G1E',
  QUALIFIED: 'SIMULATED Sild Smart-ID EID-Q 2024E',
  ADVANCED: 'SIMULATED Sild Smart-ID EID-NQ 2021E',
};

const storedAuthority = z.object({ certificate: z.base64(), privateKey: z.base64() });
const storedAuthorities = z.object({
  root: storedAuthority,
  QUALIFIED: storedAuthority,
  ADVANCED: storedAuthority,
});
type StoredAuthority = z.infer<typeof storedAuthority>;
type StoredAuthorities = z.infer<typeof storedAuthorities>;

/**
 * Loads the CAs from `dataDir`, or creates new ones; without `dataDir` they are only in memory.
 *
 * @param publicUrl the simulator's base URL, with a trailing slash
 */
export async function openCertificateAuthority(
  dataDir: string | undefined,
  publicUrl: string,
  now: Date,
): Promise<CertificateAuthority> {
  const publications = publicationsAt(publicUrl, 'root');
  const stored = await loadOrCreate(dataDir, FILE, storedAuthorities, () =>
    makeAuthorities(publications, now),
  );
  const root = await load(stored.root);
  const current = await reissueIfMoved(stored, root, publications, now);
  if (current !== stored) await store(dataDir, FILE, current);
  return {
    root,
    issuing: { QUALIFIED: await load(current.QUALIFIED), ADVANCED: await load(current.ADVANCED) },
  };
}

/** Sixteen random bytes, positive and without a leading zero byte. (RFC 5280, 4.1.2.2) */
export function randomSerialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

export function authorityName(commonName: string): x509.Name {
  return new x509.Name([
    { C: [{ printableString: 'EE' }] },
    { O: [{ utf8String: 'Sild simulator, not a real authority' }] },
    { '2.5.4.97': [{ utf8String: 'NTREE-00000000' }] },
    { CN: [{ utf8String: commonName }] },
  ]);
}

async function makeAuthorities(publications: Publications, now: Date): Promise<StoredAuthorities> {
  const keys = await makeKeys();
  const certificate = await X509CertificateGenerator.create({
    ...validityFrom(now),
    serialNumber: randomSerialNumber(),
    subject: authorityName(NAMES.root),
    issuer: authorityName(NAMES.root),
    publicKey: keys.publicKey,
    signingKey: keys.privateKey,
    signingAlgorithm: CA_ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const root = { certificate, signingKey: keys.privateKey };
  const makeIssuing = async (level: CertificateLevel): Promise<StoredAuthority> => {
    const { publicKey, privateKey } = await makeKeys();
    return toStored(await issueAuthority(root, NAMES[level], publicKey, publications, now), privateKey);
  };
  return {
    root: await toStored(certificate, keys.privateKey),
    QUALIFIED: await makeIssuing('QUALIFIED'),
    ADVANCED: await makeIssuing('ADVANCED'),
  };
}

/** Reissues the certificates of issuing CAs that point to other publications; otherwise returns `stored` itself. */
async function reissueIfMoved(
  stored: StoredAuthorities,
  root: IssuingAuthority,
  publications: Publications,
  now: Date,
): Promise<StoredAuthorities> {
  const renew = async (level: CertificateLevel): Promise<StoredAuthority> => {
    const { certificate } = await load(stored[level]);
    const points = certificate.getExtension(x509.CRLDistributionPointsExtension);
    const urls = points?.distributionPoints.flatMap(
      ({ distributionPoint }) => distributionPoint?.fullName?.[0]?.uniformResourceIdentifier ?? [],
    );
    if (urls?.includes(publications.crl)) return stored[level];
    const key = certificate.publicKey;
    const issued = await issueAuthority(root, NAMES[level], key, publications, now);
    return { ...stored[level], certificate: Buffer.from(issued.rawData).toString('base64') };
  };
  const [QUALIFIED, ADVANCED] = [await renew('QUALIFIED'), await renew('ADVANCED')];
  return QUALIFIED === stored.QUALIFIED && ADVANCED === stored.ADVANCED
    ? stored
    : { ...stored, QUALIFIED, ADVANCED };
}

async function issueAuthority(
  root: IssuingAuthority,
  commonName: string,
  publicKey: x509.PublicKeyType,
  { ocsp, crl, issuerCertificate }: Publications,
  now: Date,
): Promise<X509Certificate> {
  return await X509CertificateGenerator.create({
    ...validityFrom(now),
    serialNumber: randomSerialNumber(),
    subject: authorityName(commonName),
    issuer: root.certificate.subjectName,
    publicKey,
    signingKey: root.signingKey,
    signingAlgorithm: CA_ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      await x509.AuthorityKeyIdentifierExtension.create(root.certificate.publicKey),
      new x509.AuthorityInfoAccessExtension({ caIssuers: issuerCertificate, ocsp }),
      new x509.CertificatePolicyExtension(['2.5.29.32.0']),
      new x509.CRLDistributionPointsExtension([crl]),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      new x509.KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
}

/** With one day of tolerance for clocks that are behind. */
function validityFrom(now: Date): { notBefore: Date; notAfter: Date } {
  return {
    notBefore: new Date(now.getTime() - DAY_MS),
    notAfter: new Date(now.getTime() + YEARS_15_MS),
  };
}

async function makeKeys(): Promise<CryptoKeyPair> {
  return await crypto.subtle.generateKey(CA_ALGORITHM, true, ['sign', 'verify']);
}

async function toStored(certificate: X509Certificate, privateKey: CryptoKey): Promise<StoredAuthority> {
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', privateKey);
  return {
    certificate: Buffer.from(certificate.rawData).toString('base64'),
    privateKey: Buffer.from(pkcs8).toString('base64'),
  };
}

async function load({ certificate, privateKey }: StoredAuthority): Promise<IssuingAuthority> {
  const pkcs8 = Buffer.from(privateKey, 'base64');
  return {
    certificate: new X509Certificate(Buffer.from(certificate, 'base64')),
    signingKey: await crypto.subtle.importKey('pkcs8', pkcs8, CA_ALGORITHM, false, ['sign']),
  };
}
