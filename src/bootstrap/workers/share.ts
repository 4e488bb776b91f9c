import type { LimitsConfig } from '../../config/limits.ts';
import type { Rate } from '../../config/variable.ts';

/**
 * The part of each worker in the limits that a process counts in memory, so that all workers together admit what one process would.
 * Those that the database counts are not divided.
 */
export function shareOf(
  { requests, address, waiting }: Pick<LimitsConfig, 'requests' | 'address' | 'waiting'>,
  workers: number,
): Pick<LimitsConfig, 'requests' | 'address' | 'waiting'> {
  const part = (count: number) => Math.ceil(count / workers);
  const partOf = (rate: Rate | undefined) => rate && { ...rate, count: part(rate.count) };
  return {
    requests: partOf(requests),
    address: partOf(address),
    waiting: waiting === undefined ? undefined : part(waiting),
  };
}
