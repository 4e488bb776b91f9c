import { parseArgs } from 'node:util';
import { jsonText, timeText } from '../json-output.ts';
import { type Report, reportOf, type ReportSources } from './report-figures.ts';
import { reportLines } from './report-lines.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export interface ReportContext extends ReportSources {
  readonly json: boolean;
  readonly print: (line: string) => Promise<void>;
}

/**
 * `sild report [--week] [--client ID]`: the last 24 hours, or 7 days, by the clock in UTC.
 *
 * @throws the TypeError of `parseArgs`
 */
export function reportCommand(args: readonly string[]): (context: ReportContext) => Promise<0> {
  const { values } = parseArgs({
    args: [...args],
    options: { week: { type: 'boolean' }, client: { type: 'string' } },
  });
  const [count, step] = values.week ? [7, DAY] : [24, HOUR];
  return async (context) => {
    const report = await reportOf(context, count, step, values.client);
    if (context.json) await context.print(jsonText(documentOf(report)));
    else for (const line of reportLines(report, step)) await context.print(line);
    return 0;
  };
}

function documentOf({ from, to, failures, refusals, slots, gaps, expires, ...report }: Report) {
  const { keptFrom, ...otherGaps } = gaps;
  return {
    from: timeText(from),
    to: timeText(to),
    ...report,
    failures: Object.fromEntries(failures),
    refusals: Object.fromEntries(refusals),
    slots: slots.map(({ from: begin, kept, ...counts }) => ({
      from: timeText(begin),
      kept,
      ...(kept && counts),
    })),
    gaps: { ...(keptFrom !== undefined && { keptFrom: timeText(keptFrom) }), ...otherGaps },
    expires: expires.map(({ what, at }) => ({ what, ...(at !== undefined && { at: timeText(at) }) })),
  };
}
