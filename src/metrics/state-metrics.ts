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
  let waitingPages = () => 0;
  new Gauge({
    name: 'sild_waiting_pages',
    help: 'Open pages that wait for a person to confirm.',
    registers,
    collect() {
      this.set(waitingPages());
    },
  });
  let waitingLogins = () => 0;
  new Gauge({
    name: 'sild_waiting_logins',
    help: 'Logins that wait for a person to confirm, and whose page has asked within ten seconds.',
    registers,
    collect() {
      this.set(waitingLogins());
    },
  });
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
  let rotatedKeys: readonly RotatedKey[] = [];
  new Gauge({
    name: 'sild_signing_key_rotation_in_seconds',
    aggregator: 'min',
    help: 'Until the key that signs is to be replaced; below zero where that is overdue.',
    labelNames: ['alg'],
    registers,
    collect() {
      this.reset();
      for (const { alg, dueAt } of rotatedKeys) this.set({ alg }, (dueAt - now()) / 1000);
    },
  });
  let presentedUntil: Date | undefined;
  new Gauge({
    name: 'sild_smart_id_tls_expires_in_seconds',
    aggregator: 'min',
    help: 'Until the TLS certificate expires that Smart-ID has presented last.',
    // Without a label a gauge begins at zero, which would say that it has just expired.
    labelNames: ['service'],
    registers,
    collect() {
      if (presentedUntil) this.set({ service: 'rp-api' }, (presentedUntil.getTime() - now()) / 1000);
    },
  });
  let servedUntil: Date | undefined;
  new Gauge({
    name: 'sild_tls_expires_in_seconds',
    aggregator: 'min',
    help: 'Until the TLS certificate expires with which browsers and clients are served, or one of its chain.',
    labelNames: ['file'],
    registers,
    collect() {
      if (servedUntil) this.set({ file: 'TLS_CERT_FILE' }, (servedUntil.getTime() - now()) / 1000);
    },
  });
  let circuitState: CircuitState = 'closed';
  const circuit = new Gauge({
    name: 'sild_smart_id_circuit',
    aggregator: 'max',
    help: 'The circuit breaker on Smart-ID: 1 for the state that it is in.',
    labelNames: ['state'],
    registers,
  });
  let anchors: readonly ExpiringAnchor[] = [];
  new Gauge({
    name: 'sild_trust_anchor_expires_in_seconds',
    aggregator: 'min',
    help: 'Until the trust anchor expires; below zero where it has.',
    labelNames: ['name', 'fingerprint'],
    registers,
    collect() {
      this.reset();
      for (const { name, fingerprint, notAfter } of anchors) {
        const labels = { name, fingerprint: fingerprint.slice(0, FINGERPRINT_DIGITS) };
        this.set(labels, (notAfter.getTime() - now()) / 1000);
      }
    },
  });

  setCircuit('closed');
  return {
    countWaitingPages(read) {
      waitingPages = read;
    },
    countWaitingLogins(read) {
      waitingLogins = read;
    },
    countConnections(read) {
      pool = read;
    },
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
    circuit: setCircuit,
    current: () => ({
      waitingLogins: waitingLogins(),
      circuit: circuitState,
      pool: pool?.(),
      smartIdTlsExpires: presentedUntil,
    }),
  };

  function setCircuit(state: CircuitState): void {
    circuitState = state;
    for (const one of CIRCUIT_STATES) circuit.set({ state: one }, one === state ? 1 : 0);
  }
}
