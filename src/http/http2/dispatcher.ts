/**
 * HTTP/2 with servers that offer it, so that many waiting requests share a connection. Other servers get HTTP/1.1 by undici.
 *
 *   request ─ exchange.ts ─▶ origin.ts: a connection with a free stream ─▶ session.ts
 *
 * undici's own HTTP/2 is not used: it sends no POST while other requests of the connection wait, and all requests fail when
 * a server closes their connection gracefully. (docs/decisions/0019-http2-by-node.md)
 */
import type { Socket } from 'node:net';
import { type Agent, type buildConnector, Dispatcher } from 'undici';
import { createExchange } from './exchange.ts';
import { createOrigin, type Origin, type OriginOptions } from './origin.ts';

export interface Http2Options extends Pick<OriginOptions, 'connectMs' | 'times'> {
  /** Opens connections that offer HTTP/2, and applies every check of connections. */
  readonly connect: buildConnector.connector;
}

export class Http2Dispatcher extends Dispatcher {
  readonly #agent: Agent;
  readonly #options: Http2Options;
  readonly #origins = new Map<string, Origin>();
  readonly #dispatch: Dispatcher.Dispatch;

  /** @param agent sends the requests that HTTP/2 is not used for; it is closed with this dispatcher */
  constructor(agent: Agent, options: Http2Options) {
    super();
    this.#agent = agent;
    this.#options = options;
    const composed = agent.compose((http1) => (sent, handler) => {
      const url = new URL(String(sent.origin));
      // A destroyed agent fails the request with its own error.
      if (url.protocol !== 'https:' || agent.destroyed) return http1(sent, handler);
      this.#originOf(url).send(createExchange(url, sent, handler, http1));
      return true;
    });
    this.#dispatch = (sent, handler) => composed.dispatch(sent, handler);
  }

  override dispatch(sent: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    return this.#dispatch(sent, handler);
  }

  /** Ends every request, as `destroy` does. */
  override close(): Promise<void> {
    return this.destroy();
  }

  override destroy(): Promise<void> {
    for (const origin of this.#origins.values()) origin.destroy();
    this.#origins.clear();
    return this.#agent.destroy();
  }

  #originOf(url: URL): Origin {
    const known = this.#origins.get(url.origin);
    if (known) return known;
    const { connectMs, times } = this.#options;
    const origin = createOrigin({ url, connectMs, times, connect: (to) => this.#connect(to) });
    this.#origins.set(url.origin, origin);
    return origin;
  }

  #connect({ protocol, host, hostname, port }: URL): Promise<Socket> {
    return new Promise((resolve, reject) => {
      // Node expects an IPv6 address without brackets.
      const target = { protocol, host, hostname: hostname.replace(/^\[(.*)\]$/, '$1'), port };
      this.#options.connect(target, (error, socket) => {
        if (error) reject(error);
        else resolve(socket);
      });
    });
  }
}
