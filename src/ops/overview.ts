/** What the first page shows: figures of the audit, heartbeats, what expires. */
import type { AuditRow } from '../audit/audit-store.ts';
import { headText } from '../audit/chain.ts';
import type { AuditExtent, EventCount, SlotCount } from '../audit/figures.ts';
import { explanationOf } from '../story/story.ts';
import { instancesOf, waitingNow } from './instances.ts';
import { timesOf } from './leg-times.ts';
import type { Expiry, OpsOptions } from './options.ts';
import { barLengths, columnPlot } from './plots.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** How many of the newest events are searched for failures, and how many failures are shown. */
const AMONG_EVENTS = 5_000;
const SHOWN_FAILURES = 12;
const MAX_ROWS = 50;

const OUTCOMES = ['finished', 'failed', 'cancelled'] as const;
type Outcome = (typeof OUTCOMES)[number];

const OUTCOME_OF: Readonly<Record<string, Outcome | 'begun'>> = {
  login_begun: 'begun',
  login_finished: 'finished',
  login_failed: 'failed',
  login_cancelled: 'cancelled',
};

/** @param hours 24, in columns of an hour, or 168, in columns of a day (UTC) */
export async function overviewOf(options: OpsOptions, hours: 24 | 168) {
  const { figures, now } = options;
  const at = now();
  const step = hours === 24 ? HOUR : DAY;
  const from = Math.floor(at / step) * step - (hours / (step / HOUR) - 1) * step;
  const [counts, slots, times, extent, failures, instances, clients, expiries] = await Promise.all([
    figures.counts(from, at + 1),
    figures.slots(from, at + 1, step === HOUR ? 'hour' : 'day'),
    figures.times(from, at + 1),
    figures.extent(),
    figures.newest(['login_failed', 'revocation_unchecked'], AMONG_EVENTS, SHOWN_FAILURES),
    options.instances.list(),
    options.clients(),
    options.expiries(),
  ]);
  const keptFrom = keptFromOf(extent);
  const shownInstances = instancesOf(instances);
  return {
    at,
    hours,
    from,
    logins: loginsOf(slots, from, at, step, keptFrom),
    isKept: keptFrom !== undefined,
    isComplete: keptFrom !== undefined && keptFrom <= from,
    byFlow: groupsOf(counts, ({ flow }) => flow),
    byClient: groupsOf(counts, ({ client }) => client),
    causes: sumsOf(counts, 'login_failed'),
    limits: sumsOf(counts, 'login_limited'),
    refusals: refusalsOf(counts),
    times: timesOf(times),
    failures: failures.map(failureOf),
    amongEvents: AMONG_EVENTS,
    instances: shownInstances,
    waitingNow: waitingNow(shownInstances) ?? null,
    clients: clients.slice(0, MAX_ROWS),
    clientCount: clients.length,
    expiries: expiries.map((expiry) => expiryOf(expiry, at)),
    pins: options.pins,
    chain: chainOf(extent, at),
    gaps: gapsOf(counts, extent, shownInstances, { from, keptFrom, auditDays: options.auditDays }),
  };
}

/** The time from which on the figures are complete: never before the first event that is kept. Undefined: there are no events. */
function keptFromOf({ oldestAt, completeSince }: AuditExtent): number | undefined {
  return oldestAt === undefined ? undefined : Math.max(oldestAt, completeSince ?? oldestAt);
}

function loginsOf(
  counts: readonly SlotCount[],
  from: number,
  to: number,
  step: number,
  keptFrom: number | undefined,
) {
  const slots = Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => {
    const begin = from + index * step;
    const inside = counts.filter(({ slot }) => slot === begin);
    const label = new Date(begin).toISOString();
    return {
      label: step === HOUR ? label.slice(11, 16) : label.slice(0, 10),
      kept: keptFrom !== undefined && begin + step > keptFrom,
      isPartial: keptFrom !== undefined && begin < keptFrom,
      counts: outcomesOf(inside),
    };
  });
  return { slots, plot: columnPlot(slots, OUTCOMES), total: outcomesOf(counts), series: OUTCOMES };
}

function outcomesOf(
  counts: readonly Pick<EventCount, 'event' | 'events'>[],
): Record<Outcome | 'begun', number> {
  const sums = { begun: 0, finished: 0, failed: 0, cancelled: 0 };
  for (const { event, events } of counts) {
    const outcome = OUTCOME_OF[event];
    if (outcome !== undefined) sums[outcome] += events;
  }
  return sums;
}

