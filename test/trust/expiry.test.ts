import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { createLogger } from '../../src/log/logger.ts';
import type { ExpiringAnchor } from '../../src/metrics/metrics.ts';
import { watchExpiry } from '../../src/trust/expiry.ts';
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
  it('is no news while there is time, and measured all the same', (test) => {
    const { reports, measured } = watching(test, 60);
    assert.deepEqual(reports(), []);
    assert.deepEqual(measured, [
      { name: 'Sild test EID-Q', fingerprint: fingerprintOf(live.issuing), notAfter },
    ]);
  });

  it('is a warning 60 days before, and an error 14 days before and afterwards', (test) => {
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

  it('is told every day until the watching ends', (test) => {
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
