import { millisecondsOf } from '../config/variable.ts';
import { UsageError } from './usage.ts';

const LONGEST_DAYS = 30;

/** Seconds of a time like `30m`, `24h` or `7d`. @throws {UsageError} */
export function keptTime(option: string, text: string): number {
  const seconds = millisecondsOf(text) / 1000;
  if (seconds > 0 && seconds <= LONGEST_DAYS * 86_400) return seconds;
  throw new UsageError(`${option} needs a time, like 30m, 24h or 7d, of at most ${LONGEST_DAYS}d.`);
}
