/**
 * How addresses that clients name are fetched (`sector_identifier_uri`), so that nobody can make Sild ask its own network:
 * https only, and a connection is made to none but the addresses that have been looked at. A name is resolved once, for the
 * check and the connection alike, so that it cannot be another one by then. No redirects; a limit on time and size.
 */
import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector, fetch } from 'undici';
import type { Configuration } from 'oidc-provider';
import { isPublicAddress } from './public-address.ts';

export type ClientFetch = NonNullable<Configuration['fetch']>;

export interface ClientFetchOptions {
  /** Every address of a host name. The system's resolver by default. */
  readonly resolve?: (hostname: string) => Promise<readonly ResolvedAddress[]>;
  /** Whether a connection may be made to an IP address. `isPublicAddress` by default. */
  readonly isAllowed?: (address: string) => boolean;
  /** CA certificates, PEM, in place of the system's. */
  readonly ca?: string;
  /** For connection and answer, in milliseconds. */
  readonly limitMs?: number;
}

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

const LIMIT_MS = 5_000;
const MAX_BYTES = 64 * 1024;

/** Something was to be fetched that is not of the internet, or not over https. The message says what. */
export class RefusedAddressError extends Error {
  readonly code = 'address_refused';

  constructor(what: string) {
    super(what);
    this.name = 'RefusedAddressError';
  }
}

/** A `fetch` for oidc-provider. What it refuses it rejects with, `RefusedAddressError` being the cause. */
export function createClientFetch(options: ClientFetchOptions = {}): ClientFetch {
  const { isAllowed = isPublicAddress, limitMs = LIMIT_MS } = options;
  const resolve = options.resolve ?? ((hostname: string) => lookup(hostname, { all: true }));
  const dispatcher = new Agent({
    connect: checkedConnector(resolve, isAllowed, options.ca, limitMs),
    headersTimeout: limitMs,
    bodyTimeout: limitMs,
    maxResponseSize: MAX_BYTES,
  });
  return async (resource, { signal, ...init } = {}) => {
    const { href, protocol } = new URL(resource instanceof Request ? resource.url : resource);
    if (protocol !== 'https:') throw new RefusedAddressError(`${protocol} is not https`);
    const limit = AbortSignal.timeout(limitMs);
    const response = await fetch(href, {
      ...(init as Parameters<typeof fetch>[1]),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      redirect: 'error',
      // In the place of oidc-provider's own, which looks at the address once it is connected.
      dispatcher,
    });
    // undici's and the global one are the same class in two copies.
    return response as unknown as Response;
  };
}

/** Refuses before it connects; to an address that stands in the URL as well, which no resolver is asked for. */
function checkedConnector(
  resolve: NonNullable<ClientFetchOptions['resolve']>,
  isAllowed: (address: string) => boolean,
  ca: string | undefined,
  timeout: number,
): buildConnector.connector {
  const connect = buildConnector({
    timeout,
    lookup: checkedLookup(resolve, isAllowed),
    ...(ca === undefined ? {} : { ca }),
  });
  return (target, callback) => {
    const { hostname } = target;
    if (isIP(hostname) !== 0 && !isAllowed(hostname)) callback(notPublic(hostname), null);
    else connect(target, callback);
  };
}

/** A name with one address that is not allowed is refused as a whole. */
function checkedLookup(
  resolve: NonNullable<ClientFetchOptions['resolve']>,
  isAllowed: (address: string) => boolean,
): LookupFunction {
  return (hostname, { all }, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const refused = addresses.find(({ address }) => !isAllowed(address));
        const [first] = addresses;
        if (refused || !first) {
          callback(notPublic(hostname, refused?.address), '');
        } else if (all === true) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => {
        callback(error as NodeJS.ErrnoException, '');
      },
    );
  };
}

function notPublic(hostname: string, address?: string): RefusedAddressError {
  const where = address === undefined ? hostname : `${hostname} (${address})`;
  return new RefusedAddressError(`${where} is no address of the internet`);
}
