/**
 * The real system of the model: two instances of Sild on one PGlite, the simulator, Smart-ID's connection between them, and
 * a clock that only commands move. `Date` is that clock for everything in this process.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { mock } from 'node:test';
import { sql } from 'kysely';
import type { ClientMetadata } from 'oidc-provider';
import { freshEnvironment } from '../../../e2e/support/environment.ts';
import { verifyChain } from '../../../src/audit/verify.ts';
import type { AuditRow } from '../../../src/audit/audit-store.ts';
import { loadConfig } from '../../../src/config/config.ts';
import { createLogger } from '../../../src/log/logger.ts';
import { createKeyRotation, type KeyRotation } from '../../../src/oidc/keys/key-rotation.ts';
import { embeddedSecretKey } from '../../../src/secrets/embedded-secret-key.ts';
import { createSecrets } from '../../../src/secrets/secrets.ts';
import { startSimulator } from '../../../src/simulator/simulator.ts';
import { openPglite } from '../../../src/store/drivers/pglite.ts';
import { storeOf, type Store } from '../../../src/store/store.ts';
import { storedPairwiseKey } from '../../../src/store/tables/pairwise-key.ts';
import { temporaryDirectory } from '../../support/database.ts';
import { copyDataDirectory } from '../../support/templates.ts';
import { sharedDatabase } from './faulty-driver.ts';
import { type Instance, startInstance } from './instance.ts';
import { type Creation, type SmartIdFront, startSmartIdFront } from './smart-id-front.ts';

/** Where browsers find Sild; nothing listens there, since each request is sent to one of the instances. */
export const ISSUER = 'http://localhost:9001';

export const NAMES = ['first', 'second'] as const;
export type InstanceName = (typeof NAMES)[number];

export interface Clock {
  now(): number;
  /** May be negative. */
  move(ms: number): void;
}

/** What lasts for all runs of a process. */
export interface System {
  readonly clock: Clock;
  readonly simulatorUrl: string;
  readonly front: SmartIdFront;
  readonly keys: KeyRotation;
  /** A store without faults. */
  readonly store: Store;
  readonly pseudonym: (value: string) => string;
  readonly pairwiseKey: Buffer;
  /** Called with each session that Smart-ID creates. */
  onCreated: (creation: Creation) => void;
  /** Starts an instance with empty memory. */
  start(name: InstanceName): Promise<Instance>;
  /** Removes everything but signing keys and the audit. */
  empty(): Promise<void>;
  /** Rows of the audit after a position, and its end. */
  auditAfter(position: number): Promise<readonly AuditRow[]>;
  /** @throws where the chain of the audit is broken */
  verifyAudit(): Promise<void>;
  stop(): Promise<void>;
}

/** The limits of the model, and what the flows need. */
const VARIABLES = {
  ISSUER,
  TRUST_PROXY: 'true',
  NOTIFICATION_POLICY: 'always',
  RATE_PERSON: '6/1h',
  RATE_ADDRESS: '12/10m',
  RATE_CLIENT: '8/10m',
  RATE_PUSH: '0s,30s,2m,10m,1h',
  RATE_REQUESTS: 'off',
} as const;

const SESSION_SECONDS = 90;

export async function startSystem(clients: readonly ClientMetadata[]): Promise<System> {
  const dataDir = await temporaryDirectory();
  await copyDataDirectory(dataDir);
  mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const now = () => Date.now();
  const config = loadConfig({ ...(await freshEnvironment(dataDir)), ...VARIABLES });
  const secrets = createSecrets(...(await embeddedSecretKey(dataDir)));
  const pglite = await openPglite(join(dataDir, 'db'));
  const databaseOf = sharedDatabase(pglite);
  const database = databaseOf({ before: () => undefined, after: () => undefined });
  const pairwiseKey = await storedPairwiseKey(database.db, secrets, now);
  const store = storeOf(database, pairwiseKey, { secrets, now });
  const simulator = await startSimulator({
    port: 0,
    dataDir: join(dataDir, 'simulator'),
    sessionSeconds: SESSION_SECONDS,
    answerDelayMs: 600_000,
    log: createLogger({ level: 'silent' }),
  });
  const front = await startSmartIdFront(simulator.baseUrl, (creation) => {
    system.onCreated(creation);
  });
  let started = 0;
  const system: System = {
    clock: {
      now,
      move(ms) {
        mock.timers.setTime(now() + ms);
      },
    },
    simulatorUrl: simulator.phoneUrl,
    front,
    keys: createKeyRotation({ signingKeys: store.signingKeys, rotationDays: undefined, now }),
    store,
    pseudonym: (value) => secrets.pseudonym(value),
    pairwiseKey,
    onCreated: () => undefined,
    start(name) {
      started += 1;
      const id = `${name}-${started}`;
      return startInstance({ id, config, databaseOf, pairwiseKey, secrets, now, simulator, front, clients });
    },
    async empty() {
      for (const table of [
        'login_attempt',
        'oidc_record',
        'login_result',
        'known_browser',
        'rate_limit',
        'person_limit',
      ]) {
        await sql`delete from ${sql.table(table)}`.execute(database.db);
      }
    },
    auditAfter: (position) =>
      store.audit.view(async ({ rows }) => {
        const found: AuditRow[] = [];
        for await (const row of rows()) if (row.position > position) found.push(row);
        return found;
      }),
    async verifyAudit() {
      const verification = await store.audit.view((view) => verifyChain(view));
      if (verification.kind === 'broken') throw new Error(`the audit is broken: ${verification.fault}`);
    },
    async stop() {
      await front.close();
      await simulator.close();
      await pglite.close();
      mock.timers.reset();
      await rm(dataDir, { recursive: true });
    },
  };
  return system;
}
