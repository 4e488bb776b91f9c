/**
 * What accounts sign with: one RSA key, made when first needed and kept, and a certificate for each account, issued
 * when first needed. Real accounts have a key each, of 6144 bits; nothing on the wire shows that these share one of
 * 2048, and a login then costs a developer milliseconds.
 */
import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { z } from 'zod';
import { issueAccountCertificate } from './account-certificate.ts';
import type { Account } from './accounts.ts';
import type { CertificateAuthority } from '../ca/certificate-authority.ts';
import type { IssuedCertificates } from '../ca/issued-certificates.ts';
import { keptValue } from '../kept-file.ts';
import { ISSUING_SLUGS, publicationsAt } from '../ca/publication-addresses.ts';

export interface Credentials {
  readonly privateKey: KeyObject;
  /** Base64 of the DER, as it stands in a session's status. */
  readonly certificate: string;
}

export interface CredentialsOptions {
  readonly authority: CertificateAuthority;
  readonly dataDir: string | undefined;
  /** Where each certificate is noted. */
  readonly issued: IssuedCertificates;
  /** Where the simulator is, with its last slash. */
  readonly publicUrl: string;
  readonly now: () => Date;
}

const keptKey = z.object({ privateKey: z.string().includes('PRIVATE KEY') });
const generate = promisify(generateKeyPair);

/** The answer gives the credentials of an account, the same ones as long as they are valid. */
export function openCredentials(options: CredentialsOptions): (account: Account) => Promise<Credentials> {
  const { authority, dataDir, issued, publicUrl, now } = options;
  let key: Promise<KeyObject> | undefined;
  const current = new Map<string, { readonly expires: Date; readonly certificate: string }>();

  return async (account) => {
    key ??= openKey(dataDir).catch((error: unknown) => {
      key = undefined;
      throw error;
    });
    const privateKey = await key;
    const known = current.get(account.identifier);
    if (known && known.expires > now()) return { privateKey, certificate: known.certificate };

    const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
    const issuer = authority.issuing[account.level];
    const slug = ISSUING_SLUGS[account.level];
    const issuedNow = await issueAccountCertificate(
      issuer,
      account,
      publicKey,
      publicationsAt(publicUrl, slug),
      now(),
    );
    issued.add(slug, issuedNow.serialNumber, account.identifier);
    const certificate = Buffer.from(issuedNow.rawData).toString('base64');
    current.set(account.identifier, { expires: issuedNow.notAfter, certificate });
    return { privateKey, certificate };
  };
}

async function openKey(dataDir: string | undefined): Promise<KeyObject> {
  const { privateKey } = await keptValue(dataDir, 'account-key.json', keptKey, async () => {
    const pair = await generate('rsa', { modulusLength: 2048 });
    return { privateKey: pair.privateKey.export({ format: 'pem', type: 'pkcs8' }) };
  });
  return createPrivateKey(privateKey);
}
