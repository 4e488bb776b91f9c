/**
 * The hash chain: the hash of a row is an HMAC over the previous hash and the row's canonical form. To alter, insert, remove
 * or reorder rows, an attacker must recompute every later hash, and the key is not readable in the database.
 */
import { createHmac } from 'node:crypto';
import type { AuditData, AuditEntry, AuditKeys, ChainHead, Checkpoint } from './audit-store.ts';

/** The head that the first row is linked to. */
export const BEGINNING: ChainHead = { position: 0, hash: '' };

/** Position and hash of the row after `previous`. */
export function linkOf(previous: ChainHead, entry: AuditEntry, { keyId, chain }: AuditKeys): ChainHead {
  const position = previous.position + 1;
  const text = `row\n${previous.hash}\n${canonicalOf(position, keyId, entry)}`;
  return { position, hash: createHmac('sha256', chain).update(text).digest('base64url') };
}

/** The signature (HMAC) of a checkpoint. */
export function signatureOf(
  { position, hash, at }: Omit<Checkpoint, 'signature'>,
  { chain }: AuditKeys,
): string {
  return createHmac('sha256', chain).update(`checkpoint\n${position}\n${hash}\n${at}`).digest('base64url');
}

/** The canonical form of a row: independent of the order of members, which jsonb does not preserve. */
export function canonicalOf(position: number, keyId: string, entry: AuditEntry): string {
  const { at, instance, number, event, data } = entry;
  return JSON.stringify([position, keyId, at, instance, number, event, sorted(data)]);
}

function sorted(data: AuditData): [string, AuditData[string]][] {
  return Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The text form of a head: `1234.hash`. */
export function headText({ position, hash }: ChainHead): string {
  return `${position}.${hash}`;
}

/** Parses the text form of a head; `undefined` if it is invalid. */
export function headOf(text: string): ChainHead | undefined {
  const [, position, hash] = /^(\d{1,15})\.([\w-]{43})$/.exec(text) ?? [];
  return position === undefined || hash === undefined ? undefined : { position: Number(position), hash };
}
