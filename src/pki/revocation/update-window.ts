/** Tolerates clocks that differ by five minutes; the sixth covers transport and times that are rounded to seconds. */
export const CLOCK_TOLERANCE_MS = 6 * 60_000;

/** The period for which a source is up to date. */
export interface UpdateWindow {
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
}

/** Why a time is outside of the window; undefined if it is inside. (RFC 6960 4.2.2.1, RFC 5280 6.3.3) */
export function outside(
  { thisUpdate, nextUpdate }: UpdateWindow,
  at: Date,
): 'stale' | 'in_the_future' | undefined {
  const now = at.getTime();
  // Negated comparisons, so that an invalid date (NaN) is outside.
  if (!(thisUpdate.getTime() <= now + CLOCK_TOLERANCE_MS)) return 'in_the_future';
  if (!(nextUpdate.getTime() >= now - CLOCK_TOLERANCE_MS)) return 'stale';
  return undefined;
}
