/**
 * HTTP to OCSP responders and to where revocation lists are published: one request, one body, or a
 * `RevocationSourceError`. A request that meets a broken connection is sent once more, since it changes nothing and a login
 * depends on it.
 *
 * Plain http is correct here: what comes is signed, and a responder behind TLS would need a certificate to be checked
 * first. (RFC 5280 8) No redirect is followed, and only addresses that a certificate of a trusted CA names are asked.
 */
import type { Dispatcher } from 'undici';
import { fetchBounded, type HttpRequest } from '../../http/bounded-fetch.ts';
import { createDispatcher } from '../../http/dispatcher.ts';
import type { Proxies } from '../../http/proxies.ts';
import { HttpError } from '../../http/errors.ts';
import { RevocationSourceError } from './errors.ts';

export interface RevocationRequest {
  readonly url: string;
  /** An OCSPRequest to post; absent: a GET. */
  readonly ocspRequest?: Uint8Array;
  /**
   * The required media type, without parameters. Absent: any, because servers use several names for a list, or none; its
   * signature is what counts.
   */
  readonly type?: string;
  readonly maxBytes: number;
  /** For all of it, the connection and a second request included. */
  readonly timeoutMs: number;
}

/** @throws RevocationSourceError for every network error, and for a status other than 200 or another media type */
export type RevocationFetch = (request: RevocationRequest) => Promise<Uint8Array>;

/** More than any request's `timeoutMs`, which is what ends it. */
const CONNECT_MS = 10_000;

export interface RevocationFetchOptions {
  readonly proxies?: Proxies | undefined;
  /** Default: a new one with `proxies`. */
  readonly dispatcher?: Dispatcher | undefined;
  /** Called after each request. Default: not called. */
  readonly observe?: (request: {
    readonly source: 'ocsp' | 'crl';
    /** `answered`, or the code of the error. */
    readonly outcome: string;
    readonly seconds: number;
  }) => void;
}

export function createRevocationFetch({
  proxies,
  dispatcher = createDispatcher({ connectMs: CONNECT_MS, proxies }),
  observe,
}: RevocationFetchOptions = {}): RevocationFetch {
  return async ({ url, ocspRequest, type, maxBytes, timeoutMs }) => {
    const begun = performance.now();
    const sent = requestOf(url, ocspRequest, type);
    const ask = async () => {
      const left = timeoutMs - (performance.now() - begun);
      if (left <= 0) throw new RevocationSourceError('timed_out', 'no answer in time');
      try {
        const bounds = { dispatcher, timeoutMs: Math.ceil(left), maxBytes, mediaType: type };
        return (await fetchBounded(sent, bounds)).body;
      } catch (error) {
        throw error instanceof HttpError ? sourceError(error) : error;
      }
    };
    let outcome = 'answered';
    try {
      return await ask().catch((error: unknown) => {
        if (error instanceof RevocationSourceError && error.code === 'connection_failed') return ask();
        throw error;
      });
    } catch (error) {
      outcome = error instanceof RevocationSourceError ? error.code : 'unknown';
      throw error;
    } finally {
      const source = ocspRequest === undefined ? 'crl' : 'ocsp';
      observe?.({ source, outcome, seconds: (performance.now() - begun) / 1000 });
    }
  };
}

function requestOf(url: string, ocspRequest: Uint8Array | undefined, type = '*/*'): HttpRequest {
  if (ocspRequest === undefined) return { url, method: 'GET', headers: { accept: type } };
  return {
    url,
    method: 'POST',
    headers: { accept: type, 'content-type': 'application/ocsp-request' },
    body: ocspRequest,
  };
}

function sourceError(cause: HttpError): RevocationSourceError {
  const { code, reason = 'failed' } = cause;
  switch (code) {
    case 'address_refused':
      return new RevocationSourceError('no_address', reason, { cause });
    case 'connection_failed':
    case 'connection_lost':
      return new RevocationSourceError('connection_failed', reason, { cause });
    case 'timed_out':
    case 'aborted':
      return new RevocationSourceError('timed_out', 'no answer in time', { cause });
    case 'type_unexpected':
      return new RevocationSourceError(code, 'another media type', { cause });
    case 'redirected':
    case 'status_unexpected':
    case 'too_large':
      return new RevocationSourceError(code, reason, { cause });
  }
}
