import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Audit } from '../audit/audit.ts';
import { LANGUAGES } from '../config/languages.ts';
import { logoMetadataOf } from '../oidc/client-logo.ts';
import { ClientError, type ClientRegistry } from '../oidc/clients.ts';

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
 * @returns the exit status: 0, 1 where there is no such client; `undefined` for what is no command
 * @throws {ClientError} and the TypeError of `parseArgs`
 */
export async function clientCommand(
  [action, ...args]: readonly string[],
  context: ClientCommandContext,
): Promise<0 | 1 | undefined> {
  const { clients, audit, print } = context;
  switch (action) {
    case 'add':
      return add(args, context);
    case 'list':
      if (args.length > 0) return undefined;
      for (const { client_id, client_name } of await clients.list()) {
        print(`${client_id}\t${client_name ?? ''}`);
      }
      return 0;
    case 'remove': {
      const [id] = args;
      if (id === undefined || args.length > 1) return undefined;
      const removed = await clients.remove(id);
      if (removed) audit.record({ event: 'client_removed', client: id });
      print(removed ? `Client ${id} is removed.` : `There is no client ${id}.`);
      return removed ? 0 : 1;
    }
    default:
      return undefined;
  }
}

async function add(
  args: readonly string[],
  { clients, audit, print }: ClientCommandContext,
): Promise<0 | undefined> {
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
  const [id] = positionals;
  const redirectUris = values['redirect-uri'];
  if (id === undefined || positionals.length > 1 || !redirectUris) return undefined;
  const { client_secret } = await clients.add({
    client_id: id,
    client_name: values.name ?? id,
    redirect_uris: redirectUris,
    ...(values.uri === undefined ? {} : { client_uri: values.uri }),
    ...(values['post-logout-redirect-uri']
      ? { post_logout_redirect_uris: values['post-logout-redirect-uri'] }
      : {}),
    ...looksOf(values),
    ...(values.public ? { token_endpoint_auth_method: 'none' } : {}),
    ...(values['no-pkce'] ? { require_pkce: false } : {}),
  });
  audit.record({
    event: 'client_added',
    client: id,
    redirectUris,
    authentication: client_secret === undefined ? 'none' : 'secret',
    pkce: !values['no-pkce'],
  });
  print(`Client ${id} is registered.`);
  if (client_secret !== undefined) print(`Its secret, shown this once: ${client_secret}`);
  return 0;
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
