import { isIP } from 'node:net';

/**
 * What of an address stays the same for one household or one server, as limits count it: an IPv4 address as it is, also where IPv6 carries it, and
 * of an IPv6 address the first 64 bits, since whoever has one address there has all of its network. (RFC 8981)
 *
 * @param ip of the connection, or what the proxy says; a port behind it is left out, and whatever is no address is one
 *   and the same, so that nobody multiplies themselves with it
 */
export function networkOf(ip: string): string {
  const address = withoutPort(ip);
  switch (isIP(address)) {
    case 4:
      return address;
    case 6:
      return networkOfIpv6(address);
    default:
      return 'unknown';
  }
}

function networkOfIpv6(address: string): string {
  const groups = groupsOf(address);
  const [high = 0, low = 0] = groups.slice(6);
  // ::ffff:0:0/96 (RFC 4291 2.5.5.2)
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff)
    return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
  const network = groups.slice(0, 4).map((group) => group.toString(16));
  return `${network.join(':')}::/64`;
}

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): number[] {
  const [withoutZone = ''] = address.split('%');
  // The URL parser writes an address in its one canonical form, an IPv4 part of it in hexadecimal. (RFC 5952)
  const canonical = new URL(`http://[${withoutZone}]`).hostname.slice(1, -1);
  const [head = [], tail = []] = canonical
    .split('::')
    .map((part) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16))));
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

/** Some proxies say `192.0.2.1:4711` or `[2001:db8::1]:4711`. */
function withoutPort(ip: string): string {
  const { v4, v6 } = /^(?:(?<v4>[\d.]+):\d+|\[(?<v6>[^\]]+)\](?::\d+)?)$/.exec(ip)?.groups ?? {};
  return v4 ?? v6 ?? ip;
}
