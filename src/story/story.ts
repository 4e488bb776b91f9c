/** The story of a reference: what happened, step by step, in lines for an operator. */
import type { AuditData, AuditRow } from '../audit/audit-store.ts';
import type { AuditEventName } from '../audit/events.ts';
import { oneLine } from '../invisible-characters.ts';
import type { FailureCode } from '../login/failure.ts';
import { EVENTS, type Explanation, FAILURES, REFUSALS } from './explanations.ts';

/** Members that have a line of their own, or tell a reader nothing. */
const NOT_TOLD = [
  'attempt',
  'reference',
  'request',
  'milliseconds',
  'legMilliseconds',
  'person',
  'address',
  'client',
  'flow',
  'key',
];

/** @param rows in order, of one login or of one request */
export function storyOf(rows: readonly AuditRow[]): readonly string[] {
  const start = rows[0]?.at ?? 0;
  const steps = rows.map((row) => `  ${secondsText(row.at - start)}  ${sentenceOf(row)}`);
  const cause = rows.map(explanationOf).findLast((found) => found !== undefined);
  return [
    ...headOf(rows),
    '',
    `  ${new Date(start).toISOString()}`,
    ...steps,
    '',
    ...(cause ? [`What it means:  ${cause.means}`, `What to do:     ${cause.todo}`] : [endOf(rows)]),
  ];
}

function headOf(rows: readonly AuditRow[]): readonly string[] {
  const known = (name: string) => rows.map(({ data }) => data[name]).find((value) => value !== undefined);
  const lines: readonly (readonly [string, AuditData[string] | undefined])[] = [
    ['Reference', known('reference') ?? known('request')],
    ['Attempt', known('attempt')],
    ['Client', known('client')],
    ['Flow', known('flow')],
    ['Person', known('person')],
    ['Browser', known('browser')],
    ['Network', known('address')],
  ];
  return lines.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name.padEnd(10)} ${textOf(value)}`],
  );
}

function sentenceOf({ event, data }: AuditRow): string {
  const details = Object.entries(data)
    .filter(([name]) => !NOT_TOLD.includes(name))
    .map(([name, value]) => `${name} ${textOf(value)}`);
  const sentence = EVENTS[event as AuditEventName] ?? event;
  return details.length === 0 ? `${sentence}.` : `${sentence}: ${details.join(', ')}.`;
}

/** Undefined for a step that needs no explanation. */
export function explanationOf({ event, data }: Pick<AuditRow, 'event' | 'data'>): Explanation | undefined {
  if (event === 'login_failed' && typeof data.code === 'string' && data.code in FAILURES) {
    return FAILURES[data.code as FailureCode];
  }
  return REFUSALS[event as AuditEventName];
}

function endOf(rows: readonly AuditRow[]): string {
  const has = (name: AuditEventName) => rows.some(({ event }) => event === name);
  if (has('tokens_issued')) return 'The login succeeded, and the client has its tokens.';
  if (has('code_issued'))
    return 'The login succeeded, but the client has not redeemed its code: look into the client’s log.';
  if (has('login_finished')) return 'The login succeeded, but the browser has not gone on to the client.';
  if (has('login_cancelled')) return 'The person left, or began again: there is nothing to do.';
  if (has('login_begun'))
    return 'The login has no end: the person may still be at it, has closed the page, or an event was lost.';
  return 'Nothing failed.';
}

function secondsText(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1).padStart(7)} s`;
}

function textOf(value: AuditData[string]): string {
  const text = typeof value === 'object' ? value.join(' ') : String(value);
  return oneLine(text);
}
