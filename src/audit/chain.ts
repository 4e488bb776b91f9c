/**
 * The chain: the hash of a row is a keyed hash of the hash before it and of the row's canonical form. Who alters, inserts,
 * removes or reorders rows would have to make every hash from there on anew, and the database does not have the key.
 */
import { createHmac } from 'node:crypto';
import type { AuditData, AuditEntry, AuditKeys, ChainHead, Checkpoint } from './audit-store.ts';

/** What the first row of all is linked to. */
export const BEGINNING: ChainHead = { position: 0, hash: '' };

/** The hash of the row that comes after `previous`. */
export function linkOf(previous: ChainHead, entry: AuditEntry, { keyId, chain }: AuditKeys): ChainHead {
  const position = previous.position + 1;
  const text = `row\n${previous.hash}\n${canonicalOf(position, keyId, entry)}`;
  return { position, hash: createHmac('sha256', chain).update(text).digest('base64url') };
}

/** What makes a checkpoint one of ours. */
export function signatureOf(
  { position, hash, at }: Omit<Checkpoint, 'signature'>,
  { chain }: AuditKeys,
): string {
  return createHmac('sha256', chain).update(`checkpoint\n${position}\n${hash}\n${at}`).digest('base64url');
}

/** One text for one row, whatever the database has done to the order of its members. */
export function canonicalOf(position: number, keyId: string, entry: AuditEntry): string {
  const { at, instance, number, event, data } = entry;
  return JSON.stringify([position, keyId, at, instance, number, event, sorted(data)]);
}

function sorted(data: AuditData): [string, AuditData[string]][] {
  return Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** `1234.hash`, as an auditor notes it down. */
export function headText({ position, hash }: ChainHead): string {
  return `${position}.${hash}`;
}

/** What `headText` wrote; `undefined` for anything else. */
export function headOf(text: string): ChainHead | undefined {
  const [, position, hash] = /^(\d{1,15})\.([\w-]{43})$/.exec(text) ?? [];
  return position === undefined || hash === undefined ? undefined : { position: Number(position), hash };
}
