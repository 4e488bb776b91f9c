/** How things are: gauges, most of which are read at each scrape. */
import { Gauge, type Registry } from 'prom-client';
import {
  CIRCUIT_STATES,
  type CircuitState,
  type ExpiringAnchor,
  type Metrics,
  type PoolState,
  type RotatedKey,
} from './metrics.ts';

/** Enough digits to distinguish CAs with the same name. */
const FINGERPRINT_DIGITS = 16;

export type StateMetrics = Pick<
  Metrics,
  | 'countWaitingPages'
  | 'countWaitingLogins'
  | 'countConnections'
  | 'signingKeys'
  | 'smartIdPresented'
  | 'tlsServed'
  | 'trustAnchors'
  | 'circuit'
  | 'current'
>;

/** @param now milliseconds since the epoch */
export function createStateMetrics(registry: Registry, now: () => number): StateMetrics {
  const registers = [registry];
  const waiting = waitingGauges(registers);
  const database = databaseGauges(registers);
  const expiries = expiryGauges(registers, now);
  const circuit = circuitGauge(registers);
  return {
    ...waiting.metrics,
    ...database.metrics,
    ...expiries.metrics,
    ...circuit.metrics,
    current: () => ({
      waitingLogins: waiting.logins(),
      circuit: circuit.state(),
      pool: database.pool(),
      smartIdTlsExpires: expiries.smartIdTlsExpires(),
      tlsExpires: expiries.tlsExpires(),
    }),
  };
}

function waitingGauges(registers: Registry[]) {
  let pages = () => 0;
  let logins = () => 0;
  new Gauge({
    name: 'sild_waiting_pages',
    help: 'Open pages that wait for a person to confirm.',
    registers,
    collect() {
      this.set(pages());
    },
  });
  new Gauge({
    name: 'sild_waiting_logins',
    help: 'Logins that wait for a person to confirm, and whose page has asked within ten seconds.',
    registers,
    collect() {
      this.set(logins());
    },
  });
  return {
    logins: () => logins(),
    metrics: {
      countWaitingPages(read) {
        pages = read;
      },
      countWaitingLogins(read) {
        logins = read;
      },
    } satisfies Partial<StateMetrics>,
  };
}

function databaseGauges(registers: Registry[]) {
  let pool: (() => PoolState) | undefined;
  new Gauge({
    name: 'sild_database_connections',
    help: 'Connections to the database server: in_use or idle.',
    labelNames: ['state'],
    registers,
    collect() {
      if (!pool) return;
      const { inUse, idle } = pool();
      this.set({ state: 'in_use' }, inUse);
      this.set({ state: 'idle' }, idle);
    },
  });
  new Gauge({
    name: 'sild_database_waiting_statements',
    help: 'Statements and transactions that wait for a connection to the database.',
    registers,
    collect() {
      this.set(pool?.().waiting ?? 0);
    },
  });
  return {
    pool: () => pool?.(),
    metrics: {
      countConnections(read) {
        pool = read;
      },
    } satisfies Partial<StateMetrics>,
  };
}

/** Keys and certificates, and when they end. */
function expiryGauges(registers: Registry[], now: () => number) {
  let rotatedKeys: readonly RotatedKey[] = [];
  let presentedUntil: Date | undefined;
  let servedUntil: Date | undefined;
  let anchors: readonly ExpiringAnchor[] = [];
  const secondsUntil = (time: Date | number) => (Number(time) - now()) / 1000;
  new Gauge({
    name: 'sild_signing_key_rotation_in_seconds',
    aggregator: 'min',
    help: 'Until the key that signs is to be replaced; below zero where that is overdue.',
    labelNames: ['alg'],
    registers,
    collect() {
      this.reset();
      for (const { alg, dueAt } of rotatedKeys) this.set({ alg }, secondsUntil(dueAt));
    },
  });
  new Gauge({
    name: 'sild_smart_id_tls_expires_in_seconds',
    aggregator: 'min',
    help: 'Until the TLS certificate expires that Smart-ID has presented last.',
    // Without a label a gauge begins at zero, which would say that it has just expired.
    labelNames: ['service'],
    registers,
    collect() {
      if (presentedUntil) this.set({ service: 'rp-api' }, secondsUntil(presentedUntil));
    },
  });
  new Gauge({
    name: 'sild_tls_expires_in_seconds',
    aggregator: 'min',
    help: 'Until the TLS certificate expires with which browsers and clients are served, or one of its chain.',
    labelNames: ['file'],
    registers,
    collect() {
      if (servedUntil) this.set({ file: 'TLS_CERT_FILE' }, secondsUntil(servedUntil));
    },
  });
  new Gauge({
    name: 'sild_trust_anchor_expires_in_seconds',
    aggregator: 'min',
    help: 'Until the trust anchor expires; below zero where it has.',
    labelNames: ['name', 'fingerprint'],
    registers,
    collect() {
      this.reset();
      for (const { name, fingerprint, notAfter } of anchors)
        this.set({ name, fingerprint: fingerprint.slice(0, FINGERPRINT_DIGITS) }, secondsUntil(notAfter));
    },
  });
  return {
    smartIdTlsExpires: () => presentedUntil,
    tlsExpires: () => servedUntil,
    metrics: {
      signingKeys(keys) {
        rotatedKeys = [...keys];
      },
      smartIdPresented({ notAfter }) {
        presentedUntil = notAfter;
      },
      tlsServed({ notAfter }) {
        servedUntil = notAfter;
      },
      trustAnchors(current) {
        anchors = [...current];
      },
    } satisfies Partial<StateMetrics>,
  };
}

function circuitGauge(registers: Registry[]) {
  let current: CircuitState = 'closed';
  const gauge = new Gauge({
    name: 'sild_smart_id_circuit',
    aggregator: 'max',
    help: 'The circuit breaker on Smart-ID: 1 for the state that it is in.',
    labelNames: ['state'],
    registers,
  });
  set(current);
  return { state: () => current, metrics: { circuit: set } satisfies Partial<StateMetrics> };

  function set(state: CircuitState): void {
    current = state;
    for (const one of CIRCUIT_STATES) gauge.set({ state: one }, one === state ? 1 : 0);
  }
}
