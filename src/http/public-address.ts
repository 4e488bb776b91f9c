import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Addresses that look public and are answered by the machine's own cloud: Azure's platform. */
const OF_THE_CLOUD = ['168.63.129.16'];
/** All that is assigned of IPv6 for the internet. (RFC 4291 2.4) */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');

/**
 * Whether an IP address is one of the internet: not of this machine, its network, its provider's, nor for anything
 * special (IANA's special-purpose registries), and no IPv6 address that stands for an IPv4 one.
 */
export function isPublicAddress(text: string): boolean {
  if (isIP(text) === 0 || OF_THE_CLOUD.includes(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || address.match(GLOBAL_UNICAST);
}
