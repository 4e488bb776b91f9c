/**
 * The TLS client certificate of a request: of the connection, where Sild serves TLS itself, or of a header, where a proxy does.
 * The proxy or Node has checked that the client has the private key; nothing else is checked here.
 *
 * The header is accepted only on connections of the configured proxies, since anybody can send it.
 */
import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { TLSSocket } from 'node:tls';

export interface ProxyHeader {
  /** In lower case. */
  readonly name: string;
  /** IP addresses, or networks like `10.0.0.0/8`, from which the header is accepted. */
  readonly proxies: readonly string[];
}

export interface PresentedCertificateOptions {
  /** Undefined: no header counts. */
  readonly header?: ProxyHeader | undefined;
  /** Called when the header comes from an address that is not one of the proxies. */
  readonly onUntrusted?: (() => void) | undefined;
}

/** @returns undefined where none is presented, or the header does not contain exactly one certificate */
export type PresentedCertificate = (request: IncomingMessage) => X509Certificate | undefined;

export function createPresentedCertificate({
  header,
  onUntrusted = () => undefined,
}: PresentedCertificateOptions): PresentedCertificate {
  const proxies = blockListOf(header?.proxies ?? []);
  return (request) => {
    const { socket } = request;
    const ofConnection = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
    if (ofConnection) return ofConnection;
    const values = (header && request.headersDistinct[header.name]) ?? [];
    if (values.length === 0) return undefined;
    if (!isIn(proxies, socket.remoteAddress)) {
      onUntrusted();
      return undefined;
    }
    // With a second value, the proxy has not removed the header of the client.
    const [value = '', ...more] = values;
    return more.length > 0 ? undefined : certificateIn(value);
  };
}

/**
 * `:Base64 of the DER:` (RFC 9440), or PEM: percent-encoded as nginx writes it, or with spaces in place of line breaks as Apache
 * does. Several certificates are refused: which of them is the client's is not known.
 */
function certificateIn(value: string): X509Certificate | undefined {
  try {
    const [, der] = /^:([A-Za-z0-9+/]+={0,2}):$/.exec(value) ?? [];
    const pem = /^\s*-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*$/;
    const base64 = der ?? pem.exec(decodeURIComponent(value))?.[1]?.replaceAll(/\s/g, '');
    return base64 === undefined ? undefined : new X509Certificate(Buffer.from(base64, 'base64'));
  } catch {
    return undefined;
  }
}

function blockListOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

function isIn(list: BlockList, address: string | undefined): boolean {
  // An IPv4 address as a socket for both families reports it. (RFC 4291 2.5.5.2)
  const plain = address?.replace(/^::ffff:(?=[\d.]+$)/i, '') ?? '';
  const family = isIP(plain);
  return family !== 0 && list.check(plain, family === 6 ? 'ipv6' : 'ipv4');
}
