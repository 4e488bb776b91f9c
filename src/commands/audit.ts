import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { AuditRow, ChainHead } from '../audit/audit-store.ts';
import { headOf, headText } from '../audit/chain.ts';
import { type ChainFault, type Verification, verifyChain } from '../audit/verify.ts';
import { isSemanticsIdentifier } from '../identity/semantics-identifier.ts';
import { pseudonymsOf } from '../secrets/secrets.ts';
import type { AuditCommandContext } from './history/context.ts';
import { personCommand } from './history/person.ts';
import { showCommand } from './history/show.ts';
import { jsonText, timeText } from './json-output.ts';
import { requireNoMore, unknownCommand, UsageError } from './usage.ts';

/**
 * `sild audit show REFERENCE | person PERSON | rebuild-figures | verify [--since HEAD] | export [--from TIME] [--to TIME] [--person IDENTIFIER]`.
 *
 * @returns the action, which returns the exit status: 0, or 1 when the audit is broken or cannot be compared
 * @throws {UsageError} and the TypeError of `parseArgs`
 */
export function auditCommand([action, ...args]: readonly string[]): (
  context: AuditCommandContext,
) => Promise<0 | 1> {
  switch (action) {
    case 'verify': {
      const since = sinceOf(args);
      return (context) => verify(since, context);
    }
    case 'show':
      return showCommand(args);
    case 'person':
      return personCommand(args);
    case 'rebuild-figures':
      requireNoMore(args);
      return rebuildFigures;
    case 'export': {
      const selection = selectionOf(args);
      return (context) => exportRows(selection, context);
    }
    default:
      throw unknownCommand('audit', action);
  }
}

function sinceOf(args: readonly string[]): ChainHead | undefined {
  const { values } = parseArgs({ args: [...args], options: { since: { type: 'string' } } });
  if (values.since === undefined) return undefined;
  const since = headOf(values.since);
  if (since) return since;
  throw new UsageError('--since takes a head as sild audit verify prints it: a position, a dot and a hash.');
}

async function verify(
  since: ChainHead | undefined,
  { store, json = false, print, complain }: AuditCommandContext,
): Promise<0 | 1> {
  const found = await store.view((view) => verifyChain(view, since));
  if (json) await print(jsonText(documentOf(found)));
  if (found.kind === 'broken') {
    complain(`The audit is broken at position ${found.position}: ${FAULTS[found.fault]}.`);
    return 1;
  }
  if (!json) await print(summaryOf(found));
  if (!json && found.head.position > 0) {
    await print(`Head, to be noted down elsewhere: ${headText(found.head)}`);
  }
  if (found.sinceIsKept) return 0;
  complain('The head of --since has been removed with the oldest events, so nothing can be said of it.');
  return 1;
}

const FAULTS: Readonly<Record<ChainFault, string>> = {
  row_altered: 'the event is not as it was written',
  row_missing: 'the event is missing',
  checkpoint_altered: 'what is gone before it was not removed by Sild',
  key_missing: 'the keys that it was written with are missing, or do not open with this SECRET_KEY',
  head_differs: 'another event was here when the head of --since was noted down',
};

function documentOf(found: Verification) {
  if (found.kind === 'broken') return { whole: false, position: found.position, fault: found.fault };
  const { events, span, head, sinceIsKept } = found;
  return {
    whole: true,
    events,
    ...(span && { from: timeText(span.from), to: timeText(span.to) }),
    ...(head.position > 0 && { head: headText(head) }),
    since_is_kept: sinceIsKept,
  };
}

function summaryOf({ events, span }: Extract<Verification, { kind: 'whole' }>): string {
  if (!span) return 'The audit is whole: it has no events.';
  return `The audit is whole: ${events} events, from ${timeText(span.from)} to ${timeText(span.to)}.`;
}

/** An RFC 3339 time, or a date, which means midnight UTC. */
const time = z.union([z.iso.date(), z.iso.datetime({ offset: true })]).transform((text) => Date.parse(text));

/** The rows to export; times in milliseconds since the epoch. */
interface Selection {
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly person: string | undefined;
}

function selectionOf(args: readonly string[]): Selection {
  const { values } = parseArgs({
    args: [...args],
    options: { from: { type: 'string' }, to: { type: 'string' }, person: { type: 'string' } },
  });
  const { person } = values;
  const [from, to] = [time.optional().safeParse(values.from), time.optional().safeParse(values.to)];
  if (!from.success || !to.success) {
    throw new UsageError('--from and --to take a day or a time: 2031-04-05 or 2031-04-05T12:00:00Z.');
  }
  if (person !== undefined && !isSemanticsIdentifier(person)) {
    throw new UsageError('--person takes a semantics identifier: PNOEE-47101010033.');
  }
  return { from: from.data, to: to.data, person };
}

async function exportRows(
  { from, to, person }: Selection,
  { store, audit, print }: AuditCommandContext,
): Promise<0> {
  audit.record({ event: 'audit_exported', person });
  await store.view(async ({ keys, rows }) => {
    const persons = person && pseudonymsOf(keys, person);
    for await (const row of rows({ from, to, ...(persons ? { persons } : {}) })) {
      await print(lineOf(row));
    }
  });
  return 0;
}

async function rebuildFigures({ figures, json = false, print }: AuditCommandContext): Promise<0> {
  const events = await figures.rebuild();
  await print(json ? jsonText({ events }) : `The figures by hour have all ${events} events of the audit.`);
  return 0;
}

function lineOf({ position, at, event, data, instance, number, keyId, hash }: AuditRow): string {
  return JSON.stringify({ position, time: timeText(at), event, data, instance, number, keyId, hash });
}
