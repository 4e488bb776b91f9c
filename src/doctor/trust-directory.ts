import { daysUntil, expiryOf } from '../trust/expiry.ts';
import { inspectTrust } from '../trust/inspection.ts';
import type { TrustSettings } from '../trust/settings.ts';
import type { Finding } from './finding.ts';

const subject = 'trust directory';

/** Whom Sild would believe, and for how long. @param settings undefined where there is no TRUST_DIR */
export async function checkTrust(settings: TrustSettings | undefined, now: Date): Promise<Finding[]> {
  if (!settings) return [{ level: 'ok', subject, text: 'none, the simulator’s own CA is trusted' }];
  const { authorities, problems, missing } = await inspectTrust(settings, now);
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
    : [{ level: 'ok', subject, text: `${authorities.length} CA certificates in ${settings.directory}` }];
}

function lacks(names: readonly string[]): Finding {
  const text = 'CAs are missing, and nobody with their certificates can log in; sild trust fetch gets them';
  return { level: 'warning', subject, text, details: names };
}
