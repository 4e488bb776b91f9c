/**
 * The simulator's own certificate authority: a root, and two issuing CAs for qualified and Basic accounts, as SK has
 * them. Made on the first start and kept, so that relying parties may keep the trust anchors too.
 *
 * The certificates of the issuing CAs say where the root publishes. When the simulator is found elsewhere (another port),
 * or an older release made them without, they are issued anew: with the same names and keys, so that whoever trusts the
 * old ones believes the new ones.
 *
 * The names say that nothing here is real; the O and organizationIdentifier are nobody's.
 */
import 'reflect-metadata';
import { KeyUsageFlags, X509Certificate, X509CertificateGenerator } from '@peculiar/x509';
import * as x509 from '@peculiar/x509';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { CertificateLevel } from '../accounts/accounts.ts';
import { keepValue, keptValue } from '../kept-file.ts';
import { type Publications, publicationsAt } from './publication-addresses.ts';

export interface IssuingAuthority {
  readonly certificate: X509Certificate;
  readonly signingKey: CryptoKey;
}

export interface CertificateAuthority {
  readonly root: IssuingAuthority;
  readonly issuing: Readonly<Record<CertificateLevel, IssuingAuthority>>;
}

/** ECDSA on P-384 with SHA-384, as SK's E chain. */
export const CA_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' } as const;

const FILE = 'certificate-authority.json';
const DAY_MS = 86_400_000;
const YEARS_15_MS = 15 * 365 * DAY_MS;
const NAMES = {
  root: 'SIMULATED Sild Smart-ID ROOT G1E',
  QUALIFIED: 'SIMULATED Sild Smart-ID EID-Q 2024E',
  ADVANCED: 'SIMULATED Sild Smart-ID EID-NQ 2021E',
};

const keptAuthority = z.object({ certificate: z.base64(), privateKey: z.base64() });
const keptAuthorities = z.object({ root: keptAuthority, QUALIFIED: keptAuthority, ADVANCED: keptAuthority });
type KeptAuthority = z.infer<typeof keptAuthority>;
type KeptAuthorities = z.infer<typeof keptAuthorities>;

/**
 * Loads the CAs of `dataDir`, or makes new ones; with `dataDir` undefined they live in memory.
 *
 * @param publicUrl where the simulator is, with its last slash
 */
export async function openCertificateAuthority(
  dataDir: string | undefined,
  publicUrl: string,
  now: Date,
): Promise<CertificateAuthority> {
  const publications = publicationsAt(publicUrl, 'root');
  const kept = await keptValue(dataDir, FILE, keptAuthorities, () => makeAuthorities(publications, now));
  const root = await load(kept.root);
  const current = await renewed(kept, root, publications, now);
  if (current !== kept) await keepValue(dataDir, FILE, current);
  return {
    root,
    issuing: { QUALIFIED: await load(current.QUALIFIED), ADVANCED: await load(current.ADVANCED) },
  };
}

/** Sixteen random bytes, positive and without a leading zero. (RFC 5280, 4.1.2.2) */
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

async function makeAuthorities(publications: Publications, now: Date): Promise<KeptAuthorities> {
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
  const makeIssuing = async (level: CertificateLevel): Promise<KeptAuthority> => {
    const { publicKey, privateKey } = await makeKeys();
    return toKept(await issueAuthority(root, NAMES[level], publicKey, publications, now), privateKey);
  };
  return {
    root: await toKept(certificate, keys.privateKey),
    QUALIFIED: await makeIssuing('QUALIFIED'),
    ADVANCED: await makeIssuing('ADVANCED'),
  };
}

/** The same value where the certificates of the issuing CAs point to these publications. */
async function renewed(
  kept: KeptAuthorities,
  root: IssuingAuthority,
  publications: Publications,
  now: Date,
): Promise<KeptAuthorities> {
  const renew = async (level: CertificateLevel): Promise<KeptAuthority> => {
    const { certificate } = await load(kept[level]);
    const points = certificate.getExtension(x509.CRLDistributionPointsExtension);
    const urls = points?.distributionPoints.flatMap(
      ({ distributionPoint }) => distributionPoint?.fullName?.[0]?.uniformResourceIdentifier ?? [],
    );
    if (urls?.includes(publications.crl)) return kept[level];
    const key = certificate.publicKey;
    const issued = await issueAuthority(root, NAMES[level], key, publications, now);
    return { ...kept[level], certificate: Buffer.from(issued.rawData).toString('base64') };
  };
  const [QUALIFIED, ADVANCED] = [await renew('QUALIFIED'), await renew('ADVANCED')];
  return QUALIFIED === kept.QUALIFIED && ADVANCED === kept.ADVANCED ? kept : { ...kept, QUALIFIED, ADVANCED };
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

/** With a day's allowance for clocks that are behind. */
function validityFrom(now: Date): { notBefore: Date; notAfter: Date } {
  return {
    notBefore: new Date(now.getTime() - DAY_MS),
    notAfter: new Date(now.getTime() + YEARS_15_MS),
  };
}

async function makeKeys(): Promise<CryptoKeyPair> {
  return await crypto.subtle.generateKey(CA_ALGORITHM, true, ['sign', 'verify']);
}

async function toKept(certificate: X509Certificate, privateKey: CryptoKey): Promise<KeptAuthority> {
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', privateKey);
  return {
    certificate: Buffer.from(certificate.rawData).toString('base64'),
    privateKey: Buffer.from(pkcs8).toString('base64'),
  };
}

async function load({ certificate, privateKey }: KeptAuthority): Promise<IssuingAuthority> {
  const pkcs8 = Buffer.from(privateKey, 'base64');
  return {
    certificate: new X509Certificate(Buffer.from(certificate, 'base64')),
    signingKey: await crypto.subtle.importKey('pkcs8', pkcs8, CA_ALGORITHM, false, ['sign']),
  };
}
