/**
 * The simulator's own certificate authority: a root, and two issuing CAs for qualified and Basic accounts, as SK has
 * them. Made on the first start and kept, so that relying parties may keep the trust anchors too.
 *
 * The names say that nothing here is real; the O and organizationIdentifier are nobody's.
 */
import 'reflect-metadata';
import { KeyUsageFlags, X509Certificate, X509CertificateGenerator } from '@peculiar/x509';
import * as x509 from '@peculiar/x509';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { CertificateLevel } from './accounts.ts';
import { keptValue } from './kept-file.ts';

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

/** Loads the CAs of `dataDir`, or makes new ones; with `dataDir` undefined they live in memory. */
export async function openCertificateAuthority(
  dataDir: string | undefined,
  now: Date,
): Promise<CertificateAuthority> {
  const kept = await keptValue(dataDir, 'certificate-authority.json', keptAuthorities, () =>
    makeAuthorities(now),
  );
  return {
    root: await load(kept.root),
    issuing: { QUALIFIED: await load(kept.QUALIFIED), ADVANCED: await load(kept.ADVANCED) },
  };
}

/** Sixteen random bytes, positive and without a leading zero. (RFC 5280, 4.1.2.2) */
export function randomSerialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

async function makeAuthorities(now: Date): Promise<z.infer<typeof keptAuthorities>> {
  const rootKeys = await makeKeys();
  // A day's allowance for clocks that are behind.
  const validity = {
    notBefore: new Date(now.getTime() - DAY_MS),
    notAfter: new Date(now.getTime() + YEARS_15_MS),
  };
  const root = await X509CertificateGenerator.create({
    ...validity,
    serialNumber: randomSerialNumber(),
    subject: authorityName(NAMES.root),
    issuer: authorityName(NAMES.root),
    publicKey: rootKeys.publicKey,
    signingKey: rootKeys.privateKey,
    signingAlgorithm: CA_ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(rootKeys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(rootKeys.publicKey),
    ],
  });

  const makeIssuing = async (commonName: string) => {
    const keys = await makeKeys();
    // No AIA and no CRL distribution point here, unlike SK's: the simulator's port may change, these certificates stay.
    const certificate = await X509CertificateGenerator.create({
      ...validity,
      serialNumber: randomSerialNumber(),
      subject: authorityName(commonName),
      issuer: root.subjectName,
      publicKey: keys.publicKey,
      signingKey: rootKeys.privateKey,
      signingAlgorithm: CA_ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        await x509.AuthorityKeyIdentifierExtension.create(rootKeys.publicKey),
        new x509.CertificatePolicyExtension(['2.5.29.32.0']),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
        new x509.KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      ],
    });
    return await toKept(certificate, keys.privateKey);
  };
  return {
    root: await toKept(root, rootKeys.privateKey),
    QUALIFIED: await makeIssuing(NAMES.QUALIFIED),
    ADVANCED: await makeIssuing(NAMES.ADVANCED),
  };
}

function authorityName(commonName: string): x509.Name {
  return new x509.Name([
    { C: [{ printableString: 'EE' }] },
    { O: [{ utf8String: 'Sild simulator, not a real authority' }] },
    { '2.5.4.97': [{ utf8String: 'NTREE-00000000' }] },
    { CN: [{ utf8String: commonName }] },
  ]);
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
