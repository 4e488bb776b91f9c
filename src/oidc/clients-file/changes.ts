import { isDeepStrictEqual } from 'node:util';
import { withoutOwnMembers } from '../clients/clients.ts';
import { isManagedByFile } from '../clients/managed-client.ts';
import type { OidcRecord } from '../stores.ts';
import type { FileClient, FileClientMetadata } from './read-clients.ts';

/** A client that differs between the file and the database. */
export type ClientChange =
  | {
      /** `adopted`: it was registered by hand, and belongs to the file from now on. */
      readonly kind: 'added' | 'changed' | 'adopted';
      readonly clientId: string;
      readonly metadata: FileClientMetadata;
      /** The names of the metadata that differ, sorted. */
      readonly members: readonly string[];
      /** The metadata in the database; empty for an added client. */
      readonly before: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'removed'; readonly clientId: string };

interface StoredClient {
  readonly id: string;
  readonly payload: OidcRecord['payload'];
}

/** The changes after which the stored clients are those of the file, sorted by client. Clients registered by hand are left alone. */
export function changesOf(
  clients: readonly FileClient[],
  stored: readonly StoredClient[],
): readonly ClientChange[] {
  const storedById = new Map(stored.map(({ id, payload }) => [id, payload]));
  const inFile = new Set(clients.map(({ metadata }) => metadata.client_id));
  const removed = stored
    .filter(({ id, payload }) => isManagedByFile(payload) && !inFile.has(id))
    .map(({ id }): ClientChange => ({ kind: 'removed', clientId: id }));
  const put = clients.flatMap(({ metadata }) => changeOf(metadata, storedById.get(metadata.client_id)));
  return [...put, ...removed].sort((one, other) => (one.clientId < other.clientId ? -1 : 1));
}

function changeOf(
  metadata: FileClientMetadata,
  stored: OidcRecord['payload'] | undefined,
): readonly ClientChange[] {
  const clientId = metadata.client_id;
  if (!stored)
    return [{ kind: 'added', clientId, metadata, members: Object.keys(metadata).sort(), before: {} }];
  const before = withoutOwnMembers(stored);
  const change = { clientId, metadata, before, members: differingMembers(metadata, before) };
  if (!isManagedByFile(stored)) return [{ kind: 'adopted', ...change }];
  return change.members.length === 0 ? [] : [{ kind: 'changed', ...change }];
}

function differingMembers(
  one: Readonly<Record<string, unknown>>,
  other: Readonly<Record<string, unknown>>,
): readonly string[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].filter((name) => !isDeepStrictEqual(one[name], other[name])).sort();
}
