import { stringify } from 'yaml';
import { CLIENT_MODEL, withoutOwnMembers } from '../clients/clients.ts';
import { hashesIn } from '../clients/secrets/secret-hash.ts';
import type { RecordStore } from '../stores.ts';

/** All registered clients as CLIENTS_FILE describes them, with the hashes of their secrets. */
export async function exportedClients(records: RecordStore): Promise<readonly object[]> {
  const stored = await records.list(CLIENT_MODEL);
  return [...stored]
    .sort((one, other) => (one.id < other.id ? -1 : 1))
    .map(({ id, payload }) => {
      const { client_id: _, client_secret: secret, ...metadata } = withoutOwnMembers(payload);
      return { client_id: id, ...metadata, ...secretMember(secret) };
    });
}

/** The file of clients, as YAML. */
export function clientsFileOf(clients: readonly object[]): string {
  return stringify({ clients }, { lineWidth: 0 });
}

function secretMember(secret: unknown): { readonly client_secret_sha256?: string | readonly string[] } {
  if (typeof secret !== 'string') return {};
  const [one = '', ...more] = hashesIn(secret);
  return { client_secret_sha256: more.length === 0 ? one : [one, ...more] };
}
