/**
 * Client metadata from the command line: options override those of the `--metadata` file.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { LANGUAGES } from '../config/languages.ts';
import { logoMetadataOf } from '../oidc/clients/client-logo.ts';
import { CLIENT_METADATA } from '../oidc/clients/client-schema.ts';
import { ClientError } from '../oidc/clients/client-validation.ts';
import { systemReason } from '../system-reason.ts';
import { onlyOne, UsageError } from './usage.ts';

export interface TypedClient {
  readonly id: string;
  /** By registered metadata names. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The given options, by metadata name. */
  readonly options: Readonly<Record<string, string>>;
}

const TEXTS = {
  name: 'client_name',
  'display-text': 'display_text',
  accent: 'accent_color',
  uri: 'client_uri',
  ...Object.fromEntries(
    LANGUAGES.flatMap((language) => [
      [`name#${language}`, `client_name#${language}`],
      [`display-text#${language}`, `display_text#${language}`],
    ]),
  ),
} as const;

const LISTS = {
  'redirect-uri': 'redirect_uris',
  'post-logout-redirect-uri': 'post_logout_redirect_uris',
} as const;

const OPTIONS = {
  ...optionsOf(TEXTS, { type: 'string' }),
  ...optionsOf(LISTS, { type: 'string', multiple: true }),
  metadata: { type: 'string' },
  logo: { type: 'string' },
  'logo-dark': { type: 'string' },
  public: { type: 'boolean' },
  pkce: { type: 'boolean' },
  'no-pkce': { type: 'boolean' },
} as const;

/** The options of each member that has one; every member can be in the file of `--metadata`. */
export const MEMBER_OPTIONS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ...Object.entries({ ...TEXTS, ...LISTS }).map(([option, name]) => [name, [`--${option}`]] as const),
  ['logo', ['--logo']],
  ['logo_dark', ['--logo-dark']],
  ['token_endpoint_auth_method', ['--public']],
  ['require_pkce', ['--pkce', '--no-pkce']],
]);

const metadataFile = z.record(z.string(), z.unknown());

/** @param directory files are relative to it. @throws {UsageError}, {ClientError} for a file that cannot be read, and the TypeError of `parseArgs` */
export function typedClient(args: readonly string[], directory: string): TypedClient {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  const id = onlyOne(positionals, 'The ID');
  const { metadata: file, logo, 'logo-dark': dark } = values;
  const typed = Object.entries({ ...TEXTS, ...LISTS }).filter(([option]) => option in values);
  const given: Readonly<Record<string, unknown>> = values;
  return {
    id,
    metadata: {
      ...(file === undefined ? {} : readMetadata(file, directory)),
      ...Object.fromEntries(typed.map(([option, name]) => [name, given[option]])),
      ...(logo === undefined ? {} : { logo: logoMetadataOf(read('--logo', logo, directory)) }),
      ...(dark === undefined ? {} : { logo_dark: logoMetadataOf(read('--logo-dark', dark, directory)) }),
      ...(values.public ? { token_endpoint_auth_method: 'none' } : {}),
      ...requirePkce(values),
    },
    options: Object.fromEntries([
      ...typed.map(([option, name]) => [name, `--${option}`]),
      ...(logo === undefined ? [] : [['logo', '--logo']]),
      ...(dark === undefined ? [] : [['logo_dark', '--logo-dark']]),
    ]) as Record<string, string>,
  };
}

function requirePkce({ pkce, 'no-pkce': noPkce }: { readonly pkce?: boolean; readonly 'no-pkce'?: boolean }) {
  if (pkce && noPkce) throw new UsageError('--pkce and --no-pkce contradict each other: give one of them.');
  if (pkce) return { require_pkce: true };
  return noPkce ? { require_pkce: false } : {};
}

/** Replaces metadata names in an error's message by the options that were typed. */
export function inOptions(error: unknown, { options }: TypedClient): unknown {
  if (!(error instanceof ClientError)) return error;
  const message = error.message.replaceAll(
    /(?<![\w#-])[a-z]+(?:_[a-z]+)*(?:#[a-z]+)?(?![\w#])/g,
    (word) => options[word] ?? word,
  );
  return new ClientError(error.code, message, { cause: error });
}

function readMetadata(path: string, directory: string): Readonly<Record<string, unknown>> {
  const text = read('--metadata', path, directory).toString();
  let metadata: Readonly<Record<string, unknown>>;
  try {
    metadata = metadataFile.parse(JSON.parse(text));
  } catch (cause) {
    throw new ClientError('client_invalid', `--metadata: ${path} has no JSON object in it`, { cause });
  }
  const unknown = Object.keys(metadata).filter((name) => !CLIENT_METADATA.includes(name));
  if (unknown.length === 0) return metadata;
  throw new ClientError(
    'client_invalid',
    `--metadata: ${path} has ${unknown.join(', ')}, which Sild does not know. Known are: ${CLIENT_METADATA.join(', ')} (docs/client-settings.md)`,
  );
}

/** @throws {ClientError} when the file cannot be read */
function read(option: string, path: string, directory: string): Buffer {
  try {
    return readFileSync(resolve(directory, path));
  } catch (cause) {
    const reason = systemReason(cause);
    throw new ClientError('client_invalid', `${option}: the file ${path} cannot be read (${reason})`, {
      cause,
    });
  }
}

function optionsOf<const O>(names: Readonly<Record<string, string>>, option: O): Record<string, O> {
  return Object.fromEntries(Object.keys(names).map((name) => [name, option]));
}
