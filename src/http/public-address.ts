import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Addresses that look public, and at which the cloud that the machine runs in answers: Azure's platform. */
const OF_THE_CLOUD = ['168.63.129.16'];
/** The only range of IPv6 that is assigned for the internet. (RFC 4291 2.4) */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');

/**
 * Whether an IP address belongs to the internet: not to this machine, its network or its provider's network, not to a
 * special purpose (IANA's special-purpose registries), and not an IPv6 address that contains an IPv4 one.
 *
 * @returns false for a text that is not an IP address
 */
export function isPublicAddress(text: string): boolean {
  if (isIP(text) === 0 || OF_THE_CLOUD.includes(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || address.match(GLOBAL_UNICAST);
}
