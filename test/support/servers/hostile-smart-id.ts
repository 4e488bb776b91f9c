/**
 * A malicious Smart-ID service: a proxy in front of the simulated one, whose responses are really signed. It changes
 * requests and responses as a test requires. Only for localhost.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export type Json = Readonly<Record<string, unknown>>;

/** A request of the bridge that creates a session. */
export interface Creation {
  /** Below the base address, e.g. `authentication/notification/etsi/PNOEE-40504040001`. */
  readonly path: string;
  readonly body: Json;
}

export interface Reply {
  readonly status: number;
  readonly body: Json;
}

/** Handlers that replace plain forwarding. */
export interface Tampering {
  readonly create?: (creation: Creation, forward: (creation: Creation) => Promise<Reply>) => Promise<Reply>;
  readonly poll?: (sessionId: string, forward: (sessionId: string) => Promise<Reply>) => Promise<Reply>;
}

export interface HostileSmartId {
  /** Base address of RP API v3, for the bridge. */
  readonly baseUrl: string;
  /** Base address of RP API v3 of the simulated service behind it. */
  target: string;
  tampering: Tampering;
  close(): void;
}

const PATH = '/smart-id-rp/v3/';

export async function startHostileSmartId(): Promise<HostileSmartId> {
  const server = createServer((request, response) => {
    answer(request).then(
      ({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      },
      () => response.destroy(),
    );
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  const hostile: HostileSmartId = {
    baseUrl: `http://localhost:${(server.address() as AddressInfo).port}${PATH}`,
    target: '',
    tampering: {},
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return hostile;

  async function answer(request: IncomingMessage): Promise<Reply> {
    const path = request.url?.slice(PATH.length) ?? '';
    if (request.method === 'POST') {
      const creation = { path, body: (await json(request)) as Json };
      return hostile.tampering.create?.(creation, create) ?? create(creation);
    }
    const [, sessionId = '', query = ''] = /^session\/([^?]+)(.*)$/.exec(path) ?? [];
    const poll = (id: string) => ask(`session/${id}${query}`);
    return hostile.tampering.poll?.(sessionId, poll) ?? poll(sessionId);
  }

  function create({ path, body }: Creation): Promise<Reply> {
    return ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  async function ask(path: string, init?: RequestInit): Promise<Reply> {
    const response = await fetch(`${hostile.target}${path}`, init);
    return { status: response.status, body: (await response.json()) as Json };
  }
}
