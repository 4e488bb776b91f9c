/**
 * `sild doctor`: whether this machine, as it is configured, can serve logins.
 *
 *   configuration → database, SECRET_KEY → trust directory → Smart-ID: certificate, pins, clock
 *
 * Each check goes as far as its own part of the configuration allows, so that what one lacks does not hide what another
 * would find: a first run prints the pins that the configuration still lacks. Nothing is made or changed.
 */
import { loadConfig, loadDatabaseConfig, loadSmartIdConfig } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';
import type { Logger } from '../log/logger.ts';
import type { KnownAuthorities } from '../smart-id/known-authorities.ts';
import { trustSettings } from '../trust/settings.ts';
import { checkConfiguration, loaded } from './configuration.ts';
import { checkDatabase } from './database.ts';
import { type Finding, linesOf } from './finding.ts';
import { checkSmartId } from './smart-id.ts';
import { checkTrust } from './trust-directory.ts';

export interface DoctorContext {
  readonly environment: Environment;
  readonly known: KnownAuthorities;
  /** CA certificates to believe of Smart-ID's TLS, PEM, in place of Node's store. */
  readonly ca?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Logger;
  readonly print: (line: string) => void;
}

/** @returns the exit status: 1 where there is a problem */
export async function doctor(context: DoctorContext): Promise<0 | 1> {
  let problems = 0;
  for await (const finding of findings(context)) {
    for (const line of linesOf(finding)) context.print(line);
    if (finding.level === 'problem') problems += 1;
  }
  return problems === 0 ? 0 : 1;
}

async function* findings({ environment, known, ca, now, log }: DoctorContext): AsyncGenerator<Finding> {
  yield* checkConfiguration(loaded(() => loadConfig(environment)));
  const database = loaded(() => loadDatabaseConfig(environment));
  if (database.error === undefined) yield* await checkDatabase(database.value, log);
  const smartId = loaded(() => loadSmartIdConfig(environment));
  if (smartId.error !== undefined) return;
  const settings = trustSettings(smartId.value, known);
  // The simulator alone goes without, and the configuration says so.
  if (settings ?? smartId.value.environment === 'simulator')
    yield* await checkTrust(settings, new Date(now()));
  yield* await checkSmartId({ ...smartId.value, ca, now });
}
