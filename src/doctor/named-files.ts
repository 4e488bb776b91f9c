import { StartError } from '../bootstrap/start-error.ts';
import { mutualTlsOf } from '../bootstrap/tls/mutual-tls.ts';
import { readTlsFiles } from '../bootstrap/tls/tls-files.ts';
import type { Config } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';
import type { Logger } from '../log/logger.ts';
import { ClientsFileError } from '../oidc/clients-file/clients-file-error.ts';
import { readClients } from '../oidc/clients-file/read-clients.ts';
import { chainExpiry } from '../pki/chain-expiry.ts';
import { daysUntil, WARNING_DAYS } from '../trust/expiry.ts';
import { loadAssets } from '../web/pages/assets.ts';
import { createRender, ViewsError } from '../web/pages/rendering.ts';
import type { Finding } from './finding.ts';

const subject = 'files';

interface FilesContext {
  /** The values of `${NAME}` in CLIENTS_FILE. */
  readonly environment: Environment;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Reads the files that the configuration names, as the next start and, some of them, a SIGHUP do. */
export function checkNamedFiles(config: Config, context: FilesContext): Finding[] {
  const { tls, mtls, clientsFile, viewsDir } = config;
  const findings: Finding[] = [];
  if (tls) findings.push(finding(() => ofCertificate(tls, new Date(context.now()))));
  if (mtls?.caFile !== undefined)
    findings.push(
      finding(() => {
        mutualTlsOf({ mtls }, context);
        return ok('MTLS_CA_FILE has CA certificates');
      }),
    );
  if (clientsFile !== undefined)
    findings.push(
      finding(() => {
        const { length } = readClients(clientsFile, context.environment);
        return ok(`CLIENTS_FILE has ${length} ${length === 1 ? 'client' : 'clients'}`);
      }),
    );
  if (viewsDir !== undefined)
    findings.push(
      finding(() => {
        const layout = { issuer: config.issuer, environment: config.smartId.environment };
        createRender(layout, loadAssets(), viewsDir);
        return ok('the templates in VIEWS_DIR can be used');
      }),
    );
  return findings;
}

/** A start does not refuse one that has expired, but browsers do. */
function ofCertificate(tls: NonNullable<Config['tls']>, now: Date): Finding {
  const notAfter = chainExpiry(readTlsFiles(tls).cert);
  const day = notAfter.toISOString().slice(0, 10);
  if (notAfter < now) return { level: 'problem', subject, text: `TLS_CERT_FILE has expired, ${day}` };
  const text = `TLS_CERT_FILE is valid until ${day}`;
  return daysUntil(notAfter, now) < WARNING_DAYS.servedTls ? { level: 'warning', subject, text } : ok(text);
}

/** @throws errors of `examine` other than those that a start has a sentence for */
function finding(examine: () => Finding): Finding {
  try {
    return examine();
  } catch (error) {
    if (error instanceof ClientsFileError)
      return {
        level: 'problem',
        subject,
        text: 'CLIENTS_FILE cannot be applied:',
        details: error.problems,
      };
    if (error instanceof ViewsError)
      return { level: 'problem', subject, text: `VIEWS_DIR: ${error.message}` };
    if (error instanceof StartError) return { level: 'problem', subject, text: error.message };
    throw error;
  }
}

function ok(text: string): Finding {
  return { level: 'ok', subject, text };
}
