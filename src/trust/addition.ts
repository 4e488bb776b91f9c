import type { UnverifiedCertificate } from '../pki/certificate.ts';
import { readTrustFile } from '../pki/trust-directory.ts';
import { classifyAuthority } from './authority.ts';
import { writeCertificate } from './certificate-file.ts';
import type { TrustSettings } from './settings.ts';

export interface AdditionOptions {
  /**
   * Whether roots are kept as well. SK's files often have the root beside the issuing CA, and whoever trusts it has the
   * issuing CA checked for revocation in every login: something to decide, not to get with a file.
   */
  readonly roots: boolean;
}

/** What came of certificates that were to be put into the trust directory. */
export interface Addition {
  readonly kept: readonly { readonly name: string; readonly path: string }[];
  /** Names of those that were there already. */
  readonly present: readonly string[];
  /** Names of roots that nobody asked for. */
  readonly roots: readonly string[];
  /** A sentence each. */
  readonly refused: readonly string[];
}

/** Puts the certificates of a file into the trust directory. @throws CertificateFileError */
export async function addFile(
  path: string,
  settings: TrustSettings,
  options: AdditionOptions,
  now: Date,
): Promise<Addition> {
  const file = await readTrustFile(path);
  if ('error' in file) return { kept: [], present: [], roots: [], refused: [file.error.message] };
  return add(file.certificates, settings, options, now);
}

/** Puts those certificates into the trust directory that are to be trusted, and says what the others are. @throws CertificateFileError */
export async function add(
  certificates: readonly UnverifiedCertificate[],
  settings: TrustSettings,
  options: AdditionOptions,
  now: Date,
): Promise<Addition> {
  const kept: { name: string; path: string }[] = [];
  const [present, roots, refused]: [string[], string[], string[]] = [[], [], []];
  for (const certificate of certificates) {
    const authority = classifyAuthority(certificate, settings);
    if (typeof authority === 'string') refused.push(authority);
    else if (authority.kind === 'root' && !options.roots) roots.push(authority.name);
    else {
      const path = await writeCertificate(authority, settings, now);
      if (path === undefined) present.push(authority.name);
      else kept.push({ name: authority.name, path });
    }
  }
  return { kept, present, roots, refused };
}
