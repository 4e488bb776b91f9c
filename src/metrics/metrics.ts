/**
 * Metrics for Prometheus: outcomes of logins, the legs of a login, expiry of trust anchors, and the process.
 *
 *   a module reports an event ─▶ Metrics ─▶ metricsListener ─▶ GET /metrics, on a separate port
 *
 * Each instrument is a method, so that only this file defines metric names and depends on prom-client.
 * Labels have few possible values and contain no personal data: codes, flows, client IDs, names of CAs.
 */
import { AggregatorRegistry, collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The states of the circuit breaker for Smart-ID. */
export const CIRCUIT_STATES = ['closed', 'half_open', 'open'] as const;
export type CircuitState = (typeof CIRCUIT_STATES)[number];

export interface LoginLabels {
  readonly client: string;
  /** The chosen flow: `qr`, `web2app` or `notification`. */
  readonly flow: string;
}

export interface EndedLogin extends LoginLabels {
  /** `finished`, `cancelled`, or the failure's code. */
  readonly outcome: string;
  /** Duration of the whole login. */
  readonly seconds: number;
}

export interface SmartIdExchange {
  /** Not the path, which may contain a personal code. */
  readonly endpoint: 'device-link' | 'notification' | 'session';
  /** `2xx`, `4xx`, `5xx`, or the error code if there was no usable response. */
  readonly outcome: string;
  readonly seconds: number;
}

/** A leg of a login: `2xx` and so on, or a code. */
export interface Leg {
  readonly outcome: string;
  readonly seconds: number;
}

export interface ExpiringAnchor {
  readonly name: string;
  /** SHA-256, upper-case hexadecimal. */
  readonly fingerprint: string;
  readonly notAfter: Date;
}

/** The connections of a pool, at one moment. */
export interface PoolState {
  readonly inUse: number;
  readonly idle: number;
  /** Statements and transactions that wait for a connection. */
  readonly waiting: number;
}

/** A key that signs, and is to be replaced. */
export interface RotatedKey {
  readonly alg: string;
  /** Milliseconds since the epoch. */
  readonly dueAt: number;
}

/** This process at one moment. */
export interface CurrentState {
  readonly waitingLogins: number;
  readonly circuit: CircuitState;
  /** Undefined with the embedded database. */
  readonly pool: PoolState | undefined;
  readonly smartIdTlsExpires: Date | undefined;
}

export interface Metrics {
  /** A login whose browser disappears is counted here and never by `loginEnded`. */
  loginBegun(labels: LoginLabels): void;
  loginEnded(login: EndedLogin): void;
  smartIdAnswered(exchange: SmartIdExchange): void;
  /** The verification of an answer, with the check of revocation. @param leg.outcome `accepted`, or the code of the refusal */
  answerVerified(leg: Leg): void;
  /** @param leg.outcome `answered`, or the code of the error */
  revocationAsked(leg: Leg & { readonly source: 'ocsp' | 'crl' }): void;
  /** @param leg.outcome `done` or `failed` */
  statementEnded(leg: Leg): void;
  /** @param leg.outcome `2xx` and so on, or `aborted` */
  requestEnded(leg: Leg & { readonly route: string }): void;
  /** Reads the number of open pages that wait for a person, at each scrape. */
  countWaitingPages(read: () => number): void;
  /** Reads the number of logins that wait for a person, at each scrape. */
  countWaitingLogins(read: () => number): void;
  /** Reads the connections to a database server, at each scrape. */
  countConnections(read: () => PoolState): void;
  /** Replaces the previous keys. */
  signingKeys(keys: readonly RotatedKey[]): void;
  /** Smart-ID has presented a TLS certificate, on a new connection. */
  smartIdPresented(certificate: { readonly notAfter: Date }): void;
  /** The certificate with which this instance serves https. */
  tlsServed(certificate: { readonly notAfter: Date }): void;
  /** Replaces the previous anchors. */
  trustAnchors(anchors: readonly ExpiringAnchor[]): void;
  /** A certificate was accepted although its revocation status was not available. */
  revocationUnchecked(): void;
  circuit(state: CircuitState): void;
  /** A port refused a connection. @param reason `connection_limit`, or the system's error code */
  connectionRefused(reason: string): void;
  /** What the heartbeat of this instance says. */
  current(): CurrentState;
  /** All metrics at this moment, to be added to those of other processes. */
  snapshot(): Promise<MetricsSnapshot>;
  /** All metrics in the Prometheus text format. */
  exposition(): Promise<Exposition>;
}

export interface Exposition {
  readonly contentType: string;
  readonly text: string;
}

/** The metrics of one process; survives JSON. */
export type MetricsSnapshot = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

/** What stays of the metrics of a process that has ended: what it has counted, so that no counter goes back. */
export function countedOf(snapshot: MetricsSnapshot): MetricsSnapshot {
  // With a number for its type, prom-client's declaration is wrong: it is the name.
  return snapshot.filter(({ type }) => ['counter', 'histogram'].includes(String(type)));
}

/** Adds several processes up as one: counts and sizes are sums, of times until something expires the shortest counts. */
export function addUp(snapshots: readonly MetricsSnapshot[]): Registry {
  return AggregatorRegistry.aggregate([...snapshots]);
}

/** {@link addUp} in the Prometheus text format. */
export async function expositionOf(snapshots: readonly MetricsSnapshot[]): Promise<Exposition> {
  const added = addUp(snapshots);
  return { contentType: added.contentType, text: await added.metrics() };
}

/** A login takes from a few seconds to a minute and a half. */
const LOGIN_SECONDS = [2, 5, 10, 15, 20, 30, 45, 60, 90, 120];
/** Creating a session takes less than a second; a long poll takes up to two minutes. */
const EXCHANGE_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60];
/** From a statement by its key to a time limit. */
const STATEMENT_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5];
/** From a static page to a stream that lasts as long as a login. */
const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];
/** Enough digits to distinguish CAs with the same name. */
const FINGERPRINT_DIGITS = 16;

