import type { UnverifiedCertificate } from '../pki/certificate.ts';
import { readTrustFile } from '../pki/trust-directory.ts';
import { classifyAuthority } from './authority.ts';
import { writeCertificate } from './certificate-file.ts';
import type { TrustSettings } from './settings.ts';

export interface AdditionOptions {
  /**
   * Whether roots are added too. SK's files often contain the root and the issuing CA. With a trusted root, every login checks
   * the revocation of the issuing CA: the operator must choose that, it must not depend on the contents of a file.
   */
  readonly roots: boolean;
}

/** The result of adding certificates to the trust directory. */
export interface Addition {
  readonly kept: readonly { readonly name: string; readonly path: string }[];
  /** Names of CAs that were already present. */
  readonly present: readonly string[];
  /** Names of roots that were not added, because roots were not requested. */
  readonly roots: readonly string[];
  /** One sentence for each refused certificate. */
  readonly refused: readonly string[];
}

/** Adds the certificates of a file to the trust directory. @throws CertificateFileError */
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

/** Adds the trusted ones of these certificates to the trust directory, and reports the others. @throws CertificateFileError */
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
