import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

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

/** All ports are open at the same time, so that they are distinct. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
