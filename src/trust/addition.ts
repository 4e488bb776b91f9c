import type { UnverifiedCertificate } from '../pki/certificate.ts';
import { readTrustFile } from '../pki/trust-directory.ts';
import { judge } from './authority.ts';
import { keep } from './keeping.ts';
import type { TrustSettings } from './settings.ts';

/** What came of certificates that were to be put into the trust directory. */
export interface Addition {
  readonly kept: readonly { readonly name: string; readonly path: string }[];
  /** Names of those that were there already. */
  readonly present: readonly string[];
  /** A sentence each; where there is one, nothing was kept. */
  readonly refused: readonly string[];
}

/** Puts the certificates of a file into the trust directory. @throws KeepingError */
export async function addFile(path: string, settings: TrustSettings, now: Date): Promise<Addition> {
  const file = await readTrustFile(path);
  if ('error' in file) return { kept: [], present: [], refused: [file.error.message] };
  return add(file.certificates, settings, now);
}

/** Puts certificates into the trust directory: all of them or, where one is not to be trusted, none. @throws KeepingError */
export async function add(
  certificates: readonly UnverifiedCertificate[],
  settings: TrustSettings,
  now: Date,
): Promise<Addition> {
  const judged = certificates.map((certificate) => judge(certificate, settings));
  const refused = judged.filter((one) => typeof one === 'string');
  if (refused.length > 0) return { kept: [], present: [], refused };
  const kept: { name: string; path: string }[] = [];
  const present: string[] = [];
  for (const authority of judged.filter((one) => typeof one !== 'string')) {
    const path = await keep(authority, settings, now);
    if (path === undefined) present.push(authority.name);
    else kept.push({ name: authority.name, path });
  }
  return { kept, present, refused };
}
