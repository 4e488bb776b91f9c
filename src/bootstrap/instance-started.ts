import packageJson from '../../package.json' with { type: 'json' };
import type { AuditEvent } from '../audit/events.ts';
import type { Config } from '../config/config.ts';
import type { Trust } from '../trust/trust.ts';

/** What of the configuration decides who gets in. */
export function instanceStarted({ issuer, smartId }: Config, trust: Trust): AuditEvent {
  const { environment, apiVersion, certificateLevel, flows, notificationPolicy } = smartId;
  return {
    event: 'instance_started',
    version: packageJson.version,
    issuer,
    environment,
    apiVersion,
    certificateLevel,
    flows,
    notificationPolicy,
    revocation: smartId.revocation,
    countries: smartId.countries ?? [],
    authorities: trust.authorities.map(({ certificate }) => certificate.fingerprint),
    tlsPins: smartId.tlsPins,
  };
}
