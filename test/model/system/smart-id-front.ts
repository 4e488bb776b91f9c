/**
 * Between the instances and the simulator: Smart-ID that is slow, down, or whose answers are lost. A status poll is answered
 * at once, not after the second that a poll lasts at least.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

export type SmartIdState =
  | 'up'
  /** The person's answer has not arrived yet: polls say RUNNING. */
  | 'slow'
  /** Every request fails with 500. */
  | 'failing'
  /** Connections are cut. */
  | 'down'
  /** Sessions are created, and the answer is lost. */
  | 'answers_lost';

/** The creation of a session, as Smart-ID received it. */
export interface Creation {
  readonly instance: string;
  readonly sessionId: string;
  readonly kind: 'push' | 'link';
  /** Semantics identifier or document number that the request names. */
  readonly target: string | undefined;
  /** Whether the app asks for no choice of the code: a push from a browser that Sild takes for the person's. */
  readonly asKnown: boolean;
  /** Whether the instance got the answer. */
  readonly delivered: boolean;
}

export interface SmartIdFront {
  /** The base URL of RP API v3 for one instance. */
  urlOf(instance: string): string;
  set(state: SmartIdState): void;
  /** Requests of this instance have no effect any more. */
  cut(instance: string): void;
  close(): Promise<void>;
}

/** A session that is complete answers within this, in milliseconds. */
const POLL_MS = 40;

const createdSchema = z.object({ sessionID: z.string() });
const requestedSchema = z.object({ interactions: z.base64() });
const interactionsSchema = z.array(z.object({ type: z.string() }));

export async function startSmartIdFront(
  simulatorUrl: string,
  onCreated: (creation: Creation) => void,
): Promise<SmartIdFront> {
  let state: SmartIdState = 'up';
  const dead = new Set<string>();
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    urlOf: (instance) => `http://127.0.0.1:${port}/${instance}/v3/`,
    set(next) {
      state = next;
    },
    cut(instance) {
      dead.add(instance);
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, instance = '', rest = ''] = /^\/([^/]+)\/v3\/(.*)$/.exec(request.url ?? '') ?? [];
    const body = await text(request);
    if (state === 'down' || dead.has(instance)) {
      response.destroy();
      return;
    }
    if (state === 'failing') {
      response.writeHead(500, { 'content-type': 'application/json' }).end('{}');
      return;
    }
    if (request.method === 'GET') await poll(rest, response);
    else await create(instance, rest, body, response);
  }

  async function create(
    instance: string,
    rest: string,
    body: string,
    response: ServerResponse,
  ): Promise<void> {
    const created = await fetch(new URL(rest, simulatorUrl), {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    const answered = await created.text();
    const session = created.ok ? createdSchema.parse(JSON.parse(answered)) : undefined;
    const delivered = state !== 'answers_lost' && !dead.has(instance);
    if (session) {
      onCreated({
        instance,
        sessionId: session.sessionID,
        kind: rest.includes('notification') ? 'push' : 'link',
        target: /\/(?:etsi|document)\/([^/?]+)/.exec(rest)?.[1],
        asKnown: !offersCodeChoice(body),
        delivered,
      });
    }
    if (!delivered) response.destroy();
    else response.writeHead(created.status, { 'content-type': 'application/json' }).end(answered);
  }

  async function poll(rest: string, response: ServerResponse): Promise<void> {
    const send = (status: number, text_: string) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(text_);
    };
    if (state === 'slow') {
      send(200, '{"state":"RUNNING"}');
      return;
    }
    try {
      const answered = await fetch(new URL(rest, simulatorUrl), { signal: AbortSignal.timeout(POLL_MS) });
      send(answered.status, await answered.text());
    } catch {
      send(200, '{"state":"RUNNING"}');
    }
  }
}

function offersCodeChoice(body: string): boolean {
  const { interactions } = requestedSchema.parse(JSON.parse(body));
  const offered = interactionsSchema.parse(JSON.parse(Buffer.from(interactions, 'base64').toString()));
  return offered.some(({ type }) => type.endsWith('erificationCodeChoice'));
}
