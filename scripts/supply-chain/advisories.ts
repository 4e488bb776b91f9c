/** Known vulnerabilities of the dependencies, from `npm audit` (the registry's advisory database). */
import { spawnSync } from 'node:child_process';
import { z } from 'zod';
import type { LockedPackage } from './packages.ts';

export type Audit =
  | { readonly kind: 'asked'; readonly advisories: readonly Advisory[] }
  /** The advisory database could not be reached. */
  | { readonly kind: 'not_asked'; readonly reason: string };

export interface Advisory {
  readonly name: string;
  readonly severity: string;
  readonly title: string;
  readonly url: string;
  /** Whether it affects a runtime dependency, not only a development tool. */
  readonly runs: boolean;
}

const LIMIT_MS = 60_000;

const report = z.union([
  z.object({
    auditReportVersion: z.literal(2),
    vulnerabilities: z.record(
      z.string(),
      z.object({
        name: z.string(),
        nodes: z.array(z.string()),
        // A package is listed for its own advisory, or for a dependency's, which has its own entry.
        via: z.array(
          z.union([z.string(), z.object({ severity: z.string(), title: z.string(), url: z.string() })]),
        ),
      }),
    ),
  }),
  z.object({ message: z.string() }),
]);

export function audit(root: string, packages: readonly LockedPackage[]): Audit {
  const { stdout, error } = spawnSync('npm', ['audit', '--json'], {
    cwd: root,
    encoding: 'utf8',
    timeout: LIMIT_MS,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return error ? { kind: 'not_asked', reason: error.message } : auditOf(stdout, packages);
}

/** @param output the output of `npm audit --json` */
export function auditOf(output: string, packages: readonly LockedPackage[]): Audit {
  const parsed = report.safeParse(parse(output));
  if (!parsed.success) return { kind: 'not_asked', reason: 'npm audit gives no report' };
  if ('message' in parsed.data) return { kind: 'not_asked', reason: parsed.data.message };
  const tools = new Set(packages.filter(({ tool }) => tool).map(({ path }) => path));
  return {
    kind: 'asked',
    advisories: Object.values(parsed.data.vulnerabilities).flatMap(({ name, nodes, via }) =>
      via
        .filter((cause) => typeof cause !== 'string')
        .map(({ severity, title, url }) => ({
          name,
          severity,
          title,
          url,
          runs: nodes.some((path) => !tools.has(path)),
        })),
    ),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
