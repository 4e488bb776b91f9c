import { parseArgs } from 'node:util';
import type { Dispatcher } from 'undici';
import { addFile, type Addition } from '../trust/addition.ts';
import { daysUntil, expiryOf } from '../trust/expiry.ts';
import { fetchTrust } from '../trust/fetching.ts';
import { type FiledAuthority, inspectTrust } from '../trust/inspection.ts';
import type { TrustSettings } from '../trust/settings.ts';
import { onlyOne, requireNoMore, unknownCommand } from './usage.ts';

/** Dependencies of the commands. */
export interface TrustCommandContext {
  /** The connections for `fetch`. */
  readonly dispatcher: Dispatcher;
  readonly now: Date;
  readonly print: (line: string) => void;
}

/**
 * `sild trust list | add FILE [--roots] | fetch [--roots] [--from URL …] | check`. They do not need a database.
 *
 * @returns the action, which returns the exit status: 0, or 1 when it failed or Sild would not start; it throws
 * CertificateFileError
 * @throws {UsageError} and the TypeError of `parseArgs`
 */
export function trustCommand([action, ...args]: readonly string[]): (
  settings: TrustSettings,
  context: TrustCommandContext,
) => Promise<0 | 1> {
  switch (action) {
    case 'list':
      requireNoMore(args);
      return list;
    case 'check':
      requireNoMore(args);
      return check;
    case 'add': {
      const { values, positionals } = parseArgs({
        args,
        allowPositionals: true,
        options: { roots: { type: 'boolean', default: false } },
      });
      const file = onlyOne(positionals, 'The FILE');
      return (settings, context) => addOne(file, settings, values.roots, context);
    }
    case 'fetch': {
      const { values } = parseArgs({
        args,
        options: { from: { type: 'string', multiple: true }, roots: { type: 'boolean', default: false } },
      });
      return (settings, context) => fetchAll(settings, { from: values.from, roots: values.roots }, context);
    }
    default:
      throw unknownCommand('trust', action);
  }
}

async function list(settings: TrustSettings, { now, print }: TrustCommandContext): Promise<0 | 1> {
  const { authorities, problems } = await inspectTrust(settings, now);
  for (const authority of authorities) print(rowOf(authority).join('\t'));
  for (const problem of problems) print(`problem\t${problem}`);
  return problems.length === 0 ? 0 : 1;
}

function rowOf({ name, certificate, kind, trustedBy, path }: FiledAuthority): string[] {
  const { fingerprint, notBefore, notAfter } = certificate;
  return [name, fingerprint, kind, `${dateOf(notBefore)} to ${dateOf(notAfter)}`, trustedBy, path];
}

async function check(settings: TrustSettings, { now, print }: TrustCommandContext): Promise<0 | 1> {
  const { authorities, problems, missing } = await inspectTrust(settings, now);
  for (const { name, certificate } of authorities) {
    const days = daysUntil(certificate.notAfter, now);
    const until = `valid until ${dateOf(certificate.notAfter)}`;
    const soon = expiryOf(certificate.notAfter, now) !== 'fine';
    if (now < certificate.notBefore)
      print(`warning  ${name}: not valid before ${dateOf(certificate.notBefore)}`);
    else if (days < 0) print(`warning  ${name}: has expired, ${dateOf(certificate.notAfter)}`);
    else print(soon ? `warning  ${name}: ${until}, ${days} days` : `ok       ${name}: ${until}`);
  }
  for (const { name, kind } of missing) {
    print(
      kind === 'issuing'
        ? `missing  ${name}: nobody with its certificates can log in; sild trust fetch gets it`
        : `missing  ${name}: a root, not needed; sild trust fetch --roots gets it`,
    );
  }
  for (const problem of problems) print(`problem  ${problem}`);
  print(problems.length === 0 ? 'Sild would start.' : 'Sild would not start.');
  return problems.length === 0 ? 0 : 1;
}

async function addOne(
  file: string,
  settings: TrustSettings,
  roots: boolean,
  { now, print }: TrustCommandContext,
): Promise<0 | 1> {
  const addition = await addFile(file, settings, { roots }, now);
  report(addition, print);
  for (const reason of addition.refused) print(`Refused ${file}: ${reason}.`);
  return addition.refused.length === 0 && isSomething(addition) ? 0 : 1;
}

async function fetchAll(
  settings: TrustSettings,
  options: Parameters<typeof fetchTrust>[1],
  { dispatcher, now, print }: TrustCommandContext,
): Promise<0 | 1> {
  if (settings.environment === 'simulator' && options.from === undefined) {
    print('The simulator’s CAs are not published; set SMARTID_ENVIRONMENT to demo or live.');
    return 1;
  }
  const fetched = await fetchTrust(settings, options, { dispatcher, now });
  const { failed, missing } = fetched;
  report(fetched, print);
  for (const failure of failed) print(`Failed  ${failure}.`);
  for (const name of missing) {
    print(`Missing ${name}: get its certificate from SK’s certificate pages, then sild trust add FILE.`);
  }
  if (options.from !== undefined) return failed.length === 0 && isSomething(fetched) ? 0 : 1;
  if (missing.length === 0 && !isSomething(fetched)) print('Nothing is missing.');
  return missing.length === 0 ? 0 : 1;
}

function report(
  { kept, present, roots }: Pick<Addition, 'kept' | 'present' | 'roots'>,
  print: (line: string) => void,
): void {
  for (const { name, path } of kept) print(`Kept    ${name}: ${path}`);
  for (const name of present) print(`Kept before: ${name}.`);
  for (const name of roots) print(`Left out ${name}: a root, not needed; --roots keeps it.`);
}

function isSomething({ kept, present }: Pick<Addition, 'kept' | 'present'>): boolean {
  return kept.length + present.length > 0;
}

function dateOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
