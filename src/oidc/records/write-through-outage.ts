import { CLIENT_PATIENCE_MS, createOutageRetry } from '../../login/outage-retry.ts';
import type { RecordBatch, RecordStore, RecordWrite } from '../stores.ts';

export interface WriteOnce {
  readonly consume: NonNullable<RecordBatch['consume']>;
  /** Its id is random and known to nobody else: that it is stored shows that this batch is. */
  readonly put: RecordWrite;
}

/**
 * Consumes and stores by one statement, and repeats it while the database is away, so that nothing is used up for an answer that nobody
 * gets.
 *
 * @param isAbandoned whether nobody waits any longer; then it is not repeated
 * @returns whether the batch is stored, also where the database could not confirm that; false if another request has consumed
 * @throws the error of the outage, if that is longer
 */
export type WriteThroughOutage = (batch: WriteOnce, isAbandoned?: () => boolean) => Promise<boolean>;

export function createWriteThroughOutage(
  records: Pick<RecordStore, 'write' | 'find'>,
  isOutage: (error: unknown) => boolean,
): WriteThroughOutage {
  return async ({ consume, put }, isAbandoned = () => false) => {
    let failed = false;
    const write = async () => {
      if (await records.write({ consume, put: [put] })) return true;
      return failed && (await records.find(put.model, put.id)) !== undefined;
    };
    const throughOutage = createOutageRetry((error) => {
      failed = true;
      return isOutage(error) && !isAbandoned();
    }, CLIENT_PATIENCE_MS);
    return throughOutage(write);
  };
}
