/** What a soak samples of a process and of its database. Linux only: it is read from /proc. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type pg from 'pg';
import type { Tolerance } from './flatness.ts';

/** Rows that should have been removed two minutes ago: a clean-up comes every minute. */
const OVERDUE = `
  select (select count(*) from oidc_record where expires_at < now() - interval '2 minutes')
    + (select count(*) from login_result where expires_at < now() - interval '2 minutes')
    + (select count(*) from known_browser where expires_at < now() - interval '2 minutes')
    + (select count(*) from rate_limit where spent_until < now() - interval '2 minutes')
    + (select count(*) from login_attempt where created_at < now() - interval '62 minutes')
    + (select count(*) from login_attempt
       where live and state in ('authenticated', 'finished') and created_at < now() - interval '17 minutes')
    as overdue`;

/** The figures, and how much each may rise. */
export const TOLERANCES = {
  rss_mb: { share: 0.05, least: 10 },
  descriptors: { share: 0.1, least: 10 },
  database_connections: { share: 0, least: 4 },
  smart_id_connections: { share: 0.1, least: 8 },
  overdue_rows: { share: 0, least: 20 },
} as const satisfies Readonly<Record<string, Tolerance>>;

export type Figure = keyof typeof TOLERANCES;
export type Sample = Readonly<Record<Figure, number>>;

/** How long a collection of garbage takes at most, in milliseconds. */
const COLLECTION_MS = 500;

export async function sample(
  pid: number,
  smartIdPort: number,
  observer: Pick<pg.Client, 'query'>,
): Promise<Sample> {
  process.kill(pid, 'SIGUSR2');
  await setTimeout(COLLECTION_MS);
  const { rows: connections } = await observer.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity where application_name = 'sild'`,
  );
  const { rows: overdue } = await observer.query<{ overdue: string }>(OVERDUE);
  return {
    rss_mb: Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    database_connections: connections[0]?.count ?? NaN,
    smart_id_connections: connectionsTo(smartIdPort, pid),
    overdue_rows: Number(overdue[0]?.overdue),
  };
}

/** Rows by table, without those that have none. */
export async function rowsByTable(observer: Pick<pg.Client, 'query'>): Promise<ReadonlyMap<string, number>> {
  const { rows: tables } = await observer.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
  );
  const counted = new Map<string, number>();
  for (const { name } of tables) {
    const { rows } = await observer.query<{ count: number }>(`select count(*)::int as count from ${name}`);
    if (rows[0]?.count) counted.set(name, rows[0].count);
  }
  return counted;
}

/** Open TCP connections of a process to a port. */
function connectionsTo(port: number, pid: number): number {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`))?.[1] ?? [];
      } catch {
        // It was closed meanwhile.
        return [];
      }
    }),
  );
  const remote = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[2]?.endsWith(remote) && fields[3] === '01' && sockets.has(fields[9] ?? '')),
  ).length;
}
