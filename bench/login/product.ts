/**
 * Sild with PostgreSQL, a registered client, revocation required and without rate limits, which a benchmark would exceed at once.
 * The environment has `DATABASE_URL`, `PORT` and, as JSON in `SIMULATED`, the simulator of another process.
 */
import { countedStatements } from './count-statements.ts';
import { openFoundation } from '../../src/bootstrap/foundation.ts';
import { loadConfig } from '../../src/config/config.ts';
import { createLogger } from '../../src/log/logger.ts';
import { startServing } from '../../src/bootstrap/serving.ts';
import { trustSimulator } from '../../src/trust/trust.ts';
import { BENCH_SECRET_KEY, CLIENT, send, serveReports, type Simulated, UNLIMITED } from './messages.ts';

const { SIMULATED = '', DATABASE_URL, PORT = '', DATA_DIR, WAITING_LIMIT = '' } = process.env;
const simulated = JSON.parse(SIMULATED) as Simulated;
const config = loadConfig({
  DATABASE_URL,
  DATA_DIR,
  PORT,
  METRICS_PORT: 'off',
  SECRET_KEY: BENCH_SECRET_KEY,
  REVOCATION: 'required',
  WAITING_LIMIT,
  ...UNLIMITED,
});
// Lines are written as in operation, to a destination that costs nothing.
const log = createLogger({ level: 'info', destination: { write: () => undefined } });
const foundation = await openFoundation(config, log, () => undefined);
const trustAnchors = simulated.trustAnchors.map((der) => Buffer.from(der, 'base64'));
const { openId } = await startServing(config, foundation, {
  simulator: {
    ...simulated,
    trustAnchors,
    port: Number(new URL(simulated.baseUrl).port),
    baseUrlV2: simulated.baseUrl.replace('/v3/', '/v2/'),
    close: () => Promise.resolve(),
  },
  trust: trustSimulator(trustAnchors),
  builtInClients: [],
});
await openId.clients.add(CLIENT);
serveReports(countedStatements);
send({ kind: 'ready' });
