import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * The network of an address, by which limits count: an IPv4 address itself (also an IPv4-mapped IPv6 address), or the first
 * 64 bits of an IPv6 address, because a host can use any address of its /64 (RFC 8981).
 *
 * @param ip address of the connection, or from the proxy's header. A port is removed. All invalid values map to `unknown`,
 *   so that a client cannot evade limits with them.
 */
export function networkOf(ip: string): string {
  const text = withoutPort(ip);
  // ipaddr.js also reads short and octal forms of IPv4 addresses, which no proxy sends.
  if (isIP(text) === 0) return 'unknown';
  const address = ipaddr.process(text.split('%')[0] ?? '');
  return address.kind() === 'ipv4' ? address.toString() : prefixOf(address as ipaddr.IPv6);
}

/**
 * The networks of an IPv6 address that one customer of a provider may have: a /56 and a /48 (RFC 6177). Empty for IPv4, whose
 * customers have single addresses.
 */
export function widerNetworksOf(ip: string): { readonly of56: string; readonly of48: string } | undefined {
  const network = networkOf(ip);
  const groups = /^(\w+):(\w+):(\w+):(\w+)::\/64$/.exec(network)?.slice(1);
  if (!groups) return undefined;
  const [first = '', second = '', third = '', fourth = ''] = groups;
  const upper = (Number.parseInt(fourth, 16) & 0xff00).toString(16);
  return {
    of56: `${first}:${second}:${third}:${upper}::/56`,
    of48: `${first}:${second}:${third}::/48`,
  };
}

function prefixOf(address: ipaddr.IPv6): string {
  const network = address.parts.slice(0, 4).map((group) => group.toString(16));
  return `${network.join(':')}::/64`;
}

/** Some proxies add the port: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function withoutPort(ip: string): string {
  const { v4, v6 } = /^(?:(?<v4>[\d.]+):\d+|\[(?<v6>[^\]]+)\](?::\d+)?)$/.exec(ip)?.groups ?? {};
  return v4 ?? v6 ?? ip;
}
