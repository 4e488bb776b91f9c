/**
 * `sild doctor`: checks whether this machine, as configured, can serve logins.
 *
 *   configuration, its files → database, SECRET_KEY → trust directory, revocation → Smart-ID: certificate, pins, clock [→ links]
 *
 * Each check loads only its own part of the configuration, so that a problem in one part does not hide the results of
 * another: a first run prints the pins that are still missing in the configuration. Nothing is created or changed.
 */
import { ignoredVariables, loadConfig, loadDatabaseConfig, loadSmartIdConfig } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';
import type { Logger } from '../log/logger.ts';
import type { KnownAuthorities } from '../smart-id/known-authorities.ts';
import { createRevocationFetch, type RevocationFetch } from '../pki/revocation/http.ts';
import { inspectTrust } from '../trust/inspection.ts';
import { trustSettings } from '../trust/settings.ts';
import { checkConfiguration, checkIgnored, loaded, notExamined } from './configuration.ts';
import { checkDatabase } from './database.ts';
import { type Finding, linesOf } from './finding.ts';
import { checkLinks, helpAddresses } from './links.ts';
import { checkListening } from './listening-addresses.ts';
import { checkNamedFiles } from './named-files.ts';
import { checkRevocation } from './revocation.ts';
import { checkSmartId } from './smart-id.ts';
import { checkTrust } from './trust-directory.ts';

export interface DoctorContext {
  readonly environment: Environment;
  readonly known: KnownAuthorities;
  /** CA certificates to trust for Smart-ID's TLS, PEM, instead of Node's store. */
  readonly ca?: string | undefined;
  /** Requests to OCSP responders and revocation lists. Default: the network. */
  readonly fetch?: RevocationFetch;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Logger;
  readonly print: (line: string) => void;
  /** Whether the findings are printed as one JSON document, at the end. Default: false. */
  readonly json?: boolean;
  /** Whether to open the help pages that the login pages link to, too. Default: false. */
  readonly links?: boolean;
}

/** @returns the exit status: 1 when there is a problem */
export async function doctor(context: DoctorContext): Promise<0 | 1> {
  const { json = false, print } = context;
  const found: Finding[] = [];
  for await (const finding of findings(context)) {
    found.push(finding);
    if (!json) for (const line of linesOf(finding)) print(line);
  }
  const problems = found.filter(({ level }) => level === 'problem').length;
  if (json) print(JSON.stringify({ findings: found, problems }, undefined, 2));
  return problems === 0 ? 0 : 1;
}

async function* findings(context: DoctorContext): AsyncGenerator<Finding> {
  yield* ofThisMachine(context);
  if (context.links !== true) return;
  const smartId = loaded(() => loadSmartIdConfig(context.environment));
  const proxies = smartId.error === undefined ? smartId.value.proxies : {};
  yield* await checkLinks(helpAddresses(), { ca: context.ca, proxies });
}

async function* ofThisMachine({
  environment,
  known,
  ca,
  fetch,
  now,
  log,
}: DoctorContext): AsyncGenerator<Finding> {
  const config = loaded(() => loadConfig(environment));
  yield* checkConfiguration(config);
  yield* checkIgnored(ignoredVariables(environment));
  if (config.error === undefined) yield* checkListening(config.value);
  if (config.error === undefined) yield* checkNamedFiles(config.value, { environment, log, now });
  const database = loaded(() => loadDatabaseConfig(environment));
  if (database.error === undefined) yield* await checkDatabase(database.value, log);
  else yield notExamined('database, SECRET_KEY', database.error);
  const smartId = loaded(() => loadSmartIdConfig(environment));
  if (smartId.error !== undefined) {
    yield notExamined('trust directory, revocation, Smart-ID’s TLS, clock', smartId.error);
    return;
  }
  const settings = trustSettings(smartId.value, known);
  if (settings) {
    const at = new Date(now());
    const inspection = await inspectTrust(settings, at);
    yield* checkTrust(inspection, settings.directory, at);
    const { revocation: policy, proxies } = smartId.value;
    yield* await checkRevocation({
      policy,
      authorities: inspection.authorities,
      fetch: fetch ?? createRevocationFetch({ proxies }),
      now: at,
    });
  } else if (smartId.value.environment === 'simulator') {
    yield { level: 'ok', subject: 'trust directory', text: 'none, the simulator’s own CA is trusted' };
  }
  yield* await checkSmartId({ ...smartId.value, ca, now });
}
