import { parseArgs } from 'node:util';
import { isCibaClient } from '../oidc/ciba/ciba-client.ts';
import { auditedClient, type ClientRegistry } from '../oidc/clients/clients.ts';
import { inOptions, type TypedClient, typedClient } from './client-metadata.ts';
import { applyCommand, type ClientsFileContext, exportClients } from './clients-file.ts';
import { answer, jsonText } from './json-output.ts';
import { keptTime } from './kept-time.ts';
import { onlyOne, requireNoMore, unknownCommand, UsageError } from './usage.ts';

/** Dependencies of the commands. */
export interface ClientCommandContext extends ClientsFileContext {
  /** Prints an error line. */
  readonly complain: (line: string) => void;
  readonly clients: ClientRegistry;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

type Act = (context: ClientCommandContext) => Promise<0 | 1>;

/**
 * `sild client add ID … | update ID … | secret ID … | show ID | list | remove ID | apply FILE | export`.
 *
 * @param directory files are relative to it
 * @returns the action, which returns the exit status: 0, or 1 when there is no such client; it throws {ClientError}
 * @throws {UsageError}, {ClientError} for a file that cannot be read, and the TypeError of `parseArgs`
 */
export function clientCommand([action, ...args]: readonly string[], directory: string): Act {
  switch (action) {
    case 'add': {
      const typed = typedClient(args, directory);
      if (!('redirect_uris' in typed.metadata) && !isCibaClient(typed.metadata))
        throw new UsageError('--redirect-uri is missing.');
      return (context) => add(typed, context);
    }
    case 'update': {
      const typed = typedClient(args, directory);
      if (Object.keys(typed.metadata).length === 0) throw new UsageError('Nothing is to be changed.');
      return (context) => update(typed, context);
    }
    case 'list':
      requireNoMore(args);
      return list;
    case 'secret':
      return secretCommand(args);
    case 'show':
      return ofOne(args, show);
    case 'remove':
      return ofOne(args, remove);
    case 'apply':
      return applyCommand(args, directory);
    case 'export':
      requireNoMore(args);
      return exportClients;
    default:
      throw unknownCommand('client', action);
  }
}

type ActOnOne = (id: string, context: ClientCommandContext) => Promise<boolean>;

function ofOne(args: readonly string[], act: ActOnOne): Act {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true });
  return actOn(onlyOne(positionals, 'The ID'), act);
}

function secretCommand(args: readonly string[]): Act {
  const options = { 'keep-old': { type: 'string' } } as const;
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
  const keptSeconds =
    values['keep-old'] === undefined ? undefined : keptTime('--keep-old', values['keep-old']);
  return actOn(onlyOne(positionals, 'The ID'), (id, context) => changeSecret(id, keptSeconds, context));
}

/** @param act returns whether the client exists */
function actOn(id: string, act: ActOnOne): Act {
  return async (context) => {
    return (await act(id, context)) ? 0 : isMissing(id, context);
  };
}

/** In JSON there is no document for it, only the error. */
function isMissing(id: string, { json, print, complain }: ClientCommandContext): 1 {
  (json ? complain : print)(`There is no client ${id}.`);
  return 1;
}

async function add(typed: TypedClient, context: ClientCommandContext): Promise<0> {
  const { id, metadata } = typed;
  const { clients, audit } = context;
  const registered = await clients
    .add({ client_name: id, ...metadata, client_id: id })
    .catch((error: unknown) => {
      throw inOptions(error, typed);
    });
  audit.record({ event: 'client_added', ...auditedClient(registered) });
  // A secret that was given is not repeated: the output may be kept where the secret must not be.
  const isGiven = metadata.client_secret !== undefined;
  const secret = isGiven ? undefined : registered.client_secret;
  answer(context, { client_id: id, client_secret: secret }, [
    `Client ${id} is registered.`,
    ...(isGiven ? ['Its secret is the one in the file.'] : []),
    ...(secret === undefined ? [] : [secretLine(secret)]),
  ]);
  return 0;
}

async function update(typed: TypedClient, context: ClientCommandContext): Promise<0 | 1> {
  const { id, metadata } = typed;
  const { clients, audit } = context;
  const updated = await clients.update(id, metadata).catch((error: unknown) => {
    throw inOptions(error, typed);
  });
  if (!updated) return isMissing(id, context);
  const changed = Object.keys(metadata);
  audit.record({ event: 'client_changed', ...auditedClient(updated), changed });
  answer(context, { client_id: id, changed }, [`Client ${id} is changed.`]);
  return 0;
}

async function list(context: ClientCommandContext): Promise<0> {
  const clients = await context.clients.list();
  const documents = clients.map(({ metadata: { client_id, client_name }, isOfFile }) => ({
    client_id,
    client_name,
    of_file: isOfFile,
  }));
  const lines = documents.map(({ client_id, client_name, of_file }) =>
    [client_id, client_name ?? '', ...(of_file ? ['file'] : [])].join('\t'),
  );
  answer(context, { clients: documents }, lines);
  return 0;
}

/** @param keptSeconds for how long the old secret stays valid; undefined: not at all */
async function changeSecret(
  id: string,
  keptSeconds: number | undefined,
  context: ClientCommandContext,
): Promise<boolean> {
  const { clients, audit, now } = context;
  const until = keptSeconds === undefined ? undefined : Math.floor(now() / 1000) + keptSeconds;
  const secret = await clients.changeSecret(id, until);
  if (secret === undefined) return false;
  const oldSecretUntil = until === undefined ? undefined : new Date(until * 1000).toISOString();
  audit.record({ event: 'client_secret_changed', client: id, ...(oldSecretUntil && { oldSecretUntil }) });
  const line =
    oldSecretUntil === undefined
      ? `Client ${id} has a new secret; no older one is valid any more.`
      : `Client ${id} has a new secret; the old one is valid until ${oldSecretUntil}. To end it before, change the secret again without --keep-old.`;
  const document = { client_id: id, client_secret: secret, old_secret_until: oldSecretUntil };
  answer(context, document, [line, secretLine(secret)]);
  return true;
}

async function show(id: string, { clients, print }: ClientCommandContext): Promise<boolean> {
  const found = (await clients.list()).find(({ metadata }) => metadata.client_id === id);
  if (found) print(jsonText(found.metadata));
  return found !== undefined;
}

async function remove(id: string, context: ClientCommandContext): Promise<boolean> {
  const { clients, audit } = context;
  if (!(await clients.remove(id))) return false;
  audit.record({ event: 'client_removed', client: id });
  answer(context, { client_id: id, removed: true }, [`Client ${id} is removed.`]);
  return true;
}

function secretLine(secret: string): string {
  return `Its secret, shown this once: ${secret}`;
}
