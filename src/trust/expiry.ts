import type { Logger } from '../log/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Trust } from './trust.ts';

const DAY_MS = 86_400_000;
/** Days before an expiry from which the operator is warned; the same as in the alerts of deploy/alerts.yaml. */
export const WARNING_DAYS = {
  /** A trusted CA certificate: its successor has to come from SK, and onto every machine. */
  authority: 60,
  /** Smart-ID's TLS certificate: the pinned key may change with it. */
  smartIdTls: 21,
  /** The one that Sild serves. Certificates of 90 days are renewed a month before their end. */
  servedTls: 14,
};
/** Days before the expiry of a CA certificate from which it is logged as an error. */
const ERROR_DAYS = 14;

/** Whole days until a date; negative if it has passed. */
export function daysUntil(date: Date, now: Date): number {
  return Math.floor((date.getTime() - now.getTime()) / DAY_MS);
}

/** Of a CA certificate. */
export function expiryOf(notAfter: Date, now: Date): 'fine' | 'warning' | 'error' {
  const days = daysUntil(notAfter, now);
  return days < ERROR_DAYS ? 'error' : days < WARNING_DAYS.authority ? 'warning' : 'fine';
}

/** Logs CA certificates that expire soon or have expired, now and daily. @returns a function that stops it */
export function watchExpiry(
  { authorities }: Trust,
  { now, metrics, log }: { now: () => Date; metrics: Pick<Metrics, 'trustAnchors'>; log: Logger },
): () => void {
  metrics.trustAnchors(
    authorities.map(({ name, certificate: { fingerprint, notAfter } }) => ({ name, fingerprint, notAfter })),
  );
  const report = () => {
    for (const authority of authorities) reportExpiry(authority, now(), log);
  };
  report();
  const timer = setInterval(report, DAY_MS);
  return () => {
    clearInterval(timer);
  };
}

function reportExpiry({ name, certificate }: Trust['authorities'][number], now: Date, log: Logger): void {
  const { notAfter, fingerprint } = certificate;
  const expiry = expiryOf(notAfter, now);
  if (expiry === 'fine') return;
  const days = daysUntil(notAfter, now);
  log[expiry === 'warning' ? 'warn' : 'error'](
    { event: 'trust_anchor_expires', ca: name, fingerprint, notAfter: notAfter.toISOString(), days },
    days < 0
      ? 'a trusted CA certificate has expired: nobody that it vouches for can log in'
      : 'a trusted CA certificate expires soon',
  );
}
