/** The figures of `sild report`, counted from the audit of all instances. */
import { readFile } from 'node:fs/promises';
import type { AuditRow, AuditStore } from '../../audit/audit-store.ts';
import { loadSmartIdConfig, loadTlsCertFile } from '../../config/config.ts';
import { chainExpiry } from '../../pki/chain-expiry.ts';
import { KNOWN_AUTHORITIES } from '../../smart-id/known-authorities.ts';
import { inspectTrust } from '../../trust/inspection.ts';
import { trustSettings } from '../../trust/settings.ts';
import { createLoginCollector, type LoginLegs, type LoginOfAudit } from '../../audit/logins.ts';

export interface ReportSources {
  readonly store: Pick<AuditStore, 'view'>;
  /** Of whoever calls the command: where the certificates are that expire. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The events of one hour or day. */
export interface Slot {
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly begun: number;
  readonly failed: number;
  /** Whether the audit covers it wholly or in part. */
  readonly kept: boolean;
}

export interface Report {
  readonly from: number;
  readonly to: number;
  readonly client: string | undefined;
  readonly begun: number;
  readonly finished: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly open: number;
  /** By code, the most frequent first. */
  readonly failures: readonly (readonly [code: string, count: number])[];
  /** Refusals of requests before a login began, by event. */
  readonly refusals: readonly (readonly [event: string, count: number])[];
  /** Of finished logins, in seconds; undefined if there are none. */
  readonly medianSeconds: number | undefined;
  readonly medianLegs: Readonly<Record<keyof LoginLegs, number | undefined>>;
  readonly slowestLeg: keyof LoginLegs | undefined;
  readonly slots: readonly Slot[];
  readonly gaps: Gaps;
  readonly expires: readonly Expiry[];
}

/** What the figures do not have. */
export interface Gaps {
  /** The first event of the audit, if it is later than the beginning of the report; milliseconds since the epoch. */
  readonly keptFrom: number | undefined;
  /** Whether the audit has no event at all. */
  readonly empty: boolean;
  /** Events that are only in the log, by their own count and by missing numbers. */
  readonly lost: number;
  /** Refusals beyond the limit per minute, which are only in the log. */
  readonly omittedRefusals: number;
  /** Instances that started in this time without a recorded stop. */
  readonly unstopped: number;
}

export interface Expiry {
  readonly what: string;
  /** Milliseconds since the epoch; undefined: it cannot be read. */
  readonly at: number | undefined;
}

/**
 * @param count of slots, the last of which has this moment
 * @param step the length of a slot in milliseconds: an hour or a day
 */
export async function reportOf(
  { store, now, environment }: ReportSources,
  count: number,
  step: number,
  client: string | undefined,
): Promise<Report> {
  const to = now();
  const first = Math.floor(to / step) * step - (count - 1) * step;
  const collector = createLoginCollector();
  const refusals = new Map<string, number>();
  const gaps = createGapCounter();
  const oldest = await store.view(async ({ rows }) => {
    let beginning: number | undefined;
    for await (const { at } of rows()) {
      beginning = at;
      break;
    }
    for await (const row of rows({ from: first })) {
      gaps.add(row);
      if (client !== undefined && row.data.client !== client) continue;
      collector.add(row);
      if (REFUSALS.includes(row.event)) refusals.set(row.event, (refusals.get(row.event) ?? 0) + 1);
    }
    return beginning;
  });
  // A login that began before is counted in its own report.
  const logins = collector.logins().filter(({ begun, limited }) => begun || limited);
  const of = (outcome: LoginOfAudit['outcome']) => logins.filter((login) => login.outcome === outcome);
  const finished = of('finished');
  const legs = medianLegs(finished);
  return {
    from: first,
    to,
    client,
    begun: logins.length,
    finished: finished.length,
    failed: of('failed').length,
    cancelled: of('cancelled').length,
    open: of('open').length,
    failures: byCount(of('failed').map(({ code }) => code ?? 'unknown')),
    refusals: [...refusals].sort(([, a], [, b]) => b - a),
    medianSeconds: seconds(median(finished.flatMap(({ milliseconds }) => milliseconds ?? []))),
    medianLegs: legs,
    slowestLeg: slowest(legs),
    slots: Array.from({ length: count }, (_, index) => slotOf(logins, first + index * step, step, oldest)),
    gaps: gaps.found(oldest, first),
    expires: await expiriesOf(environment, to),
  };
}

/** Requests that were refused without an attempt. */
const REFUSALS: readonly string[] = [
  'oidc_refused',
  'push_refused',
  'callback_refused',
  'cross_site_refused',
  'browser_refused',
];

function slotOf(
  logins: readonly LoginOfAudit[],
  from: number,
  step: number,
  oldest: number | undefined,
): Slot {
  const inside = logins.filter(({ at }) => at >= from && at < from + step);
  return {
    from,
    begun: inside.length,
    failed: inside.filter(({ outcome }) => outcome === 'failed').length,
    kept: oldest !== undefined && oldest < from + step,
  };
}

function createGapCounter() {
  const last = new Map<string, number>();
  const started = new Set<string>();
  let [told, missing, omitted] = [0, 0, 0];
  return {
    add({ event, data, instance, number }: AuditRow): void {
      const before = last.get(instance);
      if (before !== undefined && number > before + 1) missing += number - before - 1;
      last.set(instance, number);
      if (event === 'audit_events_lost' && typeof data.count === 'number') told += data.count;
      if (event === 'refusals_omitted' && typeof data.count === 'number') omitted += data.count;
      if (event === 'instance_started') started.add(instance);
      if (event === 'instance_stopped') started.delete(instance);
    },
    // Both count the same loss: an event that an instance reports as lost had a number, which is missing.
    found: (oldest: number | undefined, first: number): Gaps => ({
      keptFrom: oldest !== undefined && oldest > first ? oldest : undefined,
      empty: oldest === undefined,
      lost: Math.max(told, missing),
      omittedRefusals: omitted,
      unstopped: started.size,
    }),
  };
}

function medianLegs(finished: readonly LoginOfAudit[]): Report['medianLegs'] {
  const of = (leg: keyof LoginLegs) => seconds(median(finished.flatMap(({ legs }) => legs[leg] ?? [])));
  return { smartId: of('smartId'), person: of('person'), completion: of('completion') };
}

function slowest(legs: Report['medianLegs']): keyof LoginLegs | undefined {
  const known = (Object.keys(legs) as (keyof LoginLegs)[]).filter((leg) => legs[leg] !== undefined);
  return known.sort((a, b) => (legs[b] ?? 0) - (legs[a] ?? 0))[0];
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  const lower = sorted[sorted.length % 2 === 0 ? middle - 1 : middle];
  return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2;
}

function seconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : Math.round(milliseconds / 100) / 10;
}

function byCount(codes: readonly string[]): readonly (readonly [string, number])[] {
  const groups = Map.groupBy(codes, (code) => code);
  return [...groups].map(([code, all]) => [code, all.length] as const).sort(([, a], [, b]) => b - a);
}

/** The CAs of TRUST_DIR and the chain of TLS_CERT_FILE, the next to expire first. */
async function expiriesOf(
  environment: ReportSources['environment'],
  now: number,
): Promise<readonly Expiry[]> {
  const settings = trustSettings(loadSmartIdConfig(environment), KNOWN_AUTHORITIES);
  const authorities = settings ? (await inspectTrust(settings, new Date(now))).authorities : [];
  const file = loadTlsCertFile(environment);
  const all: Expiry[] = [
    ...authorities.map(({ name, certificate }) => ({
      what: `CA ${name}`,
      at: certificate.notAfter.getTime(),
    })),
    ...(file ? [{ what: 'TLS_CERT_FILE', at: await endOfChain(file) }] : []),
  ];
  return all.sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
}

async function endOfChain(file: string): Promise<number | undefined> {
  try {
    const end = chainExpiry(await readFile(file, 'utf8')).getTime();
    return Number.isNaN(end) ? undefined : end;
  } catch {
    return undefined;
  }
}
