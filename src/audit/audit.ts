/**
 * Records events in the log and in the audit:
 *
 *   record(event) ─ pseudonyms ─▶ a log line, at once
 *                              └▶ the queue ─ in batches, in the background ─▶ the chain in the database
 *
 * `record` never waits for the database: it appends to a list in memory. While the database is unavailable, events wait in
 * the queue. Events beyond its capacity are counted, and the count is recorded as an event. The log line is always written.
 */
import type { Logger } from '../log/logger.ts';
import type { AuditData, AuditEntry, AuditStore, ChainHead } from './audit-store.ts';
import { headText } from './chain.ts';
import { type AuditEvent, isCheapRefusal, levelOf } from './events.ts';
import { createFloodGuard } from './flood-guard.ts';
import { currentRequestId } from '../log/request-id.ts';
import { networkOf } from './network.ts';
import { type AuditBacklog, createAuditQueue } from './queue.ts';
import { referenceOf } from '../reference.ts';

/** How often the head of the chain is logged, in milliseconds. A head stored elsewhere reveals truncation of the chain. */
const HEAD_MS = 3_600_000;
/** Longer texts are truncated; Sild's own are shorter. */
const MAX_TEXT = 500;

export interface Audit {
  /** Logs the event and queues it for the audit. Does not wait, does not throw. */
  record(event: AuditEvent): void;
}

export interface RunningAudit extends Audit {
  /** Writes the queued events, for at most `limitMs`; returns the number of events that are only in the log. */
  close(limitMs: number): Promise<number>;
  backlog(): AuditBacklog;
}

export interface AuditOptions {
  readonly store: Pick<AuditStore, 'append'>;
  readonly log: Logger;
  /** A stable pseudonym of a person or an address. */
  readonly pseudonym: (value: string) => string;
  /** Unique ID of this process. */
  readonly instance: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Called at once with the number of events that are only in the log: the audit will not have them. */
  readonly onLost?: (count: number) => void;
}

export function createAudit({
  store,
  log,
  pseudonym,
  instance,
  now,
  onLost = () => undefined,
}: AuditOptions): RunningAudit {
  const guard = createFloodGuard(now);
  const queue = createAuditQueue({
    append: async (entries) => {
      logHeadIfDue(await store.append(entries));
    },
    onLost: (count) => {
      record({ event: 'audit_events_lost', count });
    },
    log,
    now,
  });
  let number = 0;
  let head: ChainHead | undefined;
  let loggedAt = -Infinity;
  let loggedPosition: number | undefined;
  return { record, close, backlog: () => queue.backlog() };

  function record(event: AuditEvent): void {
    const { event: name, ...members } = event;
    const data = dataOf({ ...members, ...referenceIn(event), request: requestOf(name) }, pseudonym);
    log[levelOf(name)]({ event: name, ...data }, name.replaceAll('_', ' '));
    for (const omitted of guard.takeOmitted()) record({ event: 'refusals_omitted', ...omitted });
    if (isCheapRefusal(name) && !guard.admits(name)) return;
    number += 1;
    if (!queue.add({ at: now(), instance, number, event: name, data } satisfies AuditEntry)) onLost(1);
  }

  async function close(limitMs: number): Promise<number> {
    for (const omitted of guard.takeOmitted(Infinity)) record({ event: 'refusals_omitted', ...omitted });
    const unwritten = await queue.drain(limitMs);
    if (unwritten > 0) {
      // Those that the queue has rejected are counted already.
      onLost(queue.backlog().queued);
      log.error({ event: 'audit_events_lost', count: unwritten }, 'audit events lost');
    }
    if (head && head.position !== loggedPosition) logHead(head);
    return unwritten;
  }

  function logHeadIfDue(newest: ChainHead): void {
    head = newest;
    if (now() - loggedAt >= HEAD_MS) logHead(newest);
  }

  function logHead(newest: ChainHead): void {
    loggedAt = now();
    loggedPosition = newest.position;
    log.info({ event: 'audit_head', head: headText(newest) }, 'where the audit ends');
  }
}

/** The current request. Undefined for an event that sums up many requests: it belongs to none of them. */
function requestOf(name: AuditEvent['event']): string | undefined {
  return name === 'refusals_omitted' || name === 'audit_events_lost' ? undefined : currentRequestId();
}

/** The reference of the login that an event belongs to, which its pages show. */
function referenceIn(event: AuditEvent): { readonly reference?: string } {
  return 'attempt' in event && event.attempt !== undefined ? { reference: referenceOf(event.attempt) } : {};
}

type Member = AuditData[string];

/** The members of an event as they are written: persons and addresses as pseudonyms, texts in a form the database accepts. */
function dataOf(
  members: Readonly<Record<string, Member | undefined>>,
  pseudonym: (value: string) => string,
): AuditData {
  const data: Record<string, Member> = {};
  for (const [name, value] of Object.entries(members)) {
    if (value !== undefined) data[name] = valueOf(name, value, pseudonym);
  }
  return data;
}

function valueOf(name: string, value: Member, pseudonym: (value: string) => string): Member {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'string') return value.map(textOf);
  switch (name) {
    case 'person':
      return pseudonym(value);
    case 'address':
      return pseudonym(networkOf(value));
    default:
      return textOf(value);
  }
}

/** PostgreSQL's jsonb accepts neither NUL nor lone surrogates. */
function textOf(value: string): string {
  return value.slice(0, MAX_TEXT).toWellFormed().replaceAll('\0', '');
}
