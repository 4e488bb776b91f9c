import { parseArgs } from 'node:util';
import type { Dispatcher } from 'undici';
import { addFile, type Addition } from '../trust/addition.ts';
import { daysUntil, expiryOf } from '../trust/expiry.ts';
import { fetchTrust } from '../trust/fetching.ts';
import { type FiledAuthority, inspectTrust } from '../trust/inspection.ts';
import type { TrustSettings } from '../trust/settings.ts';
import { answer, type AnswerContext } from './json-output.ts';
import { onlyOne, requireNoMore, unknownCommand } from './usage.ts';

/** Dependencies of the commands. */
export interface TrustCommandContext extends AnswerContext {
  /** The connections for `fetch`. */
  readonly dispatcher: Dispatcher;
  readonly now: Date;
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

async function list(settings: TrustSettings, context: TrustCommandContext): Promise<0 | 1> {
  const { authorities, problems } = await inspectTrust(settings, context.now);
  answer(context, { authorities: authorities.map(documentOf), problems }, [
    ...authorities.map((authority) => rowOf(authority).join('\t')),
    ...problems.map((problem) => `problem\t${problem}`),
  ]);
  return problems.length === 0 ? 0 : 1;
}

function documentOf({ name, certificate, kind, trustedBy, path }: FiledAuthority) {
  return {
    name,
    fingerprint: certificate.fingerprint,
    kind,
    valid_from: dateOf(certificate.notBefore),
    valid_until: dateOf(certificate.notAfter),
    trusted_by: trustedBy,
    path,
  };
}

function rowOf({ name, certificate, kind, trustedBy, path }: FiledAuthority): string[] {
  const { fingerprint, notBefore, notAfter } = certificate;
  return [name, fingerprint, kind, `${dateOf(notBefore)} to ${dateOf(notAfter)}`, trustedBy, path];
}

async function check(settings: TrustSettings, context: TrustCommandContext): Promise<0 | 1> {
  const { authorities, problems, missing } = await inspectTrust(settings, context.now);
  const checked = authorities.map((authority) => ({ authority, ...validityOf(authority, context.now) }));
  const starts = problems.length === 0;
  const document = {
    authorities: checked.map(({ authority, level }) => ({ level, ...documentOf(authority) })),
    missing: missing.map(({ name, kind }) => ({ name, kind })),
    problems,
    would_start: starts,
  };
  answer(context, document, [
    ...checked.map(({ authority: { name }, level, text }) => `${level.padEnd(8)} ${name}: ${text}`),
    ...missing.map(({ name, kind }) =>
      kind === 'issuing'
        ? `missing  ${name}: nobody with its certificates can log in; sild trust fetch gets it`
        : `missing  ${name}: a root, not needed; sild trust fetch --roots gets it`,
    ),
    ...problems.map((problem) => `problem  ${problem}`),
    starts ? 'Sild would start.' : 'Sild would not start.',
  ]);
  return starts ? 0 : 1;
}

function validityOf(
  { certificate: { notBefore, notAfter } }: FiledAuthority,
  now: Date,
): { readonly level: 'ok' | 'warning'; readonly text: string } {
  const days = daysUntil(notAfter, now);
  const until = `valid until ${dateOf(notAfter)}`;
  if (now < notBefore) return { level: 'warning', text: `not valid before ${dateOf(notBefore)}` };
  if (days < 0) return { level: 'warning', text: `has expired, ${dateOf(notAfter)}` };
  return expiryOf(notAfter, now) === 'fine'
    ? { level: 'ok', text: until }
    : { level: 'warning', text: `${until}, ${days} days` };
}

async function addOne(
  file: string,
  settings: TrustSettings,
  roots: boolean,
  context: TrustCommandContext,
): Promise<0 | 1> {
  const addition = await addFile(file, settings, { roots }, context.now);
  answer(context, { ...additionDocument(addition), refused: addition.refused }, [
    ...additionLines(addition),
    ...addition.refused.map((reason) => `Refused ${file}: ${reason}.`),
  ]);
  return addition.refused.length === 0 && isSomething(addition) ? 0 : 1;
}

async function fetchAll(
  settings: TrustSettings,
  options: Parameters<typeof fetchTrust>[1],
  context: TrustCommandContext,
): Promise<0 | 1> {
  const { dispatcher, now } = context;
  if (settings.environment === 'simulator' && options.from === undefined) {
    const problem = 'The simulator’s CAs are not published; set SMARTID_ENVIRONMENT to demo or live.';
    answer(context, { problems: [problem] }, [problem]);
    return 1;
  }
  const fetched = await fetchTrust(settings, options, { dispatcher, now });
  const { failed, missing } = fetched;
  const isComplete = options.from === undefined && missing.length === 0 && !isSomething(fetched);
  answer(context, { ...additionDocument(fetched), failed, missing }, [
    ...additionLines(fetched),
    ...failed.map((failure) => `Failed  ${failure}.`),
    ...missing.map(
      (name) => `Missing ${name}: get its certificate from SK’s certificate pages, then sild trust add FILE.`,
    ),
    ...(isComplete ? ['Nothing is missing.'] : []),
  ]);
  if (options.from !== undefined) return failed.length === 0 && isSomething(fetched) ? 0 : 1;
  return missing.length === 0 ? 0 : 1;
}

type Added = Pick<Addition, 'kept' | 'present' | 'roots'>;

function additionDocument({ kept, present, roots }: Added) {
  return { kept, kept_before: present, left_out: roots };
}

function additionLines({ kept, present, roots }: Added): readonly string[] {
  return [
    ...kept.map(({ name, path }) => `Kept    ${name}: ${path}`),
    ...present.map((name) => `Kept before: ${name}.`),
    ...roots.map((name) => `Left out ${name}: a root, not needed; --roots keeps it.`),
  ];
}

function isSomething({ kept, present }: Pick<Addition, 'kept' | 'present'>): boolean {
  return kept.length + present.length > 0;
}

function dateOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
