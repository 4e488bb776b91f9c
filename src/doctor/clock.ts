import { fetchHeaders } from '../http/bounded-fetch.ts';
import { createDispatcher } from '../http/dispatcher.ts';
import { HttpError } from '../http/errors.ts';
import type { Proxies } from '../http/proxies.ts';
import type { Finding } from './finding.ts';

export interface ClockCheckOptions {
  readonly tlsPins: readonly string[];
  /** CA certificates to trust, PEM, instead of Node's store. */
  readonly ca?: string | undefined;
  readonly proxies?: Proxies | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const TIMEOUT_MS = 5_000;
/** Difference to Smart-ID's clock from which on there is a warning, or a problem, in seconds. */
const WARNING_SECONDS = 5;
const PROBLEM_SECONDS = 60;

const subject = 'clock';

/**
 * Compares this machine's clock with the Date header of Smart-ID's response, whatever its status. Certificate validity,
 * revocation and the tokens' lifetimes depend on the clock.
 */
export async function checkClock(
  url: URL,
  { tlsPins, ca, proxies, now }: ClockCheckOptions,
): Promise<Finding> {
  const dispatcher = createDispatcher({ pins: tlsPins, ca, proxies });
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
  // Date has whole seconds; take the middle of the second.
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