function groupsOf(counts: readonly EventCount[], nameOf: (count: EventCount) => string) {
  const groups = Map.groupBy(
    counts.filter(({ event }) => event in OUTCOME_OF),
    nameOf,
  );
  const rows = [...groups].map(([name, inside]) => ({ name, ...outcomesOf(inside) }));
  return withBars(
    rows.sort((a, b) => b.begun - a.begun),
    ({ begun }) => begun,
  );
}

function sumsOf(counts: readonly EventCount[], event: string) {
  return sums(counts.filter((count) => count.event === event).map(({ code, events }) => [code, events]));
}

/** Refusals that belong to no login: of requests, callbacks, forms and pushes. */
function refusalsOf(counts: readonly EventCount[]) {
  const refused = counts.filter(({ event }) => event.endsWith('_refused'));
  return sums(refused.map(({ event, code, events }) => [code === '' ? event : `${event}: ${code}`, events]));
}

function sums(entries: readonly (readonly [name: string, events: number])[]) {
  const groups = Map.groupBy(entries, ([name]) => name);
  const rows = [...groups].map(([name, all]) => ({
    name,
    events: all.reduce((sum, [, events]) => sum + events, 0),
  }));
  return withBars(
    rows.sort((a, b) => b.events - a.events),
    ({ events }) => events,
  );
}

function withBars<R>(rows: readonly R[], valueOf: (row: R) => number) {
  const shown = rows.slice(0, MAX_ROWS);
  const lengths = barLengths(shown.map(valueOf));
  return shown.map((row, index) => ({ ...row, bar: lengths[index] ?? 0 }));
}

function failureOf({ at, event, data, ...row }: AuditRow) {
  const text = (name: string) => (typeof data[name] === 'string' ? data[name] : '');
  return {
    at,
    reference: text('reference') || text('request'),
    what: text('code') || event,
    client: text('client'),
    detail: text('detail'),
    means: explanationOf({ event, data })?.means ?? '',
    position: row.position,
  };
}

export function expiryOf({ at, warningDays, ...expiry }: Expiry, now: number) {
  const days = at === undefined ? undefined : Math.floor((at - now) / DAY);
  const state = days === undefined ? 'none' : days < 0 ? 'over' : days < warningDays ? 'soon' : 'fine';
  return { ...expiry, at: at ?? null, days: days ?? null, state };
}

function chainOf({ head, oldestAt, hasRemoved }: AuditExtent, now: number) {
  if (!head || oldestAt === undefined) return null;
  return {
    head: headText(head),
    position: head.position,
    writtenAt: head.writtenAt,
    minutes: Math.max(0, Math.round((now - head.writtenAt) / 60_000)),
    oldestAt,
    hasRemoved,
  };
}

/** What the figures of the page do not have, a sentence each. */
function gapsOf(
  counts: readonly EventCount[],
  { completeSince, oldestAt, hasRemoved }: AuditExtent,
  instances: ReturnType<typeof instancesOf>,
  {
    from,
    keptFrom,
    auditDays,
  }: { readonly from: number; readonly keptFrom: number | undefined; readonly auditDays: number },
): readonly string[] {
  const sumOf = (name: string) =>
    counts.filter(({ event }) => event === name).reduce((sum, { events }) => sum + events, 0);
  const [lost, omitted] = [sumOf('audit_events_lost'), sumOf('refusals_omitted')];
  const gone = instances.filter(({ state }) => state === 'gone').length;
  const waiting = instances.reduce((sum, { gauges }) => sum + (gauges?.queuedEvents ?? 0), 0);
  const minute = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return [
    ...(keptFrom === undefined ? ['The audit has no events: nothing is known.'] : []),
    ...(completeSince !== undefined && completeSince > from
      ? [
          `Events from before ${minute(completeSince)} are not counted: sild audit rebuild-figures counts them.`,
        ]
      : []),
    ...(oldestAt !== undefined && oldestAt > from
      ? [
          hasRemoved
            ? `Before ${minute(oldestAt)} nothing is kept: AUDIT_DAYS is ${auditDays}.`
            : `The audit begins at ${minute(oldestAt)}.`,
        ]
      : []),
    ...(lost > 0 ? [`${lost} events were lost: they are in the log alone.`] : []),
    ...(omitted > 0 ? [`${omitted} refusals beyond the limit are in the log alone.`] : []),
    ...(gone > 0 ? [`${gone} instances have gone without a stop, perhaps with their last events.`] : []),
    ...(waiting > 0 ? [`${waiting} events wait in instances to be written.`] : []),
  ];
}
