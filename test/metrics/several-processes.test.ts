import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addUp, countedOf, expositionOf, type MetricsSnapshot } from '../../src/metrics/processes.ts';
import { createMetrics } from '../../src/metrics/create-metrics.ts';

const NOW = Date.UTC(2026, 0, 1);
const LOGIN = { client: 'shop', flow: 'qr' };

/** Two processes, as their metrics arrive over a channel of JSON. */
async function two(): Promise<[MetricsSnapshot, MetricsSnapshot]> {
  const [one, other] = [createMetrics(() => NOW), createMetrics(() => NOW)];
  for (const metrics of [one, other]) {
    metrics.loginBegun(LOGIN);
    metrics.loginEnded({ ...LOGIN, outcome: 'finished', seconds: 7 });
  }
  one.countWaitingLogins(() => 3);
  other.countWaitingLogins(() => 4);
  one.signingKeys([{ alg: 'RS256', dueAt: NOW + 60_000 }]);
  other.signingKeys([{ alg: 'RS256', dueAt: NOW + 90_000 }]);
  other.circuit('open');
  const [first, second] = [await one.snapshot(), await other.snapshot()];
  return JSON.parse(JSON.stringify([first, second])) as [MetricsSnapshot, MetricsSnapshot];
}

describe('the metrics of several processes', () => {
  it('are sums, for keys the shortest time, and each state that a circuit is in', async () => {
    const { text } = await expositionOf(await two());
    const lines = text.split('\n');
    for (const line of [
      'sild_logins_begun_total{client="shop",flow="qr"} 2',
      'sild_login_duration_seconds_count{flow="qr"} 2',
      'sild_login_duration_seconds_bucket{le="10",flow="qr"} 2',
      'sild_waiting_logins 7',
      'sild_signing_key_rotation_in_seconds{alg="RS256"} 60',
      'sild_smart_id_circuit{state="open"} 1',
      'sild_smart_id_circuit{state="closed"} 1',
      'sild_smart_id_circuit{state="half_open"} 0',
    ])
      assert.ok(lines.includes(line), `${line}\n${text}`);
  });

  it('keep the counters of one that has ended, and drop its gauges', async () => {
    const [alive, ended] = await two();
    const earlier = await addUp([[], countedOf(ended)]).getMetricsAsJSON();
    const { text } = await expositionOf([alive, earlier]);
    const lines = text.split('\n');
    for (const line of [
      'sild_logins_begun_total{client="shop",flow="qr"} 2',
      'sild_login_duration_seconds_count{flow="qr"} 2',
      'sild_waiting_logins 3',
      'sild_smart_id_circuit{state="open"} 0',
    ])
      assert.ok(lines.includes(line), `${line}\n${text}`);
  });
});
