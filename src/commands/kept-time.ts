import { UsageError } from './usage.ts';

const UNIT_SECONDS: Readonly<Record<string, number>> = { m: 60, h: 3_600, d: 86_400 };
const LONGEST_DAYS = 30;

/** Seconds of a time like `30m`, `24h` or `7d`. @throws {UsageError} */
export function keptTime(option: string, text: string): number {
  const [, count, unit = ''] = /^([1-9]\d{0,4})([mhd])$/.exec(text) ?? [];
  const seconds = Number(count) * (UNIT_SECONDS[unit] ?? NaN);
  if (seconds <= LONGEST_DAYS * 86_400) return seconds;
  throw new UsageError(`${option} needs a time, like 30m, 24h or 7d, of at most ${LONGEST_DAYS}d.`);
}
