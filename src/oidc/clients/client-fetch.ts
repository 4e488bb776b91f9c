/**
 * How addresses from client metadata are fetched (`sector_identifier_uri`, `jwks_uri`), so that a client cannot reach Sild's own
 * network: https only, addresses of the internet or hosts that the operator allows only, no redirects, and a limit on time and size.
 */
import type { Configuration } from 'oidc-provider';
import { fetchBounded, type HttpResponse } from '../../http/bounded-fetch.ts';
import { createDispatcher } from '../../http/dispatcher.ts';
import { HttpError, RefusedAddressError } from '../../http/errors.ts';
import type { AddressGuardOptions } from '../../http/guarded-addresses.ts';

export type ClientFetch = NonNullable<Configuration['fetch']>;

export interface ClientFetchOptions extends AddressGuardOptions {
  /** CA certificates to trust, PEM, in place of Node's store. */
  readonly ca?: string;
  /** For connection and answer, in milliseconds. Default: 5,000. */
  readonly limitMs?: number;
}

const LIMIT_MS = 5_000;
const MAX_BYTES = 64 * 1024;
/** The highest of HTTP, and of a `Response`. (RFC 9110 15) */
const HIGHEST_STATUS = 599;
/** Statuses of which a `Response` must have no body. (Fetch Standard, null body status) */
const NULL_BODY = [204, 205];

/**
 * A `fetch` for oidc-provider. It resolves once the whole answer has been read.
 *
 * @returns rejects as `fetch` does: with the reason of the signal that fired, or with a TypeError whose `cause` is an
 *   `HttpError`. What is not https is refused with a `RefusedAddressError`, an address with one as the HttpError's `cause`.
 */
export function createClientFetch(options: ClientFetchOptions = {}): ClientFetch {
  const { resolve, isAllowed, allowedHosts, ca, limitMs = LIMIT_MS } = options;
  const dispatcher = createDispatcher({
    ca,
    connectMs: limitMs,
    addresses: { resolve, isAllowed, allowedHosts },
  });
  return async (resource, init) => {
    // The `dispatcher` in oidc-provider's `init` is not used: it checks the address only after it has connected.
    const request = new Request(resource, init);
    const { protocol } = new URL(request.url);
    if (protocol !== 'https:') throw new RefusedAddressError(`${protocol} is not https`);
    try {
      const answer = await fetchBounded(
        {
          url: request.url,
          method: request.method,
          headers: { ...Object.fromEntries(request.headers), 'accept-encoding': 'identity' },
          body: request.body === null ? undefined : await request.bytes(),
        },
        { dispatcher, timeoutMs: limitMs, maxBytes: MAX_BYTES, status: 'any', signal: request.signal },
      );
      return responseOf(answer);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      if (error.code === 'aborted') throw request.signal.reason;
      throw new TypeError('fetch failed', { cause: error });
    }
  };
}

/** @throws HttpError */
function responseOf({ status, headers, body }: HttpResponse): Response {
  if (status > HIGHEST_STATUS) throw new HttpError('status_unexpected', { reason: `HTTP ${status}`, status });
  const given = new Headers();
  for (const [name, values] of Object.entries(headers))
    for (const value of [values ?? []].flat()) given.append(name, value);
  return new Response(NULL_BODY.includes(status) ? null : new Uint8Array(body), { status, headers: given });
}
