/** Verifies the chain: the hash of each row covers the row and the previous hash. */
import { equalInConstantTime } from '../constant-time.ts';
import type { AuditView, ChainHead } from './audit-store.ts';
import { BEGINNING, linkOf, signatureOf } from './chain.ts';

export type ChainFault =
  /** The row was changed after it was written, or not written by Sild. */
  | 'row_altered'
  /** The row does not exist. */
  | 'row_missing'
  /** The oldest rows were not removed by retention. */
  | 'checkpoint_altered'
  /** The audit keys of the row are missing, or cannot be decrypted with this SECRET_KEY. */
  | 'key_missing'
  /** The hash at the position of the recorded head is different. */
  | 'head_differs';

export type Verification =
  | {
      readonly kind: 'whole';
      readonly events: number;
      /** Times of the first and the last event; undefined when there are none. */
      readonly span: { readonly from: number; readonly to: number } | undefined;
      readonly head: ChainHead;
      readonly sinceIsKept: boolean;
    }
  /** `position` is the first one with a fault. */
  | { readonly kind: 'broken'; readonly position: number; readonly fault: ChainFault };

/**
 * Verifies the whole chain, which takes some seconds for a million rows.
 *
 * @param since a head that was recorded earlier and must still be in the chain. `sinceIsKept` is false when retention has
 *   removed it, so that it cannot be compared any more.
 */
export async function verifyChain(
  { checkpoint, keys, rows }: AuditView,
  since?: ChainHead,
): Promise<Verification> {
  if (checkpoint) {
    const { position, keyId, signature } = checkpoint;
    const key = keys.get(keyId);
    if (!key) return broken(position, 'key_missing');
    if (!equalInConstantTime(signature, signatureOf(checkpoint, key)))
      return broken(position, 'checkpoint_altered');
  }
  const beginning = checkpoint ?? BEGINNING;
  let head: ChainHead = beginning;
  let span: { from: number; to: number } | undefined;
  let sinceIsKept = since === undefined || isSame(since, head);
  for await (const row of rows()) {
    const key = keys.get(row.keyId);
    if (row.position !== head.position + 1) return broken(head.position + 1, 'row_missing');
    if (!key) return broken(row.position, 'key_missing');
    const { hash: mac } = linkOf(head, row, key);
    if (!equalInConstantTime(mac, row.hash)) return broken(row.position, 'row_altered');
    head = { position: row.position, hash: row.hash };
    span = { from: span?.from ?? row.at, to: row.at };
    if (since?.position === head.position) {
      if (!isSame(since, head)) return broken(head.position, 'head_differs');
      sinceIsKept = true;
    }
  }
  if (since && since.position > head.position) return broken(head.position + 1, 'row_missing');
  return { kind: 'whole', events: head.position - beginning.position, span, head, sinceIsKept };
}

function isSame(one: ChainHead, other: ChainHead): boolean {
  return one.position === other.position && one.hash === other.hash;
}

function broken(position: number, fault: ChainFault): Verification {
  return { kind: 'broken', position, fault };
}
