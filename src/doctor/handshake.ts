import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { presentedChain } from '../http/tls-pins.ts';

export type Handshake =
  | {
      readonly kind: 'shaken';
      /** E.g. `TLSv1.3`. */
      readonly protocol: string;
      /** Why ordinary validation refuses the certificate: a code of Node's; undefined where it does not. */
      readonly refusal: string | undefined;
      /** The server's own certificate first, then those above it that it sent. */
      readonly chain: readonly X509Certificate[];
    }
  /** A code of Node's. */
  | { readonly kind: 'failed'; readonly code: string };

const TIMEOUT_MS = 5_000;

/**
 * Connects, looks at what the server presents, and hangs up: nothing is sent, so that a certificate that Sild would
 * refuse can be looked at too.
 *
 * @param ca CA certificates to believe, PEM; undefined: Node's store
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

/** Typed as an Error, and a code all the same. */
function codeOf(refusal: unknown): string {
  return typeof refusal === 'string' ? refusal : 'refused';
}
