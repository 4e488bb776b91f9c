/**
 * Reads the clients of a file or a directory, and reports every problem with its file and line.
 *
 *   clients:
 *     - client_id: portal
 *       client_secret: ${PORTAL_SECRET}
 *       redirect_uris: [https://portal.example.ee/callback]
 *
 * JSON is read in the same form, since it is YAML too.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import type { z } from 'zod';
import type { Environment } from '../../config/environment.ts';
import { inWords, problemsOf } from '../../schema-problems.ts';
import { systemReason } from '../../system-reason.ts';
import { CLIENT_METADATA, clientSchema } from '../clients/client-schema.ts';
import { ClientsFileError } from './clients-file-error.ts';
import { FILE_MEMBERS, type Report, resolveFiles, resolveSecret, withVariables } from './references.ts';

/** As a client is stored. */
export type FileClientMetadata = z.infer<typeof clientSchema> & { readonly client_id: string };

export interface FileClient {
  readonly metadata: FileClientMetadata;
  /** File and line at which it begins. */
  readonly place: string;
}

/** @throws {ClientsFileError} with all problems of all files */
export function readClients(path: string, environment: Environment): readonly FileClient[] {
  const problems: string[] = [];
  const clients = filesOf(path).flatMap((file) => clientsOf(file, environment, problems));
  const places = new Map<string, string>();
  for (const { metadata, place } of clients) {
    const first = places.get(metadata.client_id);
    if (first !== undefined)
      problems.push(`${place}: client ${metadata.client_id} is described at ${first} already`);
    places.set(metadata.client_id, first ?? place);
  }
  if (problems.length > 0) throw new ClientsFileError(problems);
  return clients;
}

function filesOf(path: string): readonly string[] {
  const files = readable(path, () => {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path).filter((name) => /\.(?:ya?ml|json)$/.test(name) && !name.startsWith('.'));
    return names.sort().map((name) => join(path, name));
  });
  return requireSome(files, path);
}

/** A directory without a file is one whose contents are missing, as those of a volume that is not mounted. */
function requireSome(files: readonly string[], path: string): readonly string[] {
  if (files.length > 0) return files;
  throw new ClientsFileError([
    `${path} has no .yaml, .yml or .json file. To have no clients of the file, have one in it with clients: []`,
  ]);
}

function clientsOf(file: string, environment: Environment, problems: string[]): readonly FileClient[] {
  const lines = new LineCounter();
  const text = readable(file, () => readFileSync(file, 'utf8'));
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeOf = (offset: number) => `${basename(file)}:${lines.linePos(offset).line}`;
  const found: { readonly offset: number; readonly problem: string }[] = [];
  const report = (offset: number, problem: string) => found.push({ offset, problem });
  for (const { pos, message } of document.errors) report(pos[0], message);
  const list = found.length > 0 ? [] : listOf(document, report);
  const clients = list.flatMap((node): FileClient[] => {
    const reportAt: Report = (path, problem) => report(offsetOf(node, path), problem);
    const written = writtenIn(node, document, reportAt);
    const metadata = written && readClient(written, { directory: dirname(file), environment }, reportAt);
    return metadata ? [{ metadata, place: placeOf(node.range?.[0] ?? 0) }] : [];
  });
  found.sort((one, other) => one.offset - other.offset);
  problems.push(...found.map(({ offset, problem }) => `${placeOf(offset)}: ${problem}`));
  return clients;
}

/** The clients of a file: the mappings of its only member, `clients`. */
function listOf(
  { contents }: Document.Parsed,
  report: (offset: number, problem: string) => void,
): readonly YAMLMap[] {
  const SHAPE = 'a file has one member, clients, with a list of clients';
  if (!isMap(contents)) {
    report(0, SHAPE);
    return [];
  }
  for (const { key } of contents.items) {
    if (isScalar(key) && key.value !== 'clients')
      report(key.range[0], `${String(key.value)} is unknown: ${SHAPE}`);
  }
  const list = contents.get('clients', true) as Node | undefined;
  if (!isSeq(list)) {
    report(0, SHAPE);
    return [];
  }
  return list.items.filter((item): item is YAMLMap => {
    if (isMap(item)) return true;
    report(
      (item as Node).range?.[0] ?? 0,
      'a client is a mapping from the names of its metadata to their values',
    );
    return false;
  });
}

/** The members as they are written, aliases replaced by what they refer to. */
function writtenIn(
  node: YAMLMap,
  document: Document.Parsed,
  report: Report,
): Readonly<Record<string, unknown>> | undefined {
  try {
    return node.toJS(document) as Readonly<Record<string, unknown>>;
  } catch (error) {
    // An alias without an anchor, or too many of them.
    if (!(error instanceof ReferenceError)) throw error;
    report([], error.message);
    return undefined;
  }
}

function readClient(
  written: Readonly<Record<string, unknown>>,
  context: { readonly directory: string; readonly environment: Environment },
  report: Report,
): FileClientMetadata | undefined {
  if (written.client_id === undefined) {
    report([], 'client_id is missing');
    return undefined;
  }
  const given = withVariables(written, context.environment, report);
  const secret = resolveSecret(written, given, context.directory, report);
  const { client_secret: _, ...rest } = resolveFiles(given, context.directory, report);
  const parsed = clientSchema.safeParse(rest, inWords);
  if (!parsed.success) {
    for (const { path, text, isUnknown } of problemsOf(parsed.error)) {
      const known =
        path.length === 1 ? `Known are: ${KNOWN} (docs/clients.md)` : 'See docs/client-settings.md';
      report(path, isUnknown ? `${text}. ${known}` : text);
    }
    return undefined;
  }
  const { client_id = '', ...metadata } = parsed.data;
  return { ...metadata, client_id, ...(secret !== undefined && { client_secret: secret }) };
}

const KNOWN = [
  ...new Set(CLIENT_METADATA.map((name) => name.replace(/#.*/, '#LANGUAGE'))),
  ...FILE_MEMBERS,
].join(', ');

/** Of the key of a member, or of the deepest part of the path that the file has. */
function offsetOf(node: YAMLMap, path: readonly PropertyKey[]): number {
  const [name, ...rest] = path;
  const pair = node.items.find(({ key }) => isScalar(key) && key.value === name);
  const inner = rest.length > 0 && pair ? (node.getIn([name, ...rest], true) as Node | undefined) : undefined;
  const key = pair && isScalar(pair.key) ? pair.key : undefined;
  return inner?.range?.[0] ?? key?.range?.[0] ?? node.range?.[0] ?? 0;
}

function readable<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new ClientsFileError([`${path} cannot be read (${systemReason(cause)})`]);
  }
}
