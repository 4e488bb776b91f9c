/** A process that opens the embedded database of a directory, writes to it, reports that, and waits to be killed. */
import { createLogger } from '../../../src/log/logger.ts';
import { createSecrets } from '../../../src/secrets/secrets.ts';
import { openStore } from '../../../src/store/store.ts';

const [, , dataDir = ''] = process.argv;
const store = await openStore({
  databaseUrl: undefined,
  dataDir,
  secrets: createSecrets('the SECRET_KEY that every process of this test has'),
  now: Date.now,
  log: createLogger({ level: 'silent' }),
});
await store.records.put('Client', 'portal', { client_name: 'Portal' }, {}, undefined);
process.stdout.write('written\n');
setInterval(() => undefined, 60_000);
