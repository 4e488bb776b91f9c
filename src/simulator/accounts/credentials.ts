/**
 * The signing credentials of accounts: one stored RSA key for all accounts, and a certificate for each account. Both are
 * created when first needed. Real accounts each have their own 6144-bit key; one shared 2048-bit key makes logins faster
 * and the protocol messages look the same.
 */
import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { z } from 'zod';
import { issueAccountCertificate } from './account-certificate.ts';
import type { Account } from './account.ts';
import type { CertificateAuthority } from '../ca/certificate-authority.ts';
import type { IssuedCertificates } from '../ca/issued-certificates.ts';
import { loadOrCreate } from '../stored-file.ts';
import { ISSUING_SLUGS, publicationsAt } from '../ca/publication-addresses.ts';

export interface Credentials {
  readonly privateKey: KeyObject;
  /** Base64 of the DER, as in a session's status. */
  readonly certificate: string;
}

export interface CredentialsOptions {
  readonly authority: CertificateAuthority;
  readonly dataDir: string | undefined;
  /** Records each issued certificate. */
  readonly issued: IssuedCertificates;
  /** The simulator's base URL, with a trailing slash. */
  readonly publicUrl: string;
  readonly now: () => Date;
}

const storedKey = z.object({ privateKey: z.string().includes('PRIVATE KEY') });
const generate = promisify(generateKeyPair);

/** Returns a function that gives an account's credentials; they stay the same until the certificate expires. */
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
    // An added account may be replaced by one with other names.
    const { documentNumber, surname, givenName, birthDate } = account;
    const subject = JSON.stringify([documentNumber, surname, givenName, birthDate]);
    const known = current.get(subject);
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
    current.set(subject, { expires: issuedNow.notAfter, certificate });
    return { privateKey, certificate };
  };
}

async function openKey(dataDir: string | undefined): Promise<KeyObject> {
  const { privateKey } = await loadOrCreate(dataDir, 'account-key.json', storedKey, async () => {
    const pair = await generate('rsa', { modulusLength: 2048 });
    return { privateKey: pair.privateKey.export({ format: 'pem', type: 'pkcs8' }) };
  });
  return createPrivateKey(privateKey);
}