/** @param now milliseconds since the epoch */
export function createMetrics(now: () => number): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const loginsBegun = new Counter({
    name: 'sild_logins_begun_total',
    help: 'Login attempts that were begun.',
    labelNames: ['client', 'flow'],
    registers,
  });
  const logins = new Counter({
    name: 'sild_logins_total',
    help: 'Login attempts that have ended: finished, cancelled, or the code of the failure.',
    labelNames: ['client', 'flow', 'outcome'],
    registers,
  });
  const loginSeconds = new Histogram({
    name: 'sild_login_duration_seconds',
    help: 'How long finished logins took, from their beginning.',
    labelNames: ['flow'],
    buckets: LOGIN_SECONDS,
    registers,
  });
  const exchanges = new Histogram({
    name: 'sild_smart_id_request_duration_seconds',
    help: 'HTTP requests to Smart-ID: 2xx, 4xx, 5xx, or why no usable answer came. Those to session are long polls.',
    labelNames: ['endpoint', 'outcome'],
    buckets: EXCHANGE_SECONDS,
    registers,
  });
  const verifications = new Histogram({
    name: 'sild_verification_duration_seconds',
    help: 'Verifications of an answer of Smart-ID, with the check of revocation: accepted, or the code of the refusal.',
    labelNames: ['outcome'],
    buckets: EXCHANGE_SECONDS,
    registers,
  });
  const revocationRequests = new Histogram({
    name: 'sild_revocation_request_duration_seconds',
    help: 'Requests to OCSP responders and for revocation lists: answered, or the code of the error.',
    labelNames: ['source', 'outcome'],
    buckets: EXCHANGE_SECONDS,
    registers,
  });
  const statements = new Histogram({
    name: 'sild_database_statement_duration_seconds',
    help: 'Statements of the database, waiting for a connection included: done or failed.',
    labelNames: ['outcome'],
    buckets: STATEMENT_SECONDS,
    registers,
  });
  const requests = new Histogram({
    name: 'sild_http_request_duration_seconds',
    help: 'HTTP requests of browsers and clients. Those to events last as long as the page waits.',
    labelNames: ['route', 'outcome'],
    buckets: REQUEST_SECONDS,
    registers,
  });
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
  const unchecked = new Counter({
    name: 'sild_revocation_unchecked_total',
    help: 'Certificates that were believed although neither OCSP nor a CRL could be asked about them.',
    registers,
  });
  const refusedConnections = new Counter({
    name: 'sild_connections_refused_total',
    help: 'Connections that were refused: connection_limit, or the error code of the system.',
    labelNames: ['reason'],
    registers,
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

  const metrics: Metrics = {
    loginBegun({ client, flow }) {
      loginsBegun.inc({ client, flow });
    },
    loginEnded({ client, flow, outcome, seconds }) {
      logins.inc({ client, flow, outcome });
      if (outcome === 'finished') loginSeconds.observe({ flow }, seconds);
    },
    smartIdAnswered({ endpoint, outcome, seconds }) {
      exchanges.observe({ endpoint, outcome }, seconds);
    },
    answerVerified({ outcome, seconds }) {
      verifications.observe({ outcome }, seconds);
    },
    revocationAsked({ source, outcome, seconds }) {
      revocationRequests.observe({ source, outcome }, seconds);
    },
    statementEnded({ outcome, seconds }) {
      statements.observe({ outcome }, seconds);
    },
    requestEnded({ route, outcome, seconds }) {
      requests.observe({ route, outcome }, seconds);
    },
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
    revocationUnchecked() {
      unchecked.inc();
    },
    circuit(state) {
      circuitState = state;
      for (const one of CIRCUIT_STATES) circuit.set({ state: one }, one === state ? 1 : 0);
    },
    connectionRefused(reason) {
      refusedConnections.inc({ reason });
    },
    current: () => ({
      waitingLogins: waitingLogins(),
      circuit: circuitState,
      pool: pool?.(),
      smartIdTlsExpires: presentedUntil,
    }),
    snapshot: () => registry.getMetricsAsJSON(),
    async exposition() {
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
  metrics.circuit('closed');
  // An alert on an increase needs the value before the first one.
  refusedConnections.inc({ reason: 'connection_limit' }, 0);
  return metrics;
}
