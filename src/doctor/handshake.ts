import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
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
 * @param ca CA certificates to trust, PEM; undefined: Node's store
 */
export function shakeHands(url: URL, ca: string | undefined): Promise<Handshake> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: Number(url.port || 443),
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
