/** `sild client apply FILE` and `sild client export`: clients as code, in the form of CLIENTS_FILE. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Audit } from '../audit/audit.ts';
import type { ClientChange } from '../oidc/clients-file/changes.ts';
import { applyClientsFile } from '../oidc/clients-file/clients-file.ts';
import type { ClientValidation } from '../oidc/clients/clients.ts';
import { clientsFileOf, exportedClients } from '../oidc/clients-file/exported-clients.ts';
import type { Environment } from '../oidc/clients-file/references.ts';
import type { RecordStore } from '../oidc/stores.ts';
import { answer, type AnswerContext } from './json-output.ts';
import { onlyOne } from './usage.ts';

export interface ClientsFileContext extends AnswerContext {
  readonly records: RecordStore;
  readonly audit: Pick<Audit, 'record'>;
  /** The values of `${NAME}` in the file. */
  readonly environment: Environment;
  readonly validate: ClientValidation;
}

/** @param directory the file is relative to it. @throws {UsageError}, and the TypeError of `parseArgs` */
export function applyCommand(
  args: readonly string[],
  directory: string,
): (context: ClientsFileContext) => Promise<0> {
  const options = { 'dry-run': { type: 'boolean', default: false } } as const;
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
  const path = resolve(directory, onlyOne(positionals, 'The file'));
  return async (context) => {
    const dryRun = values['dry-run'];
    const { changes, unchanged } = await applyClientsFile({ path, ...context }, { dryRun });
    const total = `${changes.length === 1 ? '1 change' : `${changes.length} changes`}, ${unchanged} unchanged.`;
    const document = { changes: changes.map(documentOf), unchanged, dry_run: dryRun };
    answer(context, document, [
      ...changes.map(lineOf),
      dryRun ? `${total} Nothing was done: --dry-run.` : total,
    ]);
    return 0;
  };
}

export async function exportClients(context: ClientsFileContext): Promise<0> {
  const clients = await exportedClients(context.records);
  answer(context, { clients }, [clientsFileOf(clients).trimEnd()]);
  return 0;
}

function documentOf(change: ClientChange) {
  const { kind, clientId } = change;
  return { kind, client_id: clientId, ...(kind === 'removed' ? {} : { members: change.members }) };
}

function lineOf(change: ClientChange): string {
  switch (change.kind) {
    case 'added':
      return `+ ${change.clientId}`;
    case 'changed':
      return `~ ${change.clientId}: ${change.members.join(', ')}`;
    case 'adopted': {
      const differing = change.members.length > 0 ? `: ${change.members.join(', ')}` : '';
      return `~ ${change.clientId}, registered by hand until now${differing}`;
    }
    case 'removed':
      return `- ${change.clientId}`;
  }
}
