/** One instance of Sild, as `main.ts` builds it, on the shared database; it can lose the database, and be killed. */
import type { ClientMetadata } from 'oidc-provider';
import { createAudit } from '../../../src/audit/audit.ts';
import type { Config } from '../../../src/config/config.ts';
import { createLogger } from '../../../src/log/logger.ts';
import { startServing } from '../../../src/bootstrap/serving.ts';
import { createMetrics } from '../../../src/metrics/create-metrics.ts';
import type { OpenIdProvider } from '../../../src/oidc/openid-provider.ts';
import type { Secrets } from '../../../src/secrets/secrets.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import type { Database } from '../../../src/store/database.ts';
import { storeOf, type Store } from '../../../src/store/store.ts';
import { trustSimulator } from '../../../src/trust/trust.ts';
import { createFaultPlan, type FaultPlan } from './fault-plan.ts';
import type { Faults } from './faulty-driver.ts';
import type { SmartIdFront } from './smart-id-front.ts';

export type LogLine = Readonly<Record<string, unknown>>;

export interface Instance {
  readonly id: string;
  readonly port: number;
  readonly store: Store;
  readonly openId: OpenIdProvider;
  readonly log: readonly LogLine[];
  /** Faults of the statements of requests. */
  readonly faults: FaultPlan;
  /** Whether the writes of the audit fail. They are in the background, so that they are not counted as statements. */
  setAuditAway(away: boolean): void;
  kill(): void;
  /** Stops. @returns how many events of the audit could not be stored; undefined where the instance was killed */
  stop(): Promise<number | undefined>;
}

export interface InstanceOptions {
  readonly id: string;
  readonly config: Config;
  readonly databaseOf: (faults: Faults) => Database;
  readonly pairwiseKey: Buffer;
  readonly secrets: Secrets;
  readonly now: () => number;
  readonly simulator: Simulator;
  readonly front: SmartIdFront;
  readonly clients: readonly ClientMetadata[];
}

export async function startInstance(options: InstanceOptions): Promise<Instance> {
  const { id, config, databaseOf, pairwiseKey, secrets, now, simulator, front, clients } = options;
  const lines: LogLine[] = [];
  const log = createLogger({
    level: 'debug',
    destination: { write: (line) => void lines.push(JSON.parse(line) as LogLine) },
  });
  const faults = createFaultPlan(() => {
    front.cut(id);
    auditFaults.kill();
    void serving.server.drain(0, 0);
  });
  const auditFaults = createFaultPlan(() => undefined);
  const storeOptions = { secrets, now };
  const store = storeOf(databaseOf(faults), pairwiseKey, storeOptions);
  const stored = storeOf(databaseOf(auditFaults), pairwiseKey, storeOptions).audit;
  const audit = createAudit({
    store: {
      // The queue of a killed instance is lost, so that nothing in this process waits for it.
      append: (entries) =>
        auditFaults.isDead() ? Promise.resolve({ position: 0, hash: '' }) : stored.append(entries),
    },
    log,
    pseudonym: (value) => secrets.pseudonym(value),
    instance: id,
    now,
  });
  const foundation = {
    now,
    log,
    metrics: createMetrics(now),
    secrets,
    store,
    audit,
    reportRefused: () => undefined,
  };
  const serving = await startServing(
    { ...config, port: 0, smartId: { ...config.smartId, baseUrl: front.urlOf(id) } },
    foundation,
    { simulator, trust: trustSimulator(simulator.trustAnchors), builtInClients: clients },
  );
  return {
    id,
    port: serving.server.port,
    store,
    openId: serving.openId,
    log: lines,
    faults,
    setAuditAway(away) {
      if (away) auditFaults.plan({ kind: 'away', at: 1, count: Infinity });
      else auditFaults.heal();
    },
    kill() {
      faults.kill();
    },
    async stop() {
      faults.heal();
      auditFaults.heal();
      if (faults.isDead()) return undefined;
      await serving.server.drain(0, 0);
      return audit.close(2_000);
    },
  };
}
