import { freePorts } from '../../test/support/servers/free-ports.ts';

/** Answer delay of automated accounts, in milliseconds: long enough for the waiting page to appear. */
const DELAY_MS = '600';

/** Environment variables of a Sild on free ports. */
export async function freshEnvironment(dataDirectory: string) {
  const [port = 0, simulatorPort = 0, sampleAppPort = 0, metricsPort = 0] = await freePorts(4);
  return {
    ISSUER: `http://localhost:${port}`,
    PORT: String(port),
    SIMULATOR_PORT: String(simulatorPort),
    SAMPLE_APP_PORT: String(sampleAppPort),
    METRICS_PORT: String(metricsPort),
    DATA_DIR: dataDirectory,
    SIMULATOR_DELAY_MS: DELAY_MS,
  };
}
