/** Whether the chain is whole: each row fits its hash, which takes in the hash of the row before. */
import type { AuditView, ChainHead } from './audit-store.ts';
import { BEGINNING, linkOf, signatureOf } from './chain.ts';

export type ChainFault =
  /** The row does not say what it said when it was written, or is not of our writing. */
  | 'row_altered'
  /** It is not there. */
  | 'row_missing'
  /** Retention did not remove what is gone from the beginning. */
  | 'checkpoint_altered'
  /** The keys that it was written with are gone, or do not open with this SECRET_KEY. */
  | 'key_missing'
  /** The chain had another hash here when its head was noted down. */
  | 'head_differs';

export type Verification =
  | {
      readonly kind: 'whole';
      readonly events: number;
      /** When the first and the last of them happened; undefined where there is none. */
      readonly span: { readonly from: number; readonly to: number } | undefined;
      readonly head: ChainHead;
      readonly sinceIsKept: boolean;
    }
  /** `position` is the first that is not as it should be. */
  | { readonly kind: 'broken'; readonly position: number; readonly fault: ChainFault };

/**
 * Goes through the whole chain, which takes some seconds for a million rows.
 *
 * @param since a head that was noted down before: it must still be in the chain. `sinceIsKept` says that it is; what
 *   retention has removed cannot be compared any more.
 */
export async function verifyChain(
  { checkpoint, keys, rows }: AuditView,
  since?: ChainHead,
): Promise<Verification> {
  if (checkpoint) {
    const { position, keyId, signature } = checkpoint;
    const key = keys.get(keyId);
    if (!key) return broken(position, 'key_missing');
    if (signature !== signatureOf(checkpoint, key)) return broken(position, 'checkpoint_altered');
  }
  const beginning = checkpoint ?? BEGINNING;
  let head: ChainHead = beginning;
  let span: { from: number; to: number } | undefined;
  let sinceIsKept = since === undefined || isSame(since, head);
  for await (const row of rows()) {
    const key = keys.get(row.keyId);
    if (row.position !== head.position + 1) return broken(head.position + 1, 'row_missing');
    if (!key) return broken(row.position, 'key_missing');
    if (linkOf(head, row, key).hash !== row.hash) return broken(row.position, 'row_altered');
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
