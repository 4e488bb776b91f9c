import type { Dispatcher } from 'undici';
import type { SmartIdExchange } from '../../metrics/metrics.ts';
import type { Circuit } from './circuit.ts';

/** The address of the RP API and the connections to it. */
export interface RpApi {
  /** Includes the version, e.g. `https://rp-api.smart-id.com/v3/`. The trailing slash is optional. */
  readonly baseUrl: string | URL;
  readonly dispatcher: Dispatcher;
  /** Called after each request. Default: not called. */
  readonly observe?: ((exchange: SmartIdExchange) => void) | undefined;
  /** Guards the creation of sessions. Default: none. */
  readonly circuit?: Circuit | undefined;
}

/**
 * Builds the URL of an endpoint. Each segment is percent-encoded, so that input from a person cannot add segments.
 *
 * @throws RangeError for an empty segment, `.` or `..`, which percent-encoding does not change. The message does not
 * quote the segment, which may be a personal code.
 */
export function endpoint({ baseUrl }: RpApi, ...segments: readonly string[]): URL {
  if (segments.some((segment) => /^\.{0,2}$/.test(segment)))
    throw new RangeError('a path segment is empty, . or ..');
  const url = new URL(baseUrl);
  url.pathname = [url.pathname.replace(/\/+$/, ''), ...segments.map(encodeURIComponent)].join('/');
  url.search = '';
  url.hash = '';
  return url;
}
