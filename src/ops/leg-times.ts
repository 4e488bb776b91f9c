import { type Leg, LEGS, quantileOf, type TimeCount } from '../audit/figures.ts';
import { barLengths } from './plots.ts';

const NAMES: Readonly<Record<Leg, string>> = {
  smartId: 'Smart-ID creates the session',
  person: 'The person confirms',
  completion: 'The browser collects it',
  whole: 'The whole login',
};

/** Median and 95th percentile of each leg, in seconds; null where no time is kept. */
export function timesOf(counts: readonly TimeCount[]) {
  const rows = LEGS.map((leg) => {
    const times = counts.filter((count) => count.leg === leg);
    return {
      name: NAMES[leg],
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
