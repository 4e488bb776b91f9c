/**
 * Which addresses may be connected to, so that a URL that somebody else chose cannot make Sild ask its own network. A name
 * is resolved once, for the check and the connection alike, so that it cannot lead elsewhere in between (DNS rebinding).
 */
import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { RefusedAddressError } from './errors.ts';
import { isPublicAddress } from './public-address.ts';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

export interface AddressGuardOptions {
  /** Every address of a host name. The system's resolver by default. */
  readonly resolve?: ((hostname: string) => Promise<readonly ResolvedAddress[]>) | undefined;
  /** Whether a connection may be made to an IP address. `isPublicAddress` by default. */
  readonly isAllowed?: ((address: string) => boolean) | undefined;
  /** Host names and IP addresses that may be connected to even if `isAllowed` refuses them; in lower case. Default: none. */
  readonly allowedHosts?: readonly string[] | undefined;
}

export interface AddressGuard {
  /** Why a host must not be connected to: it is an IP address, for which no resolver is asked, and not allowed. */
  refusalOf(hostname: string): RefusedAddressError | undefined;
  /** For the connection. A name with one address that is not allowed is refused as a whole. */
  readonly lookup: LookupFunction;
}

export function createAddressGuard({
  resolve = (hostname) => lookup(hostname, { all: true }),
  isAllowed = isPublicAddress,
  allowedHosts = [],
}: AddressGuardOptions = {}): AddressGuard {
  const isAllowedHost = (hostname: string) => allowedHosts.includes(hostname.toLowerCase());
  return {
    refusalOf: (hostname) =>
      isIP(hostname) !== 0 && !isAllowed(hostname) && !isAllowedHost(hostname)
        ? notPublic(hostname)
        : undefined,
    lookup: (hostname, { all }, callback) => {
      resolve(hostname).then(
        (addresses) => {
          const refused = isAllowedHost(hostname)
            ? undefined
            : addresses.find(({ address }) => !isAllowed(address));
          const [first] = addresses;
          if (refused || !first) callback(notPublic(hostname, refused?.address), '');
          else if (all === true) callback(null, [...addresses]);
          else callback(null, first.address, first.family);
        },
        (error: unknown) => {
          callback(error as NodeJS.ErrnoException, '');
        },
      );
    },
  };
}

function notPublic(hostname: string, address?: string): RefusedAddressError {
  const where = address === undefined ? hostname : `${hostname} (${address})`;
  return new RefusedAddressError(`${where} is no address of the internet`);
}
