import { LEG_NAMES, LEGS, quantileOf, type TimeCount } from '../audit/figures.ts';
import { barLengths } from './plots.ts';

/** Median and 95th percentile of each leg, in seconds; null where no time is kept. */
export function timesOf(counts: readonly TimeCount[]) {
  const rows = LEGS.map((leg) => {
    const times = counts.filter((count) => count.leg === leg);
    return {
      name: LEG_NAMES[leg],
      events: times.reduce((sum, { events }) => sum + events, 0),
      median: quantileOf(times, 0.5),
      p95: quantileOf(times, 0.95),
    };
  });
  const values = rows.flatMap(({ median, p95 }) => [median ?? 0, p95 ?? 0]);
  const lengths = barLengths(values);
  return rows.map(({ median, p95, ...row }, index) => ({
    ...row,
    median: secondsText(median),
    p95: secondsText(p95),
    medianBar: lengths[2 * index] ?? 0,
    p95Bar: lengths[2 * index + 1] ?? 0,
  }));
}

function secondsText(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : (milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 1);
}
