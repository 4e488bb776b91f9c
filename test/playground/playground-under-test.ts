/** A playground beside a sample app, and a login service that knows its clients, with stub login pages. */
import Koa from 'koa';
import { createServer } from 'node:http';
import { freePorts } from '../support/servers/free-ports.ts';
import { createLogger } from '../../src/log/logger.ts';
import { createPlayground } from '../../src/playground/playground.ts';
import { startSampleApp } from '../../src/sample-app/sample-app.ts';
import { openTestStore } from '../support/database.ts';
import { type Bridge, startBridge } from '../support/oidc-bridge.ts';
import { createHttpBrowser, type HttpBrowser, type HttpPage } from '../support/servers/http-browser.ts';

export interface PlaygroundUnderTest {
  readonly issuer: string;
  readonly bridge: Bridge;
  /** Without a slash at its end. */
  readonly url: string;
  readonly lines: readonly string[];
  close(): Promise<void>;
}

export async function startPlayground(): Promise<PlaygroundUnderTest> {
  const [bridgePort = 0, appPort = 0] = await freePorts(2);
  const issuer = `http://localhost:${bridgePort}`;
  const lines: string[] = [];
  const log = createLogger({ level: 'debug', destination: { write: (line) => void lines.push(line) } });
  const playground = createPlayground({ issuer, url: `http://localhost:${appPort}/`, log });
  const store = await openTestStore();
  const bridge = await startBridge({ stores: store, port: bridgePort, clients: [...playground.clients] });
  const app = await startSampleApp({
    port: appPort,
    issuer,
    clientId: 'app',
    clientSecret: 'secret',
    playground,
    log,
  });
  return {
    issuer,
    bridge,
    url: `http://localhost:${appPort}/playground`,
    lines,
    async close() {
      await app.close();
      await bridge.close();
      await store.close();
    },
  };
}

/** A login service that answers discovery alone. @param changes members of its document, made of its issuer */
export async function startDiscovery(changes: (issuer: string) => Readonly<Record<string, string>>) {
  const app = new Koa();
  const server = createServer();
  const [port = 0] = await freePorts(1);
  const issuer = `http://localhost:${port}`;
  app.use((ctx) => {
    ctx.body = {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      pushed_authorization_request_endpoint: `${issuer}/par`,
      token_endpoint: `${issuer}/token`,
      ...changes(issuer),
    };
  });
  const respond = app.callback();
  server.on('request', (request, response) => void respond(request, response));
  await new Promise<void>((resolve) => server.listen(port, 'localhost', resolve));
  return {
    issuer,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

const VALID = { client: 'playground', scope: 'openid', pkce: '1' };

/** Builds a request. Returns its page. */
export function build(
  browser: HttpBrowser,
  url: string,
  fields: Readonly<Record<string, string>>,
): Promise<HttpPage> {
  return browser.post(`${url}/runs`, { ...VALID, ...fields });
}

/** Builds and sends a request, in a browser that stops at the login service. Returns the address to which it goes. */
export async function sent(
  { url, issuer }: Pick<PlaygroundUnderTest, 'url' | 'issuer'>,
  fields: Readonly<Record<string, string>>,
): Promise<URL> {
  const browser = createHttpBrowser({ stopAt: ({ origin }) => origin === issuer });
  const run = await build(browser, url, fields);
  return (await browser.post(`${run.url.href}/send`, {})).url;
}

/** The text of a page, without tags. */
export function textOf({ text }: HttpPage): string {
  return text
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ');
}
