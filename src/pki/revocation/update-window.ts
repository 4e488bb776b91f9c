/** Clocks may be five minutes apart. The sixth minute is for the way of an answer, and for its time in whole seconds. */
export const CLOCK_TOLERANCE_MS = 6 * 60_000;

/** When a source was up to date, and until when it means to be. */
export interface UpdateWindow {
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
}

/** What is wrong with a time outside the window, or nothing. (RFC 6960 4.2.2.1, RFC 5280 6.3.3) */
export function outside(
  { thisUpdate, nextUpdate }: UpdateWindow,
  at: Date,
): 'stale' | 'in_the_future' | undefined {
  const now = at.getTime();
  // Asked as “is it in” and not as “is it out”: a time that is not a number is in no window.
  if (!(thisUpdate.getTime() <= now + CLOCK_TOLERANCE_MS)) return 'in_the_future';
  if (!(nextUpdate.getTime() >= now - CLOCK_TOLERANCE_MS)) return 'stale';
  return undefined;
}
