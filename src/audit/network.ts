import { isIP } from 'node:net';

/**
 * The network of an address, by which limits count: an IPv4 address itself (also an IPv4-mapped IPv6 address), or the first
 * 64 bits of an IPv6 address, because a host can use any address of its /64 (RFC 8981).
 *
 * @param ip address of the connection, or from the proxy's header. A port is removed. All invalid values map to `unknown`,
 *   so that a client cannot evade limits with them.
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
  // The URL parser writes an address in canonical form (RFC 5952), with an embedded IPv4 address in hexadecimal.
  const canonical = new URL(`http://[${withoutZone}]`).hostname.slice(1, -1);
  const [head = [], tail = []] = canonical
    .split('::')
    .map((part) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16))));
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

/** Some proxies add the port: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function withoutPort(ip: string): string {
  const { v4, v6 } = /^(?:(?<v4>[\d.]+):\d+|\[(?<v6>[^\]]+)\](?::\d+)?)$/.exec(ip)?.groups ?? {};
  return v4 ?? v6 ?? ip;
}
