/** What has happened: counters and histograms. */
import { Counter, Histogram, type Registry } from 'prom-client';
import type { Metrics } from './metrics.ts';

/** A login takes from a few seconds to a minute and a half. */
const LOGIN_SECONDS = [2, 5, 10, 15, 20, 30, 45, 60, 90, 120];
/** Creating a session takes less than a second; a long poll takes up to two minutes. */
const EXCHANGE_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60];
/** From a statement by its key to a time limit. */
const STATEMENT_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5];
/** From a static page to a stream that lasts as long as a login. */
const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];
export type EventMetrics = Pick<
  Metrics,
  | 'loginBegun'
  | 'loginEnded'
  | 'smartIdAnswered'
  | 'answerVerified'
  | 'revocationAsked'
  | 'statementEnded'
  | 'requestEnded'
  | 'revocationUnchecked'
  | 'connectionRefused'
  | 'auditEventsLost'
>;

export function createEventMetrics(registry: Registry): EventMetrics {
  const registers = [registry];
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
    help: 'Statements of the database, without the wait for a connection: done or failed, as is a connection that cannot be had.',
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
  const lostEvents = new Counter({
    name: 'sild_audit_events_lost_total',
    help: 'Events that are in the log alone, because the audit could not be written for too long.',
    registers,
  });
  // An alert on an increase needs the value before the first one.
  refusedConnections.inc({ reason: 'connection_limit' }, 0);
  return {
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
    revocationUnchecked() {
      unchecked.inc();
    },
    connectionRefused(reason) {
      refusedConnections.inc({ reason });
    },
    auditEventsLost(count) {
      lostEvents.inc(count);
    },
  };
}
