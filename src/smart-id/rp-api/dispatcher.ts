/**
 * The connections to Smart-ID, and what has to hold before a byte of a request goes into one:
 *
 *   TCP ─▶ TLS 1.2 or later ─▶ a chain to a CA of Node's store, of this host, valid now ─▶ a pinned key in it
 *
 * There is no way around: nothing in the environment turns the validation off or leads it through a proxy, and no session
 * is resumed, since a resumed one shows no certificate.
 */
import { TLSSocket } from 'node:tls';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { pinOf, presentedChain } from './tls-pins.ts';

const CONNECT_MS = 5_000;

/** No connection came about, so nothing has been sent. The message is a code. */
export class ConnectionError extends Error {
  readonly code: string;

  constructor(code: string, options?: { cause?: unknown }) {
    super(code, options);
    this.name = 'ConnectionError';
    this.code = code;
  }
}

export interface DispatcherOptions {
  /**
   * Pins, of which one has to be in the chain that the server presents; Base64 of the SHA-256 of a SubjectPublicKeyInfo.
   * Default: none, and any valid certificate of the host will do.
   */
  readonly pins?: readonly string[] | undefined;
  /** Told the pins of a server that has none of the right ones. Default: nobody. */
  readonly onMismatch?: ((presented: readonly string[]) => void) | undefined;
  /** CA certificates to believe, PEM, in place of Node's store. */
  readonly ca?: string | undefined;
}

/** One for the life of the process; close it on the way out. */
export function createDispatcher({ pins = [], onMismatch, ca }: DispatcherOptions = {}): Dispatcher {
  const connect = buildConnector({
    timeout: CONNECT_MS,
    minVersion: 'TLSv1.2',
    // Said, so that NODE_TLS_REJECT_UNAUTHORIZED does not say otherwise.
    rejectUnauthorized: true,
    maxCachedSessions: 0,
    ...(ca === undefined ? {} : { ca }),
  });
  return new Agent({
    connect: (options, callback) => {
      connect(options, (error, socket) => {
        if (error) {
          callback(new ConnectionError(codeOf(error), { cause: error }), null);
          return;
        }
        if (isPinned(socket)) {
          callback(null, socket);
          return;
        }
        socket.destroy();
        callback(new ConnectionError('TLS_PIN_MISMATCH'), null);
      });
    },
  });

  function isPinned(socket: unknown): boolean {
    if (pins.length === 0) return true;
    const presented = socket instanceof TLSSocket ? presentedChain(socket).map(pinOf) : [];
    if (presented.some((pin) => pins.includes(pin))) return true;
    onMismatch?.(presented);
    return false;
  }
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}
