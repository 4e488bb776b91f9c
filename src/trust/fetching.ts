import type { Dispatcher } from 'undici';
import { PkiError } from '../pki/errors.ts';
import { parseCertificates } from '../pki/trust-directory.ts';
import { type Addition, add, type AdditionOptions } from './addition.ts';
import { download, DownloadError } from './download.ts';
import { inspectTrust } from './inspection.ts';
import type { TrustSettings } from './settings.ts';

export interface FetchOptions extends AdditionOptions {
  /** Addresses to download from, instead of the known ones. */
  readonly from?: readonly string[] | undefined;
}

export interface Fetched extends Pick<Addition, 'kept' | 'present' | 'roots'> {
  /** One sentence for each failed address, with the reason. */
  readonly failed: readonly string[];
  /** Names of the requested CAs that are still missing. */
  readonly missing: readonly string[];
}

/**
 * Downloads missing CA certificates, and stores those with a trusted fingerprint. Because the fingerprint decides, neither
 * the address nor the transport has to be trusted.
 *
 * @throws CertificateFileError
 */
export async function fetchTrust(
  settings: TrustSettings,
  { from, roots }: FetchOptions,
  { dispatcher, now }: { readonly dispatcher: Dispatcher; readonly now: Date },
): Promise<Fetched> {
  const result = {
    kept: [] as Addition['kept'][number][],
    present: [] as string[],
    roots: [] as string[],
    failed: [] as string[],
  };
  if (from !== undefined) {
    for (const address of from) await take(address);
    return { ...result, missing: [] };
  }
  const wanted = (await inspectTrust(settings, now)).missing.filter(
    ({ kind }) => roots || kind === 'issuing',
  );
  const missing: string[] = [];
  for (const { name, fingerprint, addresses } of wanted) {
    let there = false;
    for (const address of addresses) {
      there = (await take(address)).includes(fingerprint);
      if (there) break;
    }
    if (!there) missing.push(name);
  }
  return { ...result, missing };

  /** @returns the fingerprints of the certificates at this address */
  async function take(address: string): Promise<string[]> {
    try {
      const certificates = parseCertificates(await download(address, dispatcher));
      const { kept, present, roots: unasked, refused } = await add(certificates, settings, { roots }, now);
      result.kept.push(...kept);
      result.present.push(...present);
      // Roots are reported only for addresses that the operator named.
      if (from !== undefined) result.roots.push(...unasked);
      result.failed.push(...refused.map((reason) => `${address}: ${reason}`));
      return certificates.map(({ fingerprint }) => fingerprint);
    } catch (error) {
      if (!(error instanceof DownloadError || error instanceof PkiError)) throw error;
      result.failed.push(`${address}: ${error.message}`);
      return [];
    }
  }
}
