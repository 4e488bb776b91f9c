/**
 * Metrics for Prometheus: outcomes of logins, the legs of a login, expiry of trust anchors, and the process.
 *
 *   a module reports an event ─▶ Metrics (create-metrics.ts) ─▶ metricsListener ─▶ GET /metrics, on a separate port
 *
 * Each instrument is a method, so that only this folder defines metric names and depends on prom-client.
 * Labels have few possible values and contain no personal data: codes, flows, client IDs, names of CAs.
 */
import type { Exposition, MetricsSnapshot } from './processes.ts';

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

/** How something ended, and how long it took. */
export interface TimedOutcome {
  /** `2xx`, `4xx`, `5xx`, or a code. */
  readonly outcome: string;
  readonly seconds: number;
}

/** Its code is that of the error if there was no usable response. */
export interface SmartIdExchange extends TimedOutcome {
  /** Not the path, which may contain a personal code. */
  readonly endpoint: 'device-link' | 'notification' | 'session';
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
  /** Of the chain that this process serves; undefined: it does not serve https. */
  readonly tlsExpires: Date | undefined;
}

export interface Metrics {
  /** A login whose browser disappears is counted here and never by `loginEnded`. */
  loginBegun(labels: LoginLabels): void;
  loginEnded(login: EndedLogin): void;
  smartIdAnswered(exchange: SmartIdExchange): void;
  /** The verification of an answer, with the check of revocation. @param ended.outcome `accepted`, or the code of the refusal */
  answerVerified(ended: TimedOutcome): void;
  /** @param ended.outcome `answered`, or the code of the error */
  revocationAsked(ended: TimedOutcome & { readonly source: 'ocsp' | 'crl' }): void;
  /** A statement, without the wait for a connection; or a connection that could not be had. @param ended.outcome `done` or `failed` */
  statementEnded(ended: TimedOutcome): void;
  /** @param ended.outcome `2xx` and so on, or `aborted` */
  requestEnded(ended: TimedOutcome & { readonly route: string }): void;
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
  /** Events that no row of the audit will have. */
  auditEventsLost(count: number): void;
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
