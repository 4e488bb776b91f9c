import { parseArgs } from 'node:util';
import { addFile } from './addition.ts';
import type { Fetch } from './download.ts';
import { daysUntil, expiryOf } from './expiry.ts';
import { fetchTrust } from './fetching.ts';
import { type FiledAuthority, inspectTrust } from './inspection.ts';
import type { TrustSettings } from './settings.ts';

/** What the commands are given. */
export interface TrustCommandContext {
  readonly fetch: Fetch;
  readonly now: Date;
  readonly print: (line: string) => void;
}

/**
 * `sild trust list | add FILE | fetch [--roots] [--from URL …] | check`. None needs a database.
 *
 * @returns the exit status: 0, 1 where it did not come about or Sild would not start; `undefined` for what is no command
 * @throws KeepingError, and the TypeError of `parseArgs`
 */
export async function trustCommand(
  [action, ...args]: readonly string[],
  settings: TrustSettings,
  context: TrustCommandContext,
): Promise<0 | 1 | undefined> {
  switch (action) {
    case 'list':
      return list(settings, context);
    case 'check':
      return check(settings, context);
    case 'add': {
      const [file] = args;
      return file === undefined || args.length > 1 ? undefined : addOne(file, settings, context);
    }
    case 'fetch': {
      const { values } = parseArgs({
        args,
        options: { from: { type: 'string', multiple: true }, roots: { type: 'boolean', default: false } },
      });
      return fetchAll(settings, { from: values.from, roots: values.roots }, context);
    }
    default:
      return undefined;
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
  { now, print }: TrustCommandContext,
): Promise<0 | 1> {
  const { kept, present, refused } = await addFile(file, settings, now);
  report({ kept, present }, print);
  for (const reason of refused) print(`Refused ${file}: ${reason}.`);
  return refused.length === 0 ? 0 : 1;
}

async function fetchAll(
  settings: TrustSettings,
  options: Parameters<typeof fetchTrust>[1],
  { fetch, now, print }: TrustCommandContext,
): Promise<0 | 1> {
  if (settings.environment === 'simulator' && options.from === undefined) {
    print('The simulator’s CAs are not published; set SMARTID_ENVIRONMENT to demo or live.');
    return 1;
  }
  const { kept, present, failed, missing } = await fetchTrust(settings, options, { fetch, now });
  report({ kept, present }, print);
  for (const failure of failed) print(`Failed  ${failure}.`);
  for (const name of missing) {
    print(`Missing ${name}: get its certificate from SK’s certificate pages, then sild trust add FILE.`);
  }
  const complete = missing.length === 0 && (options.from === undefined || failed.length === 0);
  if (complete && kept.length + present.length === 0) print('Nothing is missing.');
  return complete ? 0 : 1;
}

function report(
  { kept, present }: Pick<Awaited<ReturnType<typeof addFile>>, 'kept' | 'present'>,
  print: (line: string) => void,
): void {
  for (const { name, path } of kept) print(`Kept    ${name}: ${path}`);
  for (const name of present) print(`Kept before: ${name}.`);
}

function dateOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
