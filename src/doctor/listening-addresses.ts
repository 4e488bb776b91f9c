import { isIP, isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';
import type { Config } from '../config/config.ts';
import { isPublicAddress } from '../http/public-address.ts';
import type { Finding } from './finding.ts';

/**
 * Behind a proxy, whoever reaches the port without it chooses their own address in `X-Forwarded-For`, and no limit counts them.
 * Private addresses are not reported: in a container Sild has to listen on all it has, and only the network knows who reaches them.
 *
 * @param addresses those of this machine
 */
export function checkListening(
  { host, port, metricsPort, trustProxy }: Pick<Config, 'host' | 'port' | 'metricsPort' | 'trustProxy'>,
  addresses: readonly string[] = addressesOfMachine(),
): Finding[] {
  const open = boundTo(host, addresses).find(isPublicAddress);
  if (trustProxy === 0 || open === undefined) return [];
  const ports = [port, ...(metricsPort === undefined ? [] : [metricsPort])].join(' and ');
  return [
    {
      level: 'warning',
      subject: 'configuration',
      text: `TRUST_PROXY is set, and Sild listens on ${open}, which is an address of the internet: whoever reaches port ${port} there without the proxy can choose the address that limits see`,
      details: [
        `HOST=127.0.0.1 if the proxy is on this machine, else an internal address, or a firewall before ports ${ports}`,
      ],
    },
  ];
}

/** @param host undefined for every address; a name is not looked up */
function boundTo(host: string | undefined, addresses: readonly string[]): readonly string[] {
  if (host === undefined) return addresses;
  if (isIP(host) === 0) return [];
  const bound = ipaddr.process(host);
  if (bound.range() !== 'unspecified') return [bound.toString()];
  return addresses.filter((address) => bound.kind() === 'ipv6' || isIPv4(address));
}

function addressesOfMachine(): string[] {
  return Object.values(networkInterfaces()).flatMap((of = []) => of.map(({ address }) => address));
}
