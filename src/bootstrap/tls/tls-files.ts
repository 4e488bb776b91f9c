import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { systemReason } from '../../system-reason.ts';
import { StartError } from '../start-error.ts';

export interface TlsFiles {
  /** PEM, with the chain. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
}

/** Reads the certificate chain and the key to serve https with. @throws {StartError} where they cannot serve */
export function readTlsFiles(files: { readonly certFile: string; readonly keyFile: string }): TlsFiles {
  const tls = { cert: read('TLS_CERT_FILE', files.certFile), key: read('TLS_KEY_FILE', files.keyFile) };
  try {
    createSecureContext(tls);
    return tls;
  } catch (cause) {
    throw new StartError(
      `TLS_CERT_FILE and TLS_KEY_FILE must be a PEM certificate chain and the private key that belongs to it (${systemReason(cause)}).`,
      { cause },
    );
  }
}

function read(variable: string, path: string): string {
  const text = readText(variable, path);
  // createSecureContext accepts an empty text, and then every handshake fails. A file is empty for a moment while it is overwritten.
  if (text.trim() === '') throw new StartError(`${variable}: the file ${path} is empty.`);
  return text;
}

function readText(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new StartError(`${variable}: the file ${path} cannot be read (${systemReason(cause)}).`, { cause });
  }
}
