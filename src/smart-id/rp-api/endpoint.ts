import type { Dispatcher } from 'undici';
import type { SmartIdExchange } from '../../metrics/metrics.ts';
import type { Circuit } from './circuit.ts';

/** Where Smart-ID is, and the connections to it. */
export interface RpApi {
  /** Version included, e.g. `https://rp-api.smart-id.com/v3/`, with or without the slash at the end. */
  readonly baseUrl: string | URL;
  readonly dispatcher: Dispatcher;
  /** Told how each request went. Default: nobody. */
  readonly observe?: ((exchange: SmartIdExchange) => void) | undefined;
  /** Stands before the creation of sessions. Default: none. */
  readonly circuit?: Circuit | undefined;
}

/**
 * The address of an endpoint under the API's base. Each segment is encoded, so that what a person typed stays one.
 *
 * @throws RangeError on a segment that would climb out of its place (`..` survives encoding). It is not quoted, since it
 *   may be a personal code.
 */
export function endpoint({ baseUrl }: RpApi, ...segments: readonly string[]): URL {
  if (segments.some((segment) => /^\.{0,2}$/.test(segment)))
    throw new RangeError('a path segment is empty or dots');
  const url = new URL(baseUrl);
  url.pathname = [url.pathname.replace(/\/+$/, ''), ...segments.map(encodeURIComponent)].join('/');
  url.search = '';
  url.hash = '';
  return url;
}
