/** `sild client apply FILE` and `sild client export`: clients as code, in the form of CLIENTS_FILE. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Audit } from '../audit/audit.ts';
import type { ClientChange } from '../oidc/clients-file/changes.ts';
import { applyClientsFile } from '../oidc/clients-file/clients-file.ts';
import type { ClientValidation } from '../oidc/clients/client-validation.ts';
import { clientsFileOf, exportedClients } from '../oidc/clients-file/exported-clients.ts';
import type { Environment } from '../config/environment.ts';
import type { RecordStore } from '../oidc/stores.ts';
import { answer, type AnswerContext } from './json-output.ts';
import { onlyOne } from './usage.ts';

const MAX_VALUE = 200;

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
      ...changes.flatMap(linesOf),
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

function linesOf(change: ClientChange): readonly string[] {
  switch (change.kind) {
    case 'added':
      return [`+ ${change.clientId}`];
    case 'changed':
      return [`~ ${change.clientId}`, ...differencesOf(change)];
    case 'adopted':
      return [`~ ${change.clientId}, registered by hand until now`, ...differencesOf(change)];
    case 'removed':
      return [`- ${change.clientId}`];
  }
}

/** A line for each member: its value in the database, and that of the file. Of a secret neither. */
function differencesOf({
  members,
  before,
  metadata,
}: Extract<ClientChange, { readonly members: unknown }>): readonly string[] {
  const after: Readonly<Record<string, unknown>> = metadata;
  return members.map((name) =>
    name === 'client_secret'
      ? '    client_secret: another one'
      : `    ${name}: ${valueText(before[name])} → ${valueText(after[name])}`,
  );
}

/** On one line, without control characters, and cut: a logo has a hundred thousand characters. */
function valueText(value: unknown): string {
  const text = value === undefined ? 'none' : JSON.stringify(value);
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text;
}
