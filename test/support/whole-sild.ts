/** The complete product in the test's process: bridge, simulator and sample app on free ports, started by `main.ts`. */
import { rm } from 'node:fs/promises';
import { freshEnvironment } from '../../e2e/support/environment.ts';
import { loadConfig } from '../../src/config/config.ts';
import { createLogger } from '../../src/log/logger.ts';
import { startSild } from '../../src/main.ts';
import { temporaryDirectory } from './database.ts';
import { copyDataDirectory } from './templates.ts';

export interface WholeSild {
  readonly issuer: string;
  readonly sampleAppUrl: string;
  readonly phoneUrl: string;
  /** The redirect URI of the sample app. */
  readonly redirectUri: string;
  /** Base URL of RP API v3 of the simulator. */
  readonly smartIdUrl: string;
  readonly log: readonly Record<string, unknown>[];
  stop(): Promise<void>;
}

/** @param variables environment variables that override those of a fresh environment */
export async function startWholeSild(variables: Readonly<Record<string, string>> = {}): Promise<WholeSild> {
  const dataDir = await temporaryDirectory();
  if (variables.DATABASE_URL === undefined) await copyDataDirectory(dataDir);
  const environment = { ...(await freshEnvironment(dataDir)), SIMULATOR_DELAY_MS: '20', ...variables };
  const log: Record<string, unknown>[] = [];
  const logger = createLogger({
    level: 'debug',
    destination: { write: (line) => void log.push(JSON.parse(line) as Record<string, unknown>) },
  });
  const sild = await startSild(loadConfig(environment), logger, { drainQuietMs: 50 });
  const at = (port: string) => `http://localhost:${port}/`;
  const sampleAppUrl = at(environment.SAMPLE_APP_PORT);
  return {
    issuer: environment.ISSUER,
    sampleAppUrl,
    phoneUrl: at(environment.SIMULATOR_PORT),
    redirectUri: `${sampleAppUrl}callback`,
    smartIdUrl: `${at(environment.SIMULATOR_PORT)}smart-id-rp/v3/`,
    log,
    async stop() {
      await sild.stop();
      await rm(dataDir, { recursive: true });
    },
  };
}
