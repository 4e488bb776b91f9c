/** The resident memory of `npm start` with PostgreSQL under load: without its flags for V8, the same logins take 350 MB. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startTestPostgres, type TestPostgres } from '../../test/support/servers/postgres.ts';
import { freshEnvironment } from '../support/environment.ts';
import { authorizationRequest, browserOf, discover } from '../support/http/client.ts';
import { logInFrom } from '../support/http/http-login.ts';
import { runSild, type SildProcess } from '../support/sild-process.ts';
import { untilReady } from '../support/stack.ts';

const LOGINS = 400;
const AT_ONCE = 16;
/** Logins that may find the database busy; they are begun again. */
const MAX_BUSY = 20;
/** The goal is 250; the simulator and the sample app, which run in the same process, need some. */
const LIMIT_MB = 285;
const PERSON = { country: 'EE', personal_code: '40504040001' };

describe('the memory of npm start', () => {
  let directory: string;
  let database: TestPostgres;
  let sild: SildProcess;
  let environment: Awaited<ReturnType<typeof freshEnvironment>>;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sild-memory-'));
    database = await startTestPostgres();
    environment = { ...(await freshEnvironment(join(directory, 'data'))), SIMULATOR_DELAY_MS: '0' };
    const off: readonly (readonly [string, string])[] = [
      'PERSON',
      'ADDRESS',
      'CLIENT',
      'PUSH',
      'REQUESTS',
    ].map((of) => [`RATE_${of}`, 'off']);
    const variables = {
      ...environment,
      ...(Object.fromEntries(off) as Record<string, string>),
      DATABASE_URL: database.url,
      SECRET_KEY: 'kq3V8xZ1mB7tR5wY9cD2fG6hJ4nL0pSs',
      LOG_LEVEL: 'warn',
    };
    sild = runSild({ environment: variables, throughNpm: true });
    await untilReady(environment.ISSUER, sild);
  });
  after(async () => {
    sild.signal('SIGTERM');
    await sild.exited;
    await database.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it(`stays below ${LIMIT_MB} MB through ${LOGINS} logins`, async (test) => {
    const stack = {
      issuer: environment.ISSUER,
      redirectUri: `http://localhost:${environment.SAMPLE_APP_PORT}/callback`,
    };
    const client = await discover(stack);
    let left = LOGINS;
    let busy = 0;
    const logInUntilDone = async () => {
      while (left > 0) {
        left -= 1;
        const { url } = await authorizationRequest(client, stack);
        const browser = browserOf(stack);
        const methodsPage = await browser.get(url);
        const { status } =
          methodsPage.status === 200 ? await logInFrom(browser, methodsPage, PERSON) : methodsPage;
        if (status === 303) continue;
        // Beside other tests on a slow machine, requests can wait too long for a connection to the database.
        assert.equal(status, 503, sild.output());
        busy += 1;
        assert.ok(busy <= MAX_BUSY, sild.output());
        left += 1;
        await delay(1_000);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, logInUntilDone));
    const metrics = await fetch(`http://localhost:${environment.METRICS_PORT}/metrics`);
    const bytes = /^process_resident_memory_bytes (\S+)$/m.exec(await metrics.text())?.[1];
    const resident = Number(bytes) / 1024 ** 2;
    test.diagnostic(`${resident.toFixed(0)} MB`);
    assert.ok(resident < LIMIT_MB, `${resident.toFixed(0)} MB`);
  });
});
