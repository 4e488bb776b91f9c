import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it, type TestContext } from 'node:test';
import { createLogger } from '../../src/log/logger.ts';
import type { ExpiringAnchor } from '../../src/metrics/metrics.ts';
import { WARNING_DAYS, watchExpiry } from '../../src/trust/expiry.ts';
import { trustSimulator } from '../../src/trust/trust.ts';
import { days } from '../support/certificates/certificates.ts';
import { fingerprintOf, live } from './smart-id-of-tests.ts';

const trust = trustSimulator([live.issuing.certificate]);
const notAfter = trust.authorities[0]?.certificate.notAfter ?? new Date(0);

function watching(test: TestContext, daysLeft: number) {
  test.mock.timers.enable({ apis: ['setInterval'] });
  const lines: string[] = [];
  const measured: ExpiringAnchor[] = [];
  let now = days(notAfter, -daysLeft);
  const stop = watchExpiry(trust, {
    now: () => now,
    metrics: { trustAnchors: (anchors) => measured.push(...anchors) },
    log: createLogger({ level: 'info', destination: { write: (line) => lines.push(line) } }),
  });
  const reports = () =>
    lines.map((line) => JSON.parse(line) as { level: string; event: string; ca: string; days: number });
  const aDayLater = () => {
    now = days(now, 1);
    test.mock.timers.tick(86_400_000);
  };
  return { reports, measured, aDayLater, stop };
}

describe('a CA certificate that expires', () => {
  it('is not logged long before it expires, and is measured', (test) => {
    const { reports, measured } = watching(test, 60);
    assert.deepEqual(reports(), []);
    assert.deepEqual(measured, [
      { name: 'Sild test EID-Q', fingerprint: fingerprintOf(live.issuing), notAfter },
    ]);
  });

  it('is logged as a warning from 60 days, and as an error from 14 days before it expires', (test) => {
    for (const [left, level] of [
      [59, 'warn'],
      [14, 'warn'],
      [13, 'error'],
      [-1, 'error'],
    ] as const) {
      const { reports, stop } = watching(test, left);
      assert.deepEqual(
        reports().map((line) => [line.event, line.ca, line.level, line.days]),
        [['trust_anchor_expires', 'Sild test EID-Q', level, left]],
      );
      stop();
      test.mock.timers.reset();
    }
  });

  it('is logged daily until the watch is stopped', (test) => {
    const { reports, aDayLater, stop } = watching(test, 61);
    aDayLater();
    assert.equal(reports().length, 0);
    aDayLater();
    aDayLater();
    assert.deepEqual(
      reports().map((line) => line.days),
      [59, 58],
    );
    stop();
    aDayLater();
    assert.equal(reports().length, 2);
  });
});

describe('the days before an expiry from which the operator is warned', () => {
  it('are the same in the alerts for Prometheus', () => {
    const alerts = readFileSync(new URL('../../deploy/alerts.yaml', import.meta.url), 'utf8');
    const daysIn = (metric: string) =>
      Number(new RegExp(`${metric}\\) < (\\d+) \\* 86400`).exec(alerts)?.[1]);
    assert.deepEqual(WARNING_DAYS, {
      authority: daysIn('sild_trust_anchor_expires_in_seconds'),
      smartIdTls: daysIn('sild_smart_id_tls_expires_in_seconds'),
      servedTls: daysIn('sild_tls_expires_in_seconds'),
    });
  });
});
