import { PkiError } from '../pki/errors.ts';
import { readTrustDirectory, type TrustFile } from '../pki/trust-directory.ts';
import type { KnownAuthority } from '../smart-id/known-authorities.ts';
import { type Authority, classifyAuthority } from './authority.ts';
import type { TrustSettings } from './settings.ts';

export interface FiledAuthority extends Authority {
  readonly path: string;
}

/** The result of inspecting a trust directory. */
export interface TrustInspection {
  /** In the order of the files. A CA that is present twice is listed twice. */
  readonly authorities: readonly FiledAuthority[];
  /** Sentences for the operator. Sild starts only if there are none. */
  readonly problems: readonly string[];
  /** Missing CAs of this environment. People whose certificate is from a missing issuing CA cannot log in. */
  readonly missing: readonly KnownAuthority[];
}

/** Inspects the whole trust directory, and reports all problems together. */
export async function inspectTrust(settings: TrustSettings, now: Date): Promise<TrustInspection> {
  const { files, problem } = await filesOf(settings.directory);
  const classified = files.flatMap((file) => classifyFile(file, settings));
  const authorities = classified.filter((one) => typeof one !== 'string');
  const refused = classified.filter((one) => typeof one === 'string');
  const nobody = problem ?? nobodyToTrust(authorities, settings, now);
  const fingerprints = new Set(authorities.map(({ certificate }) => certificate.fingerprint));
  return {
    authorities,
    problems: [...refused, ...(nobody === undefined ? [] : [nobody])],
    missing: knownOf(settings).filter(({ fingerprint }) => !fingerprints.has(fingerprint)),
  };
}

/** The known CAs of the environment; empty for the simulator. */
function knownOf({ environment, known }: TrustSettings): readonly KnownAuthority[] {
  return environment === 'simulator' ? [] : known[environment];
}

async function filesOf(
  directory: string,
): Promise<{ readonly files: readonly TrustFile[]; readonly problem?: string }> {
  try {
    return { files: await readTrustDirectory(directory) };
  } catch (error) {
    if (error instanceof PkiError)
      return { files: [], problem: `${error.message}; sild trust fetch makes it` };
    throw error;
  }
}

function classifyFile(file: TrustFile, settings: TrustSettings): (FiledAuthority | string)[] {
  if ('error' in file) return [`${file.path}: ${file.error.message}`];
  return file.certificates.map((certificate) => {
    const classified = classifyAuthority(certificate, settings);
    return typeof classified === 'string'
      ? `${file.path}: ${classified}`
      : { ...classified, path: file.path };
  });
}

function nobodyToTrust(
  authorities: readonly Authority[],
  { directory, environment }: TrustSettings,
  now: Date,
): string | undefined {
  // Only issuing CAs sign people's certificates, and path building uses only CAs in the directory.
  const issuing = authorities.filter(({ kind }) => kind === 'issuing');
  if (issuing.length === 0) {
    return `${directory} has no certificate of an issuing CA of Smart-ID’s ${environment} environment, so nobody could log in; sild trust fetch gets them`;
  }
  // Path validation refuses an expired CA. If all have expired, no login can succeed.
  const valid = issuing.some(
    ({ certificate: { notBefore, notAfter } }) => now >= notBefore && now <= notAfter,
  );
  return valid
    ? undefined
    : `no issuing CA’s certificate in ${directory} is valid now, so nobody could log in`;
}
