import { isIPv6 } from 'node:net';

/**
 * What of an address stays the same for one household or one server: IPv4 as it is, of IPv6 the first 64 bits, since a
 * device takes other ones after them every day. (RFC 8981)
 */
export function networkOf(address: string): string {
  const [plain = ''] = address.split('%');
  if (!isIPv6(plain)) return plain;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  return mapped ?? `${groupsOf(plain).slice(0, 4).join(':')}::/64`;
}

/** The eight groups of an IPv6 address, without leading zeros. */
function groupsOf(address: string): string[] {
  const [before = '', after] = address.split('::').map((part) => part.replace(/[\d.]+\.\d+$/, '0:0'));
  const [left, right] = [before, after ?? ''].map((part) => (part === '' ? [] : part.split(':')));
  const zeros = Array<string>(8 - (left?.length ?? 0) - (right?.length ?? 0)).fill('0');
  const groups = after === undefined ? (left ?? []) : [...(left ?? []), ...zeros, ...(right ?? [])];
  return groups.map((group) => parseInt(group, 16).toString(16));
}
