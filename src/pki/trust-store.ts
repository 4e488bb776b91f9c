import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { parseCertificate, parsePem, type UnverifiedCertificate } from './certificate.ts';
import { certificateAuthority } from './checks/certificate-authority.ts';
import { criticalExtensions } from './checks/critical-extensions.ts';
import { PkiError } from './errors.ts';

/** Whom the operator believes. Nothing else is, the system's store least of all. */
export interface TrustStore {
  /** Believed as they are: where a path ends. Not necessarily self-signed, since an issuing CA may be one. */
  readonly anchors: readonly UnverifiedCertificate[];
  /** Believed only where a path through them reaches an anchor. */
  readonly intermediates: readonly UnverifiedCertificate[];
}

export interface TrustStoreContents {
  readonly anchors: readonly UnverifiedCertificate[];
  /** Default: none. */
  readonly intermediates?: readonly UnverifiedCertificate[];
}

/**
 * @throws PkiError no_trust_anchors where there are none, since then nobody could ever log in or, worse, anybody;
 * trust_anchor_unusable where one could not end a path whatever the date: not a CA, or with a critical extension that
 * is not understood. Dates are looked at when a path is validated.
 */
export function createTrustStore({ anchors, intermediates = [] }: TrustStoreContents): TrustStore {
  if (anchors.length === 0) throw new PkiError('no_trust_anchors', 'no trust anchor is configured');
  for (const anchor of anchors) requireUsable(anchor);
  return Object.freeze({
    anchors: Object.freeze([...anchors]),
    intermediates: Object.freeze([...intermediates]),
  });
}

const EXTENSIONS = new Set(['.pem', '.crt', '.cer', '.der']);

/**
 * Reads the certificates of every `.pem`, `.crt`, `.cer` and `.der` file of a directory, each either PEM (any number of
 * certificates) or DER, in the order of the file names. Other files are left alone.
 *
 * @throws PkiError no_trust_anchors where the directory cannot be read, certificate_malformed with the file's name.
 */
export async function loadTrustDirectory(directory: string): Promise<UnverifiedCertificate[]> {
  const files = await certificateFiles(directory);
  const certificates = await Promise.all(files.map((file) => loadFile(join(directory, file))));
  return certificates.flat();
}

async function certificateFiles(directory: string): Promise<string[]> {
  try {
    const files = await readdir(directory);
    return files.filter((file) => EXTENSIONS.has(extname(file).toLowerCase())).sort();
  } catch (cause) {
    throw new PkiError('no_trust_anchors', `the directory ${directory} cannot be read`, { cause });
  }
}

async function loadFile(path: string): Promise<UnverifiedCertificate[]> {
  try {
    const bytes = await readFile(path);
    return bytes.includes('-----BEGIN ') ? parsePem(bytes.toString('latin1')) : [parseCertificate(bytes)];
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unreadable';
    throw new PkiError('certificate_malformed', `${path}: ${reason}`, { cause });
  }
}

function requireUsable(anchor: UnverifiedCertificate): void {
  try {
    certificateAuthority(anchor);
    criticalExtensions(anchor);
  } catch (cause) {
    const reason = cause instanceof PkiError ? cause.message : 'unknown';
    throw new PkiError('trust_anchor_unusable', `unusable trust anchor: ${reason}`, { cause });
  }
}
