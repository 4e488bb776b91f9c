import type { Dispatcher } from 'undici';
import { fetchBounded } from '../http/bounded-fetch.ts';
import { HttpError } from '../http/errors.ts';

/** How a download failed, in words for the operator. */
export class DownloadError extends Error {
  constructor(reason: string, options?: { cause?: unknown }) {
    super(reason, options);
    this.name = 'DownloadError';
  }
}

const TIMEOUT_MS = 15_000;
/** A CA certificate has 2 KiB; a bundle of them is small too. */
const MAX_BYTES = 128 * 1024;
/** Some web servers refuse a request that does not say what sent it. */
const HEADERS = { accept: '*/*', 'user-agent': 'Sild' };

/**
 * Downloads a file: one request, no redirects, within 15 s and 128 KiB.
 *
 * @throws DownloadError
 */
export async function download(url: string, dispatcher: Dispatcher): Promise<Buffer> {
  try {
    const bounds = { dispatcher, timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES };
    return (await fetchBounded({ url, headers: HEADERS }, bounds)).body;
  } catch (cause) {
    if (!(cause instanceof HttpError)) throw cause;
    throw new DownloadError(sentenceOf(cause), { cause });
  }
}

function sentenceOf({ code, reason = code }: HttpError): string {
  switch (code) {
    case 'timed_out':
    case 'aborted':
      return 'no answer in time';
    case 'redirected':
      return `redirects (${reason})`;
    case 'status_unexpected':
      return reason;
    case 'too_large':
      return `larger than ${MAX_BYTES / 1024} KiB`;
    case 'address_refused':
    case 'connection_failed':
    case 'connection_lost':
    case 'type_unexpected':
      return `cannot be reached (${reason})`;
  }
}
