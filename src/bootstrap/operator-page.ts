/** Serves the operator's page, where OPS_PORT has one. */
import { readFile } from 'node:fs/promises';
import type { Config } from '../config/config.ts';
import { rotationsOf } from '../oidc/keys/key-rotation.ts';
import { CLIENT_MODEL } from '../oidc/clients/clients.ts';
import { createOpsApp } from '../ops/ops.ts';
import type { Expiry } from '../ops/options.ts';
import { isOutage } from '../store/errors.ts';
import type { Trust } from '../trust/trust.ts';
import { startHttpServer } from '../web/http-server.ts';
import { METRICS_CONNECTIONS } from './connection-limits.ts';
import type { Foundation, OnStop } from './foundation.ts';
import { reasonNotToListen } from './start-error.ts';
import { chainExpiry } from '../pki/chain-expiry.ts';
import { WARNING_DAYS } from '../trust/expiry.ts';

export async function serveOperatorPage(
  config: Config,
  foundation: Foundation,
  trust: Trust,
  onStop: OnStop,
): Promise<void> {
  const { ops } = config;
  if (!ops) return;
  const { store, secrets, log, now, reportRefused } = foundation;
  const app = createOpsApp({
    token: ops.token,
    origins: originsOf(ops),
    issuer: config.issuer,
    secrets,
    figures: store.figures,
    instances: store.instances,
    clients: async () => {
      const clients = await store.records.list(CLIENT_MODEL);
      return clients.map(({ id, payload }) => ({
        id,
        name: typeof payload.client_name === 'string' ? payload.client_name : id,
      }));
    },
    expiries: () => expiriesOf(config, foundation, trust),
    pins: config.smartId.tlsPins,
    auditDays: config.auditDays,
    isOutage,
    log,
    now,
  });
  const handle = app.callback();
  const server = await startHttpServer({
    port: ops.port,
    host: ops.host,
    tls: undefined,
    listener: (request, response) => void handle(request, response),
    maxConnections: METRICS_CONNECTIONS,
    onRefused: (refused) => {
      reportRefused('OPS_PORT', refused);
    },
  }).catch(reasonNotToListen('OPS_PORT', ops.port, ops.host, 'OPS_HOST'));
  onStop(() => server.drain(0, 0));
}

function originsOf({ port, host, origin }: NonNullable<Config['ops']>): readonly string[] {
  const own = ['localhost', '127.0.0.1', '[::1]', host.includes(':') ? `[${host}]` : host];
  return [...own.map((name) => `http://${name}:${port}`), ...(origin === undefined ? [] : [origin])];
}

async function expiriesOf(
  { tls, keyRotationDays }: Config,
  { store, metrics }: Foundation,
  { authorities }: Trust,
): Promise<readonly Expiry[]> {
  const keys = await store.signingKeys.list();
  const due = new Map(rotationsOf(keys, keyRotationDays).map(({ alg, dueAt }) => [alg, dueAt]));
  const { smartIdTlsExpires, tlsExpires } = metrics.current();
  return [
    ...keys.map(({ kid, alg, state }): Expiry => {
      const at = state === 'current' ? due.get(alg) : undefined;
      const note = at === undefined ? `${state}; has no date` : `${state}; is replaced then`;
      // A signing key is replaced by itself: only one that was not is worth attention.
      return { kind: 'signing key', name: `${alg} ${kid}`, at, warningDays: 0, note };
    }),
    ...authorities.map(({ name, certificate }): Expiry => ({
      kind: 'trust anchor',
      name,
      at: certificate.notAfter.getTime(),
      warningDays: WARNING_DAYS.authority,
      note: '',
    })),
    ...(tls ? [await servedCertificate(tls.certFile, tlsExpires)] : []),
    {
      kind: 'TLS certificate',
      name: 'of Smart-ID, as this instance saw it last',
      at: smartIdTlsExpires?.getTime(),
      warningDays: WARNING_DAYS.smartIdTls,
      note: smartIdTlsExpires ? '' : 'not seen since the start',
    },
  ];
}

/**
 * The certificate that is served, not the one in the file: a renewed file has no effect until it is read again.
 */
export async function servedCertificate(certFile: string, served: Date | undefined): Promise<Expiry> {
  const at = served?.getTime();
  return {
    kind: 'TLS certificate',
    name: 'TLS_CERT_FILE, as this instance serves it',
    at,
    warningDays: WARNING_DAYS.servedTls,
    note: await noteOnFile(certFile, at),
  };
}

async function noteOnFile(certFile: string, servedUntil: number | undefined): Promise<string> {
  try {
    const until = chainExpiry(await readFile(certFile, 'utf8')).getTime();
    if (Number.isNaN(until)) return 'the file has no certificate now: the next start would be refused';
    return until === servedUntil ? '' : 'the file has another one, which this instance has not read';
  } catch {
    return 'the file cannot be read now: the next start would be refused';
  }
}
