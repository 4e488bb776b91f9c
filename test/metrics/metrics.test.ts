import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMetrics } from '../../src/metrics/create-metrics.ts';
import type { Metrics } from '../../src/metrics/metrics.ts';

const NOW = Date.UTC(2026, 0, 1);

/** The samples of all series whose name starts with `name`, without help lines. */
async function samples(metrics: Metrics, name: string): Promise<string[]> {
  const { text } = await metrics.exposition();
  return text.split('\n').filter((line) => line.startsWith(name));
}

describe('metrics', () => {
  it('count logins by client, flow and outcome, and time those that finish', async () => {
    const metrics = createMetrics(() => NOW);
    const login = { client: 'shop', flow: 'qr' };
    metrics.loginBegun(login);
    metrics.loginEnded({ ...login, outcome: 'finished', seconds: 7 });
    metrics.loginEnded({ ...login, outcome: 'user_refused', seconds: 3 });
    assert.deepEqual(await samples(metrics, 'sild_logins'), [
      'sild_logins_begun_total{client="shop",flow="qr"} 1',
      'sild_logins_total{client="shop",flow="qr",outcome="finished"} 1',
      'sild_logins_total{client="shop",flow="qr",outcome="user_refused"} 1',
    ]);
    const seconds = await samples(metrics, 'sild_login_duration_seconds');
    assert.ok(seconds.includes('sild_login_duration_seconds_bucket{le="5",flow="qr"} 0'));
    assert.ok(seconds.includes('sild_login_duration_seconds_bucket{le="10",flow="qr"} 1'));
    assert.ok(seconds.includes('sild_login_duration_seconds_count{flow="qr"} 1'));
  });

  it('time requests to Smart-ID by endpoint and outcome', async () => {
    const metrics = createMetrics(() => NOW);
    metrics.smartIdAnswered({ endpoint: 'session', outcome: '2xx', seconds: 12 });
    metrics.smartIdAnswered({ endpoint: 'session', outcome: 'timed_out', seconds: 35 });
    assert.deepEqual(await samples(metrics, 'sild_smart_id_request_duration_seconds_count'), [
      'sild_smart_id_request_duration_seconds_count{endpoint="session",outcome="2xx"} 1',
      'sild_smart_id_request_duration_seconds_count{endpoint="session",outcome="timed_out"} 1',
    ]);
  });

  it('time the legs of a login: verification, revocation, statements, requests', async () => {
    const metrics = createMetrics(() => NOW);
    metrics.answerVerified({ outcome: 'accepted', seconds: 0.02 });
    metrics.revocationAsked({ source: 'ocsp', outcome: 'timed_out', seconds: 5 });
    metrics.statementEnded({ outcome: 'done', seconds: 0.002 });
    metrics.requestEnded({ route: 'login', outcome: '2xx', seconds: 0.03 });
    for (const count of [
      'sild_verification_duration_seconds_count{outcome="accepted"}',
      'sild_revocation_request_duration_seconds_count{source="ocsp",outcome="timed_out"}',
      'sild_database_statement_duration_seconds_count{outcome="done"}',
      'sild_http_request_duration_seconds_count{route="login",outcome="2xx"}',
    ]) {
      assert.deepEqual(await samples(metrics, count), [`${count} 1`]);
    }
    const statements = 'sild_database_statement_duration_seconds_bucket';
    assert.deepEqual((await samples(metrics, statements)).slice(0, 2), [
      `${statements}{le="0.001",outcome="done"} 0`,
      `${statements}{le="0.0025",outcome="done"} 1`,
    ]);
  });

  it('show how many pages wait, at the time of the scrape', async () => {
    const metrics = createMetrics(() => NOW);
    let pages = 2;
    metrics.countWaitingPages(() => pages);
    assert.deepEqual(await samples(metrics, 'sild_waiting_pages'), ['sild_waiting_pages 2']);
    pages = 0;
    assert.deepEqual(await samples(metrics, 'sild_waiting_pages'), ['sild_waiting_pages 0']);
  });

  it('show the waiting logins and the pool of connections, at the time of the scrape', async () => {
    const metrics = createMetrics(() => NOW);
    assert.deepEqual(await samples(metrics, 'sild_database_connections'), [], 'without a server');
    let inUse = 3;
    metrics.countWaitingLogins(() => 4);
    metrics.countConnections(() => ({ inUse, idle: 2, waiting: inUse * 2 }));
    inUse = 5;
    assert.deepEqual(await samples(metrics, 'sild_waiting_logins'), ['sild_waiting_logins 4']);
    assert.deepEqual(await samples(metrics, 'sild_database_connections'), [
      'sild_database_connections{state="in_use"} 5',
      'sild_database_connections{state="idle"} 2',
    ]);
    assert.deepEqual(await samples(metrics, 'sild_database_waiting'), [
      'sild_database_waiting_statements 10',
    ]);
  });

  it('show until when signing keys and the TLS certificates of Smart-ID and of this instance are good, once they are known', async () => {
    let now = NOW;
    const metrics = createMetrics(() => now);
    assert.deepEqual(await samples(metrics, 'sild_signing'), []);
    assert.deepEqual(await samples(metrics, 'sild_smart_id_tls'), []);
    assert.deepEqual(await samples(metrics, 'sild_tls'), []);
    metrics.signingKeys([
      { alg: 'RS256', dueAt: NOW + 60_000 },
      { alg: 'ES256', dueAt: NOW + 60_000 },
    ]);
    metrics.signingKeys([{ alg: 'RS256', dueAt: NOW + 7_000 }]);
    metrics.smartIdPresented({ notAfter: new Date(NOW + 9_000) });
    metrics.tlsServed({ notAfter: new Date(NOW + 10_000) });
    now += 8_000;
    assert.deepEqual(await samples(metrics, 'sild_signing'), [
      'sild_signing_key_rotation_in_seconds{alg="RS256"} -1',
    ]);
    assert.deepEqual(await samples(metrics, 'sild_smart_id_tls'), [
      'sild_smart_id_tls_expires_in_seconds{service="rp-api"} 1',
    ]);
    assert.deepEqual(await samples(metrics, 'sild_tls'), [
      'sild_tls_expires_in_seconds{file="TLS_CERT_FILE"} 2',
    ]);
  });

  it('count refused connections by reason, from zero', async () => {
    const metrics = createMetrics(() => NOW);
    const limit = 'sild_connections_refused_total{reason="connection_limit"}';
    assert.deepEqual(await samples(metrics, 'sild_connections'), [`${limit} 0`]);
    metrics.connectionRefused('connection_limit');
    assert.deepEqual(await samples(metrics, 'sild_connections'), [`${limit} 1`]);
  });

  it('count the lost events of the audit, from zero', async () => {
    const metrics = createMetrics(() => NOW);
    assert.deepEqual(await samples(metrics, 'sild_audit'), ['sild_audit_events_lost_total 0']);
    metrics.auditEventsLost(3);
    assert.deepEqual(await samples(metrics, 'sild_audit'), ['sild_audit_events_lost_total 3']);
  });

  it('show the time until each trust anchor expires, at the time of the scrape', async () => {
    let now = NOW;
    const metrics = createMetrics(() => now);
    const anchor = { name: 'A CA', fingerprint: 'AB'.repeat(32), notAfter: new Date(NOW + 3_600_000) };
    metrics.trustAnchors([{ ...anchor, name: 'Another' }]);
    metrics.trustAnchors([anchor]);
    const series = 'sild_trust_anchor_expires_in_seconds{name="A CA",fingerprint="ABABABABABABABAB"}';
    assert.deepEqual(await samples(metrics, 'sild_trust'), [`${series} 3600`]);
    now += 7_200_000;
    assert.deepEqual(await samples(metrics, 'sild_trust'), [`${series} -3600`]);
  });

  it('show the state of the circuit breaker, initially closed', async () => {
    const metrics = createMetrics(() => NOW);
    const state = async () =>
      (await samples(metrics, 'sild_smart_id_circuit')).filter((line) => line.endsWith(' 1'));
    assert.deepEqual(await state(), ['sild_smart_id_circuit{state="closed"} 1']);
    metrics.circuit('half_open');
    assert.deepEqual(await state(), ['sild_smart_id_circuit{state="half_open"} 1']);
    assert.equal((await samples(metrics, 'sild_smart_id_circuit')).length, 3);
  });

  it('count certificates accepted without a revocation check, starting at zero', async () => {
    const metrics = createMetrics(() => NOW);
    assert.deepEqual(await samples(metrics, 'sild_revocation'), ['sild_revocation_unchecked_total 0']);
    metrics.revocationUnchecked();
    assert.deepEqual(await samples(metrics, 'sild_revocation'), ['sild_revocation_unchecked_total 1']);
  });

  it('include process metrics', async () => {
    const metrics = createMetrics(() => NOW);
    assert.match((await samples(metrics, 'process_resident_memory_bytes')).join(), /bytes [1-9]/);
    assert.match((await samples(metrics, 'nodejs_eventloop_lag_p99_seconds')).join(), /seconds /);
  });
});
