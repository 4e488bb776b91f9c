import { daysUntil, expiryOf } from '../trust/expiry.ts';
import type { TrustInspection } from '../trust/inspection.ts';
import type { Finding } from './finding.ts';

const subject = 'trust directory';

/** Checks the trusted CA certificates and their expiry. */
export function checkTrust(
  { authorities, problems, missing }: TrustInspection,
  directory: string,
  now: Date,
): Finding[] {
  const expiring = authorities.filter(({ certificate }) => expiryOf(certificate.notAfter, now) !== 'fine');
  const lacking = missing.filter(({ kind }) => kind === 'issuing').map(({ name }) => name);
  const findings: Finding[] = [
    ...problems.map((text): Finding => ({ level: 'problem', subject, text })),
    ...expiring.map(({ name, certificate: { notAfter } }): Finding => {
      const days = daysUntil(notAfter, now);
      return {
        level: 'warning',
        subject,
        text: `${name} ${days < 0 ? 'has expired' : `expires in ${days} days`}`,
      };
    }),
    ...(lacking.length === 0 ? [] : [lacks(lacking)]),
  ];
  return findings.length > 0
    ? findings
    : [{ level: 'ok', subject, text: `${authorities.length} CA certificates in ${directory}` }];
}

function lacks(names: readonly string[]): Finding {
  const text = 'CAs are missing, and nobody with their certificates can log in; sild trust fetch gets them';
  return { level: 'warning', subject, text, details: names };
}
