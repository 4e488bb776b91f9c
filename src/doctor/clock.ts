import { fetchHeaders } from '../http/bounded-fetch.ts';
import { createDispatcher } from '../http/dispatcher.ts';
import { HttpError } from '../http/errors.ts';
import type { Finding } from './finding.ts';

export interface ClockCheckOptions {
  readonly tlsPins: readonly string[];
  /** CA certificates to believe, PEM, in place of Node's store. */
  readonly ca?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const TIMEOUT_MS = 5_000;
/** How far this machine's clock may be from Smart-ID's before it is a warning, and a problem, in seconds. */
const WARNING_SECONDS = 5;
const PROBLEM_SECONDS = 60;

const subject = 'clock';

/**
 * Holds this machine's clock against the Date of Smart-ID's answer, whatever the answer. Validity periods, revocation and
 * the tokens of clients hang on it.
 */
export async function checkClock(url: URL, { tlsPins, ca, now }: ClockCheckOptions): Promise<Finding> {
  const dispatcher = createDispatcher({ pins: tlsPins, ca });
  try {
    const asked = now();
    const { headers } = await fetchHeaders({ url }, { dispatcher, timeoutMs: TIMEOUT_MS });
    return findingOf(headers.date, (asked + now()) / 2);
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    const reason = error.reason ?? error.code;
    return { level: 'problem', subject: 'Smart-ID', text: `${url.host} does not answer (${reason})` };
  } finally {
    await dispatcher.destroy();
  }
}

function findingOf(date: string | string[] | undefined, here: number): Finding {
  // A Date has whole seconds: what it means is somewhere within that one.
  const there = Date.parse(String(date)) + 500;
  if (Number.isNaN(there))
    return { level: 'warning', subject, text: 'Smart-ID’s answer has no Date to compare with' };
  const seconds = Math.round((here - there) / 1000);
  const off = Math.abs(seconds);
  const direction = seconds > 0 ? 'ahead of' : 'behind';
  return {
    level: off > PROBLEM_SECONDS ? 'problem' : off > WARNING_SECONDS ? 'warning' : 'ok',
    subject,
    text: off <= 1 ? 'agrees with Smart-ID’s' : `${off} seconds ${direction} Smart-ID’s`,
  };
}
