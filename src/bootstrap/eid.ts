/** Creates the configured eID. */
import { randomBytes } from 'node:crypto';
import type { Audit } from '../audit/audit.ts';
import type { Config } from '../config/config.ts';
import { deviceLinkFlows } from '../flows/offered-flows.ts';
import type { Logger } from '../log/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { createRevocationFetch } from '../pki/revocation/http.ts';
import { createRevocationCheck } from '../pki/revocation/revocation.ts';
import type { TrustStore } from '../pki/trust-store.ts';
import type { Simulator } from '../simulator/simulator.ts';
import type { Authenticator } from '../login/authenticator.ts';
import { createSmartId } from '../smart-id/session.ts';
import type { Revocation } from '../smart-id/verify/certificate/not-revoked.ts';
import { StartError } from './start-error.ts';

interface Reporting {
  readonly now: () => number;
  readonly metrics: Metrics;
  readonly audit: Audit;
  readonly log: Logger;
}

/**
 * @param trust the only CAs that people's certificates may come from
 * @throws StartError without an address of Smart-ID
 */
export function createEid(
  config: Config,
  simulator: Simulator | undefined,
  trust: TrustStore,
  reporting: Reporting,
): Authenticator {
  const { now, metrics, log } = reporting;
  const [relyingParty] = config.smartId.relyingParties;
  return createSmartId({
    apiVersion: config.smartId.apiVersion,
    baseUrl: smartIdBaseUrl(config, simulator),
    schemeName: config.smartId.schemeName,
    relyingPartyUuid: config.smartId.relyingPartyUuid,
    relyingPartyName: relyingParty.name,
    brokeredRpName: relyingParty.brokeredName,
    tlsPins: config.smartId.tlsPins,
    proxies: config.smartId.proxies,
    certificateLevel: config.smartId.certificateLevel,
    trust,
    revocation: revocationOf(config, reporting),
    deviceLinkFlows: deviceLinkFlows(config.smartId.flows),
    loopbackCallback: simulator !== undefined,
    randomBytes,
    now: () => new Date(now()),
    log,
    onVerified: (verification) => {
      metrics.answerVerified(verification);
    },
    observe: (exchange) => {
      metrics.smartIdAnswered(exchange);
    },
    onPresented: (certificate) => {
      metrics.smartIdPresented(certificate);
    },
    onCircuit: (state) => {
      metrics.circuit(state);
    },
  });
}

/** The revocation check of the configuration. Failed sources and unchecked certificates are logged. */
function revocationOf(
  { smartId: { revocation: policy, environment, proxies } }: Config,
  { now, metrics, audit, log }: Reporting,
): Revocation {
  if (environment === 'live' && policy !== 'required') {
    log.warn({ event: 'revocation_not_required', policy }, 'people may get in whose certificate is revoked');
  }
  if (policy === 'off') return 'off';
  return createRevocationCheck({
    policy,
    fetch: createRevocationFetch({
      proxies,
      observe: (request) => {
        metrics.revocationAsked(request);
      },
    }),
    randomBytes,
    now: () => new Date(now()),
    report({ kind, ...details }) {
      switch (kind) {
        case 'source_failed':
          log.warn(
            { event: 'revocation_source_failed', ...details },
            'an OCSP responder or revocation list gave no answer that counts',
          );
          return;
        case 'unchecked':
          metrics.revocationUnchecked();
          audit.record({ event: 'revocation_unchecked', ...details });
      }
    },
  });
}

function smartIdBaseUrl(config: Config, simulator: Simulator | undefined): string {
  const simulated = config.smartId.apiVersion === '2' ? simulator?.baseUrlV2 : simulator?.baseUrl;
  const baseUrl = config.smartId.baseUrl ?? simulated;
  if (baseUrl === undefined)
    throw new StartError('SMARTID_BASE_URL: there is no Smart-ID service to speak to.');
  return baseUrl;
}
