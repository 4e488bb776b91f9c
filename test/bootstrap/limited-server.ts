/** A process with the connection limit of its `ulimit -n`. Prints its port, then the log; answers with the count of refusals. */
import {
  connectionLimit,
  createRefusalReport,
  openFileLimit,
} from '../../src/bootstrap/connection-limits.ts';
import { createLogger } from '../../src/log/logger.ts';
import { startHttpServer } from '../../src/web/http-server.ts';

const log = createLogger({ level: 'info' });
let refusals = 0;
const report = createRefusalReport(() => (refusals += 1), log);
const server = await startHttpServer({
  port: 0,
  host: '127.0.0.1',
  tls: undefined,
  timeLimits: { headers: 1_500, check: 100 },
  listener: (_request, response) => response.end(String(refusals)),
  maxConnections: connectionLimit(openFileLimit()),
  onRefused: (refused) => {
    report('PORT', refused);
  },
});
log.info({ port: server.port }, 'listening');
