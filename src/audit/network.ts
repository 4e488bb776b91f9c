import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** A network, and how many times the rate of one address applies to it as a whole. */
export interface CountedNetwork {
  readonly network: string;
  readonly allowance: number;
}

/** A host can use any address of its /64 (RFC 8981), and one customer of a provider may have a /56 or a /48 (RFC 6177). */
const IPV6_NETWORKS = [
  { bits: 64, allowance: 1 },
  { bits: 56, allowance: 4 },
  { bits: 48, allowance: 16 },
] as const;

/**
 * The networks of an address, by which limits count, the narrowest first: an IPv4 address itself (also an IPv4-mapped IPv6
 * address), or the /64, the /56 and the /48 of an IPv6 address.
 *
 * @param ip address of the connection, or from the proxy's header. A port is removed. All invalid values map to `unknown`,
 *   so that a client cannot evade limits with them.
 */
export function countedNetworksOf(ip: string): readonly [CountedNetwork, ...CountedNetwork[]] {
  const text = withoutPort(ip);
  // ipaddr.js also reads short and octal forms of IPv4 addresses, which no proxy sends.
  if (isIP(text) === 0) return [{ network: 'unknown', allowance: 1 }];
  const address = ipaddr.process(text.split('%')[0] ?? '');
  if (address.kind() === 'ipv4') return [{ network: address.toString(), allowance: 1 }];
  const [narrowest, ...wider] = IPV6_NETWORKS;
  const counted = ({ bits, allowance }: (typeof IPV6_NETWORKS)[number]): CountedNetwork => ({
    network: prefixOf(address as ipaddr.IPv6, bits),
    allowance,
  });
  return [counted(narrowest), ...wider.map(counted)];
}

/** The narrowest of them: the one by which an address is named in the audit. */
export function networkOf(ip: string): string {
  return countedNetworksOf(ip)[0].network;
}

function prefixOf({ parts }: ipaddr.IPv6, bits: number): string {
  const groups = parts.slice(0, Math.ceil(bits / 16));
  const used = bits % 16;
  const masked = groups.map((group, index) =>
    index === groups.length - 1 && used > 0 ? group & (0xffff << (16 - used)) : group,
  );
  return `${masked.map((group) => group.toString(16)).join(':')}::/${bits}`;
}

/** Some proxies add the port: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function withoutPort(ip: string): string {
  const { v4, v6 } = /^(?:(?<v4>[\d.]+):\d+|\[(?<v6>[^\]]+)\](?::\d+)?)$/.exec(ip)?.groups ?? {};
  return v4 ?? v6 ?? ip;
}
