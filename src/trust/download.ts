/** How a download failed, in words for the operator. */
export class DownloadError extends Error {
  constructor(reason: string, options?: { cause?: unknown }) {
    super(reason, options);
    this.name = 'DownloadError';
  }
}

export type Fetch = typeof globalThis.fetch;

const TIMEOUT_MS = 15_000;
/** A CA certificate has 2 KiB; a bundle of them is small too. */
const MAX_BYTES = 128 * 1024;

/**
 * Downloads a file: one request, no redirects, within 15 s and 128 KiB.
 *
 * @throws DownloadError
 */
export async function download(address: string, fetch: Fetch): Promise<Buffer> {
  try {
    const response = await fetch(address, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (response.status !== 200) {
      await response.body?.cancel();
      const { status } = response;
      throw new DownloadError(
        status >= 300 && status < 400 ? `redirects (HTTP ${status})` : `HTTP ${status}`,
      );
    }
    return await bytesOf(response);
  } catch (cause) {
    if (cause instanceof DownloadError) throw cause;
    if (cause instanceof DOMException && cause.name === 'TimeoutError')
      throw new DownloadError('no answer in time', { cause });
    throw new DownloadError(`cannot be reached (${codeOf(cause)})`, { cause });
  }
}

/** What is beyond the limit is never read. */
async function bytesOf({ body }: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new DownloadError(`larger than ${MAX_BYTES / 1024} KiB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The code of a failed fetch is that of its cause. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.cause === undefined ? error.name : codeOf(error.cause);
}
