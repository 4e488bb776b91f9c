/**
 * Sild's public address in these tests: forwards everything, and changes ID tokens when told to, as an attacker between a
 * relying party and Sild would.
 */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** `audience`: the token is for another client, which makes its signature invalid too. */
export type Tampered = 'nothing' | 'signature' | 'audience';

export interface TamperingProxy {
  readonly origin: string;
  /** The targets of authorization requests so far, oldest first. */
  readonly authorizationRequests: readonly URL[];
  /** Sets the port of Sild, which needs the address of the proxy for its own start. */
  forwardTo(port: string): void;
  /** What is wrong with the ID tokens of `/token` from now on. Nothing at first. */
  tamperWith(what: Tampered): void;
  close(): Promise<void>;
}

export async function startTamperingProxy(): Promise<TamperingProxy> {
  let port: string | undefined;
  let tampered: Tampered = 'nothing';
  const authorizationRequests: URL[] = [];
  const server = createServer((incoming, outgoing) => {
    const { method, url: path = '/', headers } = incoming;
    if (path.startsWith('/authorize?')) authorizationRequests.push(new URL(path, 'http://localhost'));
    const upstream = request({ host: 'localhost', port, path, method, headers }, (answer) => {
      const wrong = tampered;
      if (wrong === 'nothing' || path !== '/token') {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
        return;
      }
      let body = '';
      answer.setEncoding('utf8').on('data', (text: string) => (body += text));
      answer.once('end', () => {
        const { 'content-length': _, ...rest } = answer.headers;
        outgoing.writeHead(answer.statusCode ?? 502, rest);
        outgoing.end(withTampered(body, wrong));
      });
    });
    upstream.once('error', () => outgoing.writeHead(502).end());
    incoming.pipe(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    authorizationRequests,
    forwardTo: (target) => (port = target),
    tamperWith: (what) => (tampered = what),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function withTampered(body: string, what: Exclude<Tampered, 'nothing'>): string {
  const answer = JSON.parse(body) as { id_token?: string };
  const [header = '', payload = '', signature = ''] = answer.id_token?.split('.') ?? [];
  const token =
    what === 'signature' ? [header, payload, changed(signature)] : [header, forOther(payload), signature];
  return JSON.stringify({ ...answer, id_token: token.join('.') });
}

function changed(signature: string): string {
  return (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1);
}

function forOther(payload: string): string {
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
  return Buffer.from(JSON.stringify({ ...claims, aud: 'another-client' })).toString('base64url');
}
