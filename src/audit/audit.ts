/**
 * What happened, for the log and for an auditor, by one call:
 *
 *   record(event) ─ pseudonyms ─▶ a line of the log, at once
 *                              └▶ the queue ─ several at a time, in the background ─▶ the chain in the database
 *
 * Nobody waits for the second: a login costs an append to a list. What the database cannot take now waits, up to a limit;
 * what goes beyond it is counted, and the count is an event itself. The line of the log is there in any case.
 */
import type { Logger } from '../log/logger.ts';
import type { AuditData, AuditEntry, AuditStore, ChainHead } from './audit-store.ts';
import { headText } from './chain.ts';
import { type AuditEvent, isCheapRefusal, levelOf } from './events.ts';
import { createFloodGuard } from './flood-guard.ts';
import { currentRequestId } from '../log/request-id.ts';
import { networkOf } from './network.ts';
import { createAuditQueue } from './queue.ts';

/** How often the log tells where the chain ends, in milliseconds. Kept elsewhere, it shows when the end was cut off. */
const HEAD_MS = 3_600_000;
/** Longer texts are cut: none of ours is longer. */
const MAX_TEXT = 500;

export interface Audit {
  /** Tells the log, and keeps the event for the auditor. Does not wait, does not throw. */
  record(event: AuditEvent): void;
}

export interface RunningAudit extends Audit {
  /** Writes what is still waiting, trying for at most `limitMs`; answers how many events are in the log alone. */
  close(limitMs: number): Promise<number>;
}

export interface AuditOptions {
  readonly store: Pick<AuditStore, 'append'>;
  readonly log: Logger;
  /** A stable stand-in for a person or an address. */
  readonly pseudonym: (value: string) => string;
  /** Names this process; unlike any other one. */
  readonly instance: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export function createAudit({ store, log, pseudonym, instance, now }: AuditOptions): RunningAudit {
  const guard = createFloodGuard(now);
  const queue = createAuditQueue({
    append: async (entries) => {
      tellHead(await store.append(entries));
    },
    onLost: (count) => {
      record({ event: 'audit_events_lost', count });
    },
    log,
    now,
  });
  let number = 0;
  let head: ChainHead | undefined;
  let toldAt = -Infinity;
  let toldPosition: number | undefined;
  return { record, close };

  function record(event: AuditEvent): void {
    const { event: name, ...members } = event;
    const data = dataOf({ ...members, request: currentRequestId() }, pseudonym);
    log[levelOf(name)]({ event: name, ...data }, name.replaceAll('_', ' '));
    for (const omitted of guard.takeOmitted()) record({ event: 'refusals_omitted', ...omitted });
    if (isCheapRefusal(name) && !guard.admits(name)) return;
    number += 1;
    queue.add({ at: now(), instance, number, event: name, data } satisfies AuditEntry);
  }

  async function close(limitMs: number): Promise<number> {
    for (const omitted of guard.takeOmitted(Infinity)) record({ event: 'refusals_omitted', ...omitted });
    const unwritten = await queue.drain(limitMs);
    if (unwritten > 0) log.error({ event: 'audit_events_lost', count: unwritten }, 'audit events lost');
    if (head && head.position !== toldPosition) tell(head);
    return unwritten;
  }

  function tellHead(newest: ChainHead): void {
    head = newest;
    if (now() - toldAt >= HEAD_MS) tell(newest);
  }

  function tell(newest: ChainHead): void {
    toldAt = now();
    toldPosition = newest.position;
    log.info({ event: 'audit_head', head: headText(newest) }, 'where the audit ends');
  }
}

type Member = AuditData[string];

/** The members of an event as they are written: persons and addresses by pseudonym, texts that every database takes. */
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

/** JSON in PostgreSQL has neither NUL nor half a surrogate pair. */
function textOf(value: string): string {
  return value.slice(0, MAX_TEXT).toWellFormed().replaceAll('\0', '');
}
