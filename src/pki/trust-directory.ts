import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { parseCertificate, parsePem, type UnverifiedCertificate } from './certificate.ts';
import { systemReason } from '../system-reason.ts';
import { PkiError } from './errors.ts';

/** A file of a trust directory: its certificates, or why it has none. */
export type TrustFile =
  | { readonly path: string; readonly certificates: readonly UnverifiedCertificate[] }
  | { readonly path: string; readonly error: PkiError };

/** The first octet of a certificate in DER. (X.690 8.9) */
const SEQUENCE = 0x30;

/** File name extensions of certificate files. */
const EXTENSIONS = new Set(['.pem', '.crt', '.cer', '.der']);

/**
 * Reads all `.pem`, `.crt`, `.cer` and `.der` files of a directory, in the order of their names. Other files are ignored.
 *
 * @throws PkiError no_trust_anchors if the directory cannot be read
 */
export async function readTrustDirectory(directory: string): Promise<TrustFile[]> {
  const files = await certificateFiles(directory);
  return Promise.all(files.map((file) => readTrustFile(join(directory, file))));
}

/** Reads one file with any name. */
export async function readTrustFile(path: string): Promise<TrustFile> {
  try {
    return { path, certificates: parseCertificates(await readFile(path)) };
  } catch (cause) {
    const error =
      cause instanceof PkiError
        ? cause
        : new PkiError('certificate_malformed', `cannot be read (${systemReason(cause)})`, { cause });
    return { path, error };
  }
}

/**
 * Parses the contents of a file: any number of certificates in PEM, or one in DER.
 *
 * @throws PkiError certificate_malformed
 */
export function parseCertificates(bytes: Uint8Array): UnverifiedCertificate[] {
  const buffer = Buffer.from(bytes);
  if (buffer.includes('-----BEGIN ')) return parsePem(buffer.toString('latin1'));
  if (buffer[0] !== SEQUENCE) throw new PkiError('certificate_malformed', 'is no certificate (PEM or DER)');
  return [parseCertificate(bytes)];
}

async function certificateFiles(directory: string): Promise<string[]> {
  try {
    const files = await readdir(directory);
    return files.filter((file) => EXTENSIONS.has(extname(file).toLowerCase())).sort();
  } catch (cause) {
    throw new PkiError(
      'no_trust_anchors',
      `the directory ${directory} cannot be read (${systemReason(cause)})`,
      {
        cause,
      },
    );
  }
}
