/**
 * Clients as code: CLIENTS_FILE, a YAML or JSON file or a directory of them, describes clients that nobody registers by hand.
 *
 *   file ─▶ read-clients (every problem, with its line) ─▶ changes (what differs from the database) ─▶ apply
 *
 * The file owns its clients: it takes over one of the same ID that was registered by hand, and a client that is no longer in
 * it is removed with the next application. Nothing is changed when the file has a problem.
 */
import type { ClientMetadata } from 'oidc-provider';
import type { Audit } from '../../audit/audit.ts';
import type { Environment } from '../../config/environment.ts';
import { ClientError, requireValid } from '../clients/client-validation.ts';
import { auditedClient, CLIENT_MODEL } from '../clients/clients.ts';
import { BY_FILE } from '../clients/managed-client.ts';
import type { RecordStore } from '../stores.ts';
import { type ClientChange, changesOf } from './changes.ts';
import { ClientsFileError } from './clients-file-error.ts';
import { type FileClient, readClients } from './read-clients.ts';

export interface ClientsFileOptions {
  /** A file, or a directory of which every `.yaml`, `.yml` and `.json` file counts. */
  readonly path: string;
  /** The values of `${NAME}` in the file. */
  readonly environment: Environment;
  readonly records: RecordStore;
  readonly audit: Pick<Audit, 'record'>;
  /** Validates client metadata as oidc-provider does; rejects with {@link ClientError}. */
  readonly validate?: (metadata: ClientMetadata) => Promise<void>;
}

export interface AppliedClients {
  readonly changes: readonly ClientChange[];
  /** Number of clients of the file that are in the database as they should be. */
  readonly unchanged: number;
}

/**
 * Makes the clients in the database those of the file.
 *
 * @param dryRun only find out what would be changed
 * @throws {ClientsFileError} with every problem of the file; nothing is changed then
 */
export async function applyClientsFile(
  { path, environment, records, audit, validate = requireValid }: ClientsFileOptions,
  { dryRun = false } = {},
): Promise<AppliedClients> {
  const clients = readClients(path, environment);
  const changes = changesOf(clients, await records.list(CLIENT_MODEL));
  await requireAcceptable(clients, changes, validate);
  if (!dryRun) {
    for (const change of changes) await apply(change, records, audit);
  }
  const touched = changes.filter(({ kind }) => kind !== 'removed').length;
  return { changes, unchanged: clients.length - touched };
}

/** Of the changed ones alone: a validation may fetch an address, and a start must not depend on its host. */
async function requireAcceptable(
  clients: readonly FileClient[],
  changes: readonly ClientChange[],
  validate: (metadata: ClientMetadata) => Promise<void>,
): Promise<void> {
  const changed = new Set(changes.map(({ clientId }) => clientId));
  const problems: string[] = [];
  for (const { metadata, place } of clients.filter((client) => changed.has(client.metadata.client_id))) {
    try {
      await validate(metadata);
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      problems.push(`${place}: ${error.message}`);
    }
  }
  if (problems.length > 0) throw new ClientsFileError(problems);
}

async function apply(
  change: ClientChange,
  records: RecordStore,
  audit: Pick<Audit, 'record'>,
): Promise<void> {
  const { kind, clientId } = change;
  if (kind === 'removed') {
    await records.remove(CLIENT_MODEL, clientId);
    audit.record({ event: 'client_removed', client: clientId });
    return;
  }
  const { metadata, members } = change;
  await records.put(CLIENT_MODEL, clientId, { ...metadata, ...BY_FILE }, {}, undefined);
  const event =
    kind === 'added'
      ? ({ event: 'client_added' } as const)
      : ({ event: 'client_changed', changed: members } as const);
  audit.record({ ...event, ...auditedClient(metadata) });
}
