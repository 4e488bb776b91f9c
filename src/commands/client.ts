import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Audit } from '../audit/audit.ts';
import { LANGUAGES } from '../config/languages.ts';
import { logoMetadataOf } from '../oidc/client-logo.ts';
import { ClientError, type ClientRegistry } from '../oidc/clients.ts';
import { onlyOne, requireNoMore, unknownCommand, UsageError } from './usage.ts';

/** What the commands are given. */
export interface ClientCommandContext {
  readonly clients: ClientRegistry;
  readonly print: (line: string) => void;
  /** Takes what was changed, for the audit. */
  readonly audit: Pick<Audit, 'record'>;
}

/** Options that may be given once more for each language. */
const BY_LANGUAGE = Object.fromEntries(
  LANGUAGES.flatMap((language) =>
    ['name', 'display-text'].map((name) => [`${name}#${language}`, { type: 'string' as const }]),
  ),
);

/**
 * `sild client add ID … | list | remove ID`.
 *
 * @returns what it does; that answers the exit status, 0, or 1 where there is no such client, and throws {ClientError}
 * @throws {UsageError}, {ClientError} for a file that cannot be read, and the TypeError of `parseArgs`
 */
export function clientCommand([action, ...args]: readonly string[]): (
  context: ClientCommandContext,
) => Promise<0 | 1> {
  switch (action) {
    case 'add': {
      const metadata = newClientOf(args);
      return (context) => add(metadata, context);
    }
    case 'list':
      requireNoMore(args);
      return list;
    case 'remove': {
      const { positionals } = parseArgs({ args, allowPositionals: true });
      const id = onlyOne(positionals, 'The ID');
      return (context) => remove(id, context);
    }
    default:
      throw unknownCommand('client', action);
  }
}

interface NewClient {
  readonly client_id: string;
  readonly redirect_uris: readonly string[];
  readonly require_pkce?: boolean;
}

function newClientOf(args: readonly string[]): NewClient {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      'redirect-uri': { type: 'string', multiple: true },
      'post-logout-redirect-uri': { type: 'string', multiple: true },
      name: { type: 'string' },
      'display-text': { type: 'string' },
      logo: { type: 'string' },
      accent: { type: 'string' },
      ...BY_LANGUAGE,
      uri: { type: 'string' },
      public: { type: 'boolean' },
      'no-pkce': { type: 'boolean' },
    },
  });
  const id = onlyOne(positionals, 'The ID');
  const redirectUris = values['redirect-uri'];
  if (!redirectUris) throw new UsageError('--redirect-uri is missing.');
  return {
    client_id: id,
    redirect_uris: redirectUris,
    ...{ client_name: values.name ?? id },
    ...(values.uri === undefined ? {} : { client_uri: values.uri }),
    ...(values['post-logout-redirect-uri']
      ? { post_logout_redirect_uris: values['post-logout-redirect-uri'] }
      : {}),
    ...looksOf(values),
    ...(values.public ? { token_endpoint_auth_method: 'none' } : {}),
    ...(values['no-pkce'] ? { require_pkce: false } : {}),
  };
}

async function add(client: NewClient, { clients, audit, print }: ClientCommandContext): Promise<0> {
  const { client_id: id, redirect_uris: redirectUris } = client;
  const { client_secret } = await clients.add({ ...client });
  audit.record({
    event: 'client_added',
    client: id,
    redirectUris,
    authentication: client_secret === undefined ? 'none' : 'secret',
    pkce: client.require_pkce ?? true,
  });
  print(`Client ${id} is registered.`);
  if (client_secret !== undefined) print(`Its secret, shown this once: ${client_secret}`);
  return 0;
}

async function list({ clients, print }: ClientCommandContext): Promise<0> {
  for (const { client_id, client_name } of await clients.list()) {
    print(`${client_id}\t${client_name ?? ''}`);
  }
  return 0;
}

async function remove(id: string, { clients, audit, print }: ClientCommandContext): Promise<0 | 1> {
  const removed = await clients.remove(id);
  if (removed) audit.record({ event: 'client_removed', client: id });
  print(removed ? `Client ${id} is removed.` : `There is no client ${id}.`);
  return removed ? 0 : 1;
}

/** The metadata of a client's looks, by the options that were given. */
function looksOf(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { logo, accent } = values;
  const texts = Object.entries(values)
    .filter(([option]) => /^(name|display-text)(#|$)/.test(option))
    .map(([option, text]) => [
      option.replace(/^name/, 'client_name').replace('display-text', 'display_text'),
      text,
    ]);
  return {
    ...(Object.fromEntries(texts) as Record<string, unknown>),
    ...(typeof logo === 'string' ? { logo: logoMetadataOf(readPicture(logo)) } : {}),
    ...(typeof accent === 'string' ? { accent_color: accent } : {}),
  };
}

/** @throws {ClientError} when the file cannot be read */
function readPicture(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new ClientError('client_invalid', `--logo: the file ${path} cannot be read`, { cause });
  }
}
