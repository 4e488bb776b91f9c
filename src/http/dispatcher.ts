/**
 * Connections, and what must hold before a byte of a request is sent over one:
 *
 *   an allowed address ─▶ TCP ─▶ TLS 1.2 or later ─▶ a chain to a CA of Node's store, of this host, valid now ─▶ a pinned key
 *
 * Nothing in the environment turns the validation off, and no TLS session is resumed, since a resumed one shows no certificate. Through
 * a proxy (proxies.ts) all of these apply except the allowed addresses.
 */
import type { X509Certificate } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import { Agent, buildConnector, type Dispatcher, Pool } from 'undici';
import { ConnectionError, errorCodeOf, RefusedAddressError } from './errors.ts';
import { type AddressGuardOptions, createAddressGuard } from './guarded-addresses.ts';
import { Http2Dispatcher } from './http2/dispatcher.ts';
import { SESSION_TIMES, type SessionTimes } from './http2/session.ts';
import { forwardingDispatcher, openTunnel, type Proxies, proxyFor } from './proxies.ts';
import { pinOf, presentedChain } from './tls-pins.ts';

const CONNECT_MS = 5_000;

export interface DispatcherOptions {
  /** For DNS, TCP and TLS, in milliseconds. Default: 5,000. */
  readonly connectMs?: number | undefined;
  /**
   * Pins, of which one has to be in the chain that the server presents; Base64 of the SHA-256 of a SubjectPublicKeyInfo.
   * Default: none, and any valid certificate of the host is accepted.
   */
  readonly pins?: readonly string[] | undefined;
  /** Called with the pins of a server that presents no pinned key. */
  readonly onMismatch?: ((presented: readonly string[]) => void) | undefined;
  /** Called with the server's own certificate of each connection that may be used. Default: not called. */
  readonly onPresented?: ((certificate: X509Certificate) => void) | undefined;
  /** CA certificates to trust, PEM, in place of Node's store. */
  readonly ca?: string | undefined;
  /** Which addresses may be connected to. Default: all; `{}`: those of the internet. */
  readonly addresses?: AddressGuardOptions | undefined;
  /** Without effect where `addresses` are given. Default: none. */
  readonly proxies?: Proxies | undefined;
  /** HTTP/2 with https servers that choose it; the default times for `{}`. Default: HTTP/1.1 only. */
  readonly http2?: Partial<SessionTimes> | undefined;
}

/** Creates a pool of connections for the life of the process; close it at the end. Failed ones throw a `ConnectionError`. */
export function createDispatcher(options: DispatcherOptions = {}): Dispatcher {
  const { connectMs = CONNECT_MS, pins = [], onMismatch, onPresented, ca, addresses } = options;
  const guard = addresses && createAddressGuard(addresses);
  const proxies = (guard ? undefined : options.proxies) ?? {};
  const tls: buildConnector.BuildOptions = {
    timeout: connectMs,
    minVersion: 'TLSv1.2',
    // Set, so that NODE_TLS_REJECT_UNAUTHORIZED cannot turn it off.
    rejectUnauthorized: true,
    maxCachedSessions: 0,
    ...(ca === undefined ? {} : { ca }),
    ...(guard ? { lookup: guard.lookup } : {}),
  };
  const agent = new Agent({ factory: dispatcherFor, connect: connectBy(buildConnector(tls)) });
  if (!options.http2) return agent;
  const connect = connectBy(buildConnector({ ...tls, allowH2: true }));
  return new Http2Dispatcher(agent, { connect, connectMs, times: { ...SESSION_TIMES, ...options.http2 } });

  /** The connections to one origin. */
  function dispatcherFor(origin: string | URL, poolOptions: object): Dispatcher {
    const url = new URL(origin);
    const proxy = url.protocol === 'http:' ? proxyFor(url, proxies) : undefined;
    return proxy ? forwardingDispatcher(proxy, connectMs) : new Pool(origin, poolOptions);
  }

  /** @param connect makes the connection itself, or secures the tunnel through a proxy */
  function connectBy(connect: buildConnector.connector): buildConnector.connector {
    return (target, callback) => {
      const refusal = guard?.refusalOf(target.hostname);
      const proxy = target.protocol === 'https:' ? proxyFor(target, proxies) : undefined;
      const accept: buildConnector.Callback = (error, socket) => {
        if (error) {
          callback(connectionError(error), null);
        } else if (isAccepted(socket)) {
          callback(null, socket);
        } else {
          socket.destroy();
          callback(new ConnectionError('TLS_PIN_MISMATCH'), null);
        }
      };
      if (refusal) callback(refusal, null);
      else if (proxy) {
        openTunnel(proxy, target, connectMs).then(
          (httpSocket) => {
            connect({ ...target, httpSocket }, accept);
          },
          (error: unknown) => {
            callback(connectionError(error), null);
          },
        );
      } else connect(target, accept);
    };
  }

  function isAccepted(socket: unknown): boolean {
    // Read once: Node returns the server's certificate to the first reader only.
    const chain = socket instanceof TLSSocket ? presentedChain(socket) : [];
    const presented = chain.map(pinOf);
    if (pins.length > 0 && !presented.some((pin) => pins.includes(pin))) {
      onMismatch?.(presented);
      return false;
    }
    if (chain[0]) onPresented?.(chain[0]);
    return true;
  }
}

function connectionError(error: unknown): Error {
  if (error instanceof RefusedAddressError || error instanceof ConnectionError) return error;
  return new ConnectionError(errorCodeOf(error) ?? 'unknown', { cause: error });
}
