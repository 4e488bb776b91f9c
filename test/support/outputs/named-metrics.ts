import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parse } from 'yaml';

const deploy = join(import.meta.dirname, '..', '..', '..', 'deploy');

const rules = z.object({
  groups: z.array(z.object({ rules: z.array(z.object({ alert: z.string(), expr: z.string() })) })),
});
const dashboard = z.object({
  panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })) })),
});

/** The alerts of deploy/, with their PromQL. */
export function alerts(): { readonly alert: string; readonly expr: string }[] {
  return rules
    .parse(parse(readFileSync(join(deploy, 'alerts.yaml'), 'utf8')))
    .groups.flatMap((group) => group.rules);
}

/** The PromQL of each panel of the dashboard. */
export function dashboardQueries(): string[] {
  return dashboard
    .parse(JSON.parse(readFileSync(join(deploy, 'grafana', 'sild.json'), 'utf8')))
    .panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
}

/** The metrics that the alerts and the dashboard name, as in `# TYPE`: a histogram without its suffix. */
export function namedMetrics(): string[] {
  const queries = [...alerts(), ...dashboardQueries().map((expr) => ({ expr }))];
  const names = queries.flatMap(({ expr }) => expr.match(/\b(?:sild|process|nodejs)_\w+/g) ?? []);
  return [...new Set(names.map((name) => name.replace(/_(?:bucket|count|sum)$/, '')))].sort();
}
