import { randomBytes, X509Certificate } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { systemReason } from '../system-reason.ts';
import type { Authority } from './authority.ts';
import { inspectTrust } from './inspection.ts';
import type { TrustSettings } from './settings.ts';

/** The trust directory cannot be written; the message is for the operator. */
export class CertificateFileError extends Error {
  constructor(message: string, options: { cause: unknown }) {
    super(message, options);
    this.name = 'CertificateFileError';
  }
}

/**
 * Writes a CA certificate to the trust directory, and creates the directory if necessary. The file is written under a
 * temporary name and then renamed, so that an instance that starts at that moment never reads an incomplete certificate.
 *
 * @returns the file's path, or `undefined` if the CA is already present
 * @throws CertificateFileError
 */
export async function writeCertificate(
  authority: Authority,
  settings: TrustSettings,
  now: Date,
): Promise<string | undefined> {
  const { certificate, name } = authority;
  const { authorities } = await inspectTrust(settings, now);
  if (authorities.some((there) => there.certificate.fingerprint === certificate.fingerprint))
    return undefined;
  const { directory } = settings;
  const path = join(directory, `${fileNameOf(name)}-${certificate.fingerprint.slice(0, 8)}.pem`);
  const unfinished = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await mkdir(directory, { recursive: true });
    try {
      const file = await open(unfinished, 'wx', 0o644);
      try {
        await file.writeFile(`${name}\n${new X509Certificate(certificate.der).toString()}`);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
  } catch (cause) {
    const reason = systemReason(cause);
    throw new CertificateFileError(`TRUST_DIR: ${directory} cannot be made or written (${reason})`, {
      cause,
    });
  }
  return path;
}

function fileNameOf(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9.-]+/g, '-').replaceAll(/^[.-]+|[.-]+$/g, '') || 'ca';
}
