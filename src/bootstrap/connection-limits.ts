/**
 * How many connections the ports accept, and the report of those that they refuse.
 *
 * When a process has no free file descriptor, the operating system's connections are accepted and closed without notice:
 * Node cannot report it. So the ports stop before that, and descriptors stay free for the database and Smart-ID.
 */
import type { Logger } from '../log/logger.ts';

/** For the process itself, its listening ports, 11 connections to the database, and those to the metrics port. */
const RESERVED_FILES = 80;
/** At least this many, so that a very low limit of the system is visible as refused connections and not as no service. */
const FEWEST = 16;
/** Prometheus and a few people. */
export const METRICS_CONNECTIONS = 16;
/** One log line at most for the connections that were refused in this time. */
const REPORT_MS = 60_000;

/**
 * The most connections of browsers and applications. A browser that waits for a login holds one descriptor, and the long poll
 * to Smart-ID another one where that speaks HTTP/1.1 only.
 *
 * @param openFiles limit of open files of this process
 */
export function connectionLimit(openFiles: number): number {
  return Math.max(FEWEST, Math.floor((openFiles - RESERVED_FILES) / 2));
}

/** The limit of open files of this process (`ulimit -n`), Infinity when there is none. Node raises it to the hard limit. */
export function openFileLimit(): number {
  // Otherwise a report resolves the names of all open connections, and the process waits for DNS. (The types do not have it.)
  Object.assign(process.report, { excludeNetwork: true });
  const report = process.report.getReport() as {
    readonly userLimits?: { readonly open_files?: { readonly soft: number | 'unlimited' } };
  };
  const soft = report.userLimits?.open_files?.soft;
  return typeof soft === 'number' ? soft : Infinity;
}

/** Describes a connection that a port refused. */
export interface RefusedConnection {
  /** `connection_limit`, or the system's error code, e.g. `ENOBUFS`. */
  readonly reason: string;
}

export type RefusalReport = (port: string, refused: RefusedConnection) => void;

/**
 * Counts each refused connection, and logs the first one, and after a minute the number of the others: a log line each would
 * itself be a way to fill the disk.
 */
export function createRefusalReport(
  count: (reason: string) => void,
  log: Pick<Logger, 'warn'>,
): RefusalReport {
  let unreported = 0;
  let minute: NodeJS.Timeout | undefined;
  return (port, { reason }) => {
    count(reason);
    unreported += 1;
    if (minute) return;
    const report = () => {
      if (unreported === 0) return;
      log.warn(
        { event: 'connections_refused', port, reason, connections: unreported },
        'connections were refused: raise the limit of open files (LimitNOFILE), or find out who holds connections open',
      );
      unreported = 0;
    };
    report();
    minute = setTimeout(() => {
      minute = undefined;
      report();
    }, REPORT_MS).unref();
  };
}
