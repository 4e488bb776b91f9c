/** What `SMARTID_ENVIRONMENT=simulator` brings along: a Smart-ID service and a customer's app, neither of them real. */
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import type { Logger } from '../log/logger.ts';
import { createPlayground, type Playground } from '../playground/playground.ts';
import { startSampleApp, type SampleApp } from '../sample-app/sample-app.ts';
import { startSimulator, type Simulator } from '../simulator/simulator.ts';
import { StoredFileError } from '../simulator/stored-file.ts';
import { systemReason } from '../system-reason.ts';
import { reasonNotToListen, StartError } from './start-error.ts';
import { readTlsFiles } from './tls/tls-files.ts';

const SAMPLE_CLIENT = { id: 'sample-app', secret: 'sample-app-secret', name: 'Sample app' };

export async function simulatorOf(config: Config, log: Logger): Promise<Simulator | undefined> {
  if (config.smartId.environment !== 'simulator') return undefined;
  const dataDir = join(config.dataDir, 'simulator');
  const { port, answersLike, allowsAdvanced, delayMs } = config.simulator;
  return startSimulator({
    port,
    tls: config.tls && readTlsFiles(config.tls),
    dataDir,
    answersLike,
    allowsAdvanced,
    relyingParties: config.smartId.relyingParties,
    answerDelayMs: delayMs,
    log: log.child({ module: 'simulator' }),
  })
    .catch(reasonNotToListen('SIMULATOR_PORT', port, 'localhost', 'none'))
    .catch(reasonNotToStore(dataDir));
}

/** The simulator keeps its CA and its keys in files. */
function reasonNotToStore(directory: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof StoredFileError) throw new StartError(`${error.message}.`, { cause: error });
    if (!(error instanceof Error && 'path' in error)) throw error;
    throw new StartError(
      `The simulator cannot read or write its files in DATA_DIR (${directory}): ${systemReason(error)}. Let this process write there, or set DATA_DIR to a directory where it can.`,
      { cause: error },
    );
  };
}

/** Answers beside the sample app; undefined with demo and live. */
export function playgroundOf(config: Config, log: Logger): Playground | undefined {
  if (config.smartId.environment !== 'simulator') return undefined;
  return createPlayground({
    issuer: config.issuer,
    url: sampleAppUrl(config),
    log: log.child({ module: 'playground' }),
  });
}

/** @returns undefined with demo and live */
export async function sampleAppOf(
  config: Config,
  playground: Playground | undefined,
  log: Logger,
): Promise<SampleApp | undefined> {
  if (config.smartId.environment !== 'simulator') return undefined;
  return startSampleApp({
    port: config.simulator.sampleAppPort,
    issuer: config.issuer,
    clientId: SAMPLE_CLIENT.id,
    clientSecret: SAMPLE_CLIENT.secret,
    playground,
    log: log.child({ module: 'sample-app' }),
  }).catch(reasonNotToListen('SAMPLE_APP_PORT', config.simulator.sampleAppPort, 'localhost', 'none'));
}

export function sampleAppUrl(config: Config): string {
  return `http://localhost:${config.simulator.sampleAppPort}/`;
}

/** Of a sample app's URL, which ends with a slash. */
export function playgroundUrl(sampleApp: string): string {
  return `${sampleApp}playground`;
}

export function sampleClient(config: Config) {
  const home = sampleAppUrl(config);
  return {
    client_id: SAMPLE_CLIENT.id,
    client_secret: SAMPLE_CLIENT.secret,
    client_name: SAMPLE_CLIENT.name,
    client_uri: home,
    redirect_uris: [`${home}callback`],
    post_logout_redirect_uris: [home],
  };
}

export function announce(config: Config, simulator: Simulator, sampleApp: SampleApp): void {
  // Standard output may be a file on a full disk: a failed write must not end the process.
  process.stdout.once('error', () => undefined);
  process.stdout.write(`
  Sild runs with a SIMULATED Smart-ID: nobody is who they say. For this machine only.

  Sample app      ${sampleApp.url}   start here: log in with Smart-ID
                  as Estonia, 40504040001 (answers by itself), or any other personal code
  Virtual phone   ${simulator.phoneUrl}   answers the other ones
  Playground      ${playgroundUrl(sampleApp.url)}   what an application and Sild say to each other
  Issuer          ${config.issuer}

  Stop with Ctrl+C.

`);
}
