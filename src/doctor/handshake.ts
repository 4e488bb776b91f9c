import type { X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { connect } from 'node:tls';
import type { DispatcherOptions } from '../http/dispatcher.ts';
import { errorCodeOf } from '../http/errors.ts';
import { openTunnel, proxyFor } from '../http/proxies.ts';
import { presentedChain } from '../http/tls-pins.ts';

export type Handshake =
  | {
      readonly kind: 'shaken';
      /** E.g. `TLSv1.3`. */
      readonly protocol: string;
      /** Node's error code when validation refuses the certificate; otherwise undefined. */
      readonly refusal: string | undefined;
      /** The chain that the server sent, its own certificate first. */
      readonly chain: readonly X509Certificate[];
    }
  /** Node's error code. */
  | { readonly kind: 'failed'; readonly code: string };

const TIMEOUT_MS = 5_000;

/**
 * Connects, reads the server's certificates, and disconnects. Invalid certificates are accepted so that they can be shown;
 * nothing is sent over the connection.
 *
 * @param options.ca CA certificates to trust, PEM; undefined: Node's store
 */
export async function shakeHands(
  url: URL,
  { ca, proxies = {} }: Pick<DispatcherOptions, 'ca' | 'proxies'>,
): Promise<Handshake> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const proxy = proxyFor(url, proxies);
  let tunnel: Socket | undefined;
  try {
    tunnel = proxy && (await openTunnel(proxy, url, TIMEOUT_MS));
  } catch (error) {
    return { kind: 'failed', code: errorCodeOf(error) ?? 'the proxy does not answer' };
  }
  return new Promise((resolve) => {
    const socket = connect({
      ...(tunnel ? { socket: tunnel } : { host, port: Number(url.port || 443) }),
      ...(isIP(host) === 0 ? { servername: host } : {}),
      minVersion: 'TLSv1.2',
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
      ...(ca === undefined ? {} : { ca }),
    });
    const end = (handshake: Handshake) => {
      resolve(handshake);
      socket.destroy();
    };
    socket.setTimeout(TIMEOUT_MS, () => {
      end({ kind: 'failed', code: 'no answer in time' });
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      end({ kind: 'failed', code: error.code ?? error.name });
    });
    socket.once('secureConnect', () => {
      end({
        kind: 'shaken',
        protocol: socket.getProtocol() ?? 'unknown',
        refusal: socket.authorized ? undefined : codeOf(socket.authorizationError),
        chain: presentedChain(socket),
      });
    });
  });
}

/** Node's types say Error, but the value is a code. */
function codeOf(refusal: unknown): string {
  return typeof refusal === 'string' ? refusal : 'refused';
}
