/**
 * Forward proxies, for machines that reach the internet through one.
 *
 *   https  CONNECT host:port ─▶ proxy ─▶ TLS with the server itself, validated and pinned as without a proxy
 *   http   the request with its whole URL ─▶ proxy
 *
 * A proxy looks addresses up itself, so connections whose addresses are guarded never go through one.
 */
import { isIPv6, Socket } from 'node:net';
import { Client, type Dispatcher, ProxyAgent } from 'undici';
import { isLoopbackHost } from '../loopback-host.ts';
import { ConnectionError, errorCodeOf } from './errors.ts';

export interface Proxies {
  /** For https targets. Default: none. */
  readonly https?: URL | undefined;
  /** For http targets. Default: none. */
  readonly http?: URL | undefined;
  /** Targets to connect to directly: `host`, which includes the names below it, `host:port`, or `*`. */
  readonly except?: readonly string[] | undefined;
}

export interface Target {
  /** `https:` or `http:`. */
  readonly protocol: string;
  readonly hostname: string;
  /** Empty: the protocol's own. */
  readonly port: string;
}

/** The proxy for a target. Undefined: none; always so for this machine. */
export function proxyFor(target: Target, { https, http, except = [] }: Proxies): URL | undefined {
  const proxy = target.protocol === 'https:' ? https : http;
  return proxy && !isLoopbackHost(target.hostname) && !except.some((entry) => matches(target, entry))
    ? proxy
    : undefined;
}

/**
 * A connection to an https target through its proxy, before TLS.
 *
 * @param ms for all of it
 * @throws ConnectionError `PROXY_REFUSED`, with the proxy's status as its cause, `PROXY_TIMED_OUT`, or `PROXY_` with the error code of
 *   the connection to the proxy, e.g. `PROXY_ECONNREFUSED`: a proxy that is away must not look like a target that is
 */
export async function openTunnel(proxy: URL, target: Target, ms: number): Promise<Socket> {
  const { hostname } = target;
  const host = `${isIPv6(hostname) ? `[${hostname}]` : hostname}:${portOf(target)}`;
  const limit = AbortSignal.timeout(ms);
  const client = new Client(proxy.origin, { connect: { timeout: ms } });
  try {
    const { statusCode, socket } = await client.connect({
      path: host,
      headers: { host, ...authorization(proxy) },
      signal: limit,
    });
    if (statusCode === 200 && socket instanceof Socket) return socket;
    socket.on('error', () => undefined).destroy();
    throw new ConnectionError('PROXY_REFUSED', { cause: new Error(`HTTP ${statusCode}`) });
  } catch (cause) {
    if (limit.aborted) throw new ConnectionError('PROXY_TIMED_OUT', { cause });
    if (cause instanceof ConnectionError) throw cause;
    throw new ConnectionError(`PROXY_${errorCodeOf(cause) ?? 'UNREACHABLE'}`, { cause });
  } finally {
    // undici has handed the socket over; closing the client does not close the tunnel.
    void client.close();
  }
}

/** Sends requests for http targets to a proxy. */
export function forwardingDispatcher(proxy: URL, connectMs: number): Dispatcher {
  return new ProxyAgent({
    uri: proxy.origin,
    headers: authorization(proxy),
    proxyTunnel: false,
    proxyTls: { timeout: connectMs },
  });
}

function authorization({ username, password }: URL): Record<string, string> {
  if (username === '') return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
}

function matches(target: Target, entry: string): boolean {
  if (entry === '*') return true;
  const [, name = '', port] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
  const host = target.hostname.toLowerCase();
  return (
    name !== '' &&
    (host === name || host.endsWith(`.${name}`)) &&
    (port === undefined || port === portOf(target))
  );
}

function portOf({ protocol, port }: Target): string {
  return port || (protocol === 'https:' ? '443' : '80');
}
