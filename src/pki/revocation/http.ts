/**
 * The way to OCSP responders and revocation lists: one question, one body, or a `RevocationSourceError`. A question that
 * meets a broken connection is asked once more, as it changes nothing: a login depends on it.
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
  /**
   * The media type that it has to be, without parameters. Absent: whatever the server calls it, as servers have several
   * names for a list, and some none; its signature tells what it is.
   */
  readonly type?: string;
  readonly maxBytes: number;
  /** For all of it, the connection included. */
  readonly timeoutMs: number;
}

/** @throws RevocationSourceError for whatever happens on the network, and for anything but 200 and the expected type */
export type RevocationFetch = (request: RevocationRequest) => Promise<Uint8Array>;

/** @param dispatcher the connections; default: its own */
export function createRevocationFetch(dispatcher: Dispatcher = new Agent()): RevocationFetch {
  return async ({ url, ocspRequest, type, maxBytes, timeoutMs }) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const headers = { accept: type ?? '*/*' };
    const sent =
      ocspRequest === undefined
        ? ({ method: 'GET', headers } as const)
        : ({
            method: 'POST',
            headers: { ...headers, 'content-type': 'application/ocsp-request' },
            body: ocspRequest,
          } as const);
    const ask = async () => {
      try {
        return await bodyOf(await request(url, { dispatcher, signal, ...sent }), type, maxBytes);
      } catch (error) {
        if (error instanceof RevocationSourceError) throw error;
        if (signal.aborted)
          throw new RevocationSourceError('timed_out', 'no answer in time', { cause: error });
        throw new RevocationSourceError('connection_failed', reasonOf(error), { cause: error });
      }
    };
    return ask().catch((error: unknown) => {
      if (error instanceof RevocationSourceError && error.code === 'connection_failed') return ask();
      throw error;
    });
  };
}

async function bodyOf(
  { statusCode: status, headers, body }: Dispatcher.ResponseData,
  expected: string | undefined,
  maxBytes: number,
): Promise<Uint8Array> {
  try {
    if (status >= 300 && status < 400) throw new RevocationSourceError('redirected', `HTTP ${status}`);
    if (status !== 200) throw new RevocationSourceError('status_unexpected', `HTTP ${status}`);
    const type = String(headers['content-type']).split(';')[0]?.trim().toLowerCase() ?? '';
    if (expected !== undefined && type !== expected)
      throw new RevocationSourceError('type_unexpected', 'another media type');
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
