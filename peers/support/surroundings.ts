/** What every peer is tested with: Sild with its simulator, at the address of a proxy, and the client of the example. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { freePorts } from '../../test/support/servers/free-ports.ts';
import { root } from '../../e2e/support/project.ts';
import { type Stack, startStack } from '../../e2e/support/stack.ts';
import { startTamperingProxy, type TamperingProxy } from './tampering-proxy.ts';

export const EXAMPLES = join(root, 'examples');

export interface Surroundings {
  readonly stack: Stack;
  readonly proxy: TamperingProxy;
  /** The address at which the example is to listen, without a slash at its end. */
  readonly appUrl: string;
  /** The variables of the example: ISSUER, CLIENT_SECRET, APP_URL. */
  readonly variables: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** @param variables those that the client.yaml of the example names, beside CLIENT_SECRET and APP_URL */
export async function startSurroundings(
  example: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<Surroundings> {
  const [appPort = 0, sildPort = 0] = await freePorts(2);
  const appUrl = `http://localhost:${appPort}`;
  const proxy = await startTamperingProxy();
  proxy.forwardTo(String(sildPort));
  const common = { CLIENT_SECRET: randomBytes(24).toString('base64url'), APP_URL: appUrl };
  const stack = await startStack({
    ISSUER: proxy.origin,
    PORT: String(sildPort),
    SIMULATOR_DELAY_MS: '20',
    CLIENTS_FILE: join(EXAMPLES, example, 'client.yaml'),
    ...common,
    ...variables,
  });
  return {
    stack,
    proxy,
    appUrl,
    variables: { ISSUER: proxy.origin, ...common },
    async stop() {
      await stack.stop();
      await proxy.close();
    },
  };
}
