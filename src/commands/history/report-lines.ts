/** A report in lines of at most 80 columns. */
import { timeText } from '../json-output.ts';
import { LEG_NAMES } from '../../audit/figures.ts';
import type { Expiry, Report, Slot } from './report-figures.ts';

const WIDTH = 80;
const DAY = 86_400_000;
/** A list and no warning: it looks further ahead than `WARNING_DAYS` in trust/expiry.ts. */
const SOON_DAYS = 90;

/** @param step the length of a slot in milliseconds: an hour or a day */
export function reportLines(report: Report, step: number): readonly string[] {
  const { from, to, client, begun, finished, failed, cancelled, open } = report;
  return [
    `Logins ${minuteText(from)} to ${minuteText(to)} UTC${client === undefined ? '' : `, ${client}`}`,
    '',
    ...(report.gaps.empty ? ['The audit has no events: nothing is known.'] : []),
    ...count('begun', begun),
    ...count('finished', finished, begun),
    ...count('failed', failed, begun),
    ...count('cancelled', cancelled, begun),
    ...count('without an end', open, begun),
    '',
    ...timesOf(report),
    '',
    ...slotLines(report.slots, step),
    ...section('Failed, by cause', report.failures),
    ...section('Refused before a login began', report.refusals),
    ...list('What is not in these figures', gapsOf(report)),
    ...list(`What expires within ${SOON_DAYS} days`, expiriesOf(report.expires, to)),
  ].map((line) => Array.from(line).slice(0, WIDTH).join('').trimEnd());
}

function count(name: string, number: number, whole?: number): readonly string[] {
  const share = whole ? `  ${Math.round((100 * number) / whole)} %` : '';
  return [`  ${name.padEnd(16)}${String(number).padStart(8)}${share}`];
}

function timesOf({ medianSeconds, medianLegs, slowestLeg }: Report): readonly string[] {
  if (medianSeconds === undefined) return ['No login finished, so there is no time to tell.'];
  const legs = (['smartId', 'person', 'completion'] as const).map((leg) => {
    const seconds = medianLegs[leg];
    const text = seconds === undefined ? 'not kept' : `${seconds.toFixed(1)} s`;
    return `  ${LEG_NAMES[leg].padEnd(30)}${text.padStart(10)}${leg === slowestLeg ? '  slowest' : ''}`;
  });
  return [`A login took ${medianSeconds.toFixed(1)} s (median):`, ...legs];
}

function slotLines(slots: readonly Slot[], step: number): readonly string[] {
  const most = Math.max(1, ...slots.map(({ begun }) => begun));
  return slots.map(({ from, begun, failed, kept }) => {
    const label = step >= DAY ? timeText(from).slice(0, 10) : timeText(from).slice(11, 16);
    if (!kept) return `${label}  not kept`;
    const figures = failed === 0 ? String(begun) : `${begun}, ${failed} failed`;
    return `${label}  ${barOf(begun, most, 40)} ${figures}`;
  });
}

/** `#` for what is there; at least one for anything. */
function barOf(value: number, most: number, width: number): string {
  const length = value === 0 ? 0 : Math.max(1, Math.round((width * value) / most));
  return '#'.repeat(length);
}

function section(heading: string, counts: readonly (readonly [string, number])[]): readonly string[] {
  if (counts.length === 0) return [];
  const most = Math.max(...counts.map(([, number]) => number));
  return [
    '',
    heading,
    ...counts.map(
      ([name, number]) =>
        `  ${name.slice(0, 32).padEnd(32)}${String(number).padStart(8)}  ${barOf(number, most, 30)}`,
    ),
  ];
}

function list(heading: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', heading, ...lines.map((line) => `  ${line}`)];
}

function gapsOf({ gaps }: Report): readonly string[] {
  const { keptFrom, lost, omittedRefusals, unstopped } = gaps;
  return [
    ...(keptFrom === undefined ? [] : [`before ${minuteText(keptFrom)}: the audit begins there`]),
    ...(lost === 0 ? [] : [`${lost} events were lost; they are in the log`]),
    ...(omittedRefusals === 0 ? [] : [`${omittedRefusals} refusals beyond the limit; they are in the log`]),
    ...(unstopped === 0
      ? []
      : [`${unstopped} instances without a recorded stop: running, or gone with`, '  their last events']),
  ];
}

function expiriesOf(expires: readonly Expiry[], now: number): readonly string[] {
  const soon = expires.filter(({ at }) => at === undefined || at < now + SOON_DAYS * DAY);
  const lines = soon.map(({ what, at }) =>
    at === undefined
      ? `${what.slice(0, 50)}: cannot be read`
      : `${timeText(at).slice(0, 10)}  ${what.slice(0, 54)}${at < now ? ' (expired)' : ''}`,
  );
  if (expires.length === 0) return ['not known: no TRUST_DIR and no TLS_CERT_FILE here'];
  return lines.length === 0 ? ['nothing'] : lines;
}

function minuteText(at: number): string {
  return timeText(at).slice(0, 16).replace('T', ' ');
}
