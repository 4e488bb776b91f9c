/**
 * The way to OCSP responders and revocation lists: one request, one body, or a `RevocationSourceError`.
 *
 * Plain http is as it should be: what comes is signed, and a responder behind TLS would need a certificate to be checked
 * first. (RFC 5280 8) No redirect is followed, and nothing is asked of an address that no certificate of a trusted CA names.
 */
import { Agent, type Dispatcher, request } from 'undici';
import { RevocationSourceError } from './errors.ts';

export interface RevocationRequest {
  readonly url: string;
  /** An OCSPRequest to post; absent: a GET. */
  readonly ocspRequest?: Uint8Array;
  /** Media types, without parameters. */
  readonly types: readonly string[];
  readonly maxBytes: number;
  /** For all of it, the connection included. */
  readonly timeoutMs: number;
}

/** @throws RevocationSourceError for whatever happens on the network, and for anything but 200 and the expected type */
export type RevocationFetch = (request: RevocationRequest) => Promise<Uint8Array>;

/** @param dispatcher the connections; default: its own */
export function createRevocationFetch(dispatcher: Dispatcher = new Agent()): RevocationFetch {
  return async ({ url, ocspRequest, types, maxBytes, timeoutMs }) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const headers = { accept: types.join(', ') };
    const sent =
      ocspRequest === undefined
        ? ({ method: 'GET', headers } as const)
        : ({
            method: 'POST',
            headers: { ...headers, 'content-type': 'application/ocsp-request' },
            body: ocspRequest,
          } as const);
    try {
      return await bodyOf(await request(url, { dispatcher, signal, ...sent }), types, maxBytes);
    } catch (error) {
      if (error instanceof RevocationSourceError) throw error;
      if (signal.aborted) throw new RevocationSourceError('timed_out', 'no answer in time', { cause: error });
      throw new RevocationSourceError('connection_failed', reasonOf(error), { cause: error });
    }
  };
}

async function bodyOf(
  { statusCode: status, headers, body }: Dispatcher.ResponseData,
  types: readonly string[],
  maxBytes: number,
): Promise<Uint8Array> {
  try {
    if (status >= 300 && status < 400) throw new RevocationSourceError('redirected', `HTTP ${status}`);
    if (status !== 200) throw new RevocationSourceError('status_unexpected', `HTTP ${status}`);
    const type = String(headers['content-type']).split(';')[0]?.trim().toLowerCase() ?? '';
    if (!types.includes(type)) throw new RevocationSourceError('type_unexpected', 'another media type');
    return await readAtMost(body, maxBytes);
  } finally {
    // What is left of a body that nobody wants, which emits an error that has told us nothing new.
    body.on('error', () => undefined).destroy();
  }
}

/** What is beyond the limit is never read. */
async function readAtMost(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maxBytes) throw new RevocationSourceError('too_large', `more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'failed';
}
