/**
 * Reads the environment once into one validated, frozen Config.
 *
 * Each section file lists its variables with a schema and a description; `docs/configuration.md` and `.env.example` are
 * generated from the same lists. `loadConfig` reports every problem at once, by variable name, before anything starts.
 */
import { checkConsistency } from './consistency.ts';
import { type DatabaseConfig, databaseConfig, databaseSection } from './database.ts';
import { createEnvironmentReader, type Environment } from './environment.ts';
import { type LimitsConfig, limitsConfig, limitsSection } from './limits.ts';
import { misspeltVariables } from './misspelt.ts';
import { type ServerConfig, serverConfig, serverSection } from './server.ts';
import { type SimulatorConfig, simulatorConfig, simulatorSection } from './simulator.ts';
import { type SmartIdConfig, smartIdConfig, smartIdSection } from './smart-id.ts';
import type { Section, SectionValues } from './variable.ts';

export const SECTIONS = {
  Server: serverSection,
  'Database and secrets': databaseSection,
  'Smart-ID': smartIdSection,
  'Abuse limits': limitsSection,
  'Simulator and sample app': simulatorSection,
} as const;

export interface Config extends ServerConfig, DatabaseConfig {
  readonly smartId: SmartIdConfig;
  readonly limits: LimitsConfig;
  readonly simulator: SimulatorConfig;
}

/** @throws {ConfigError} with all problems of the environment */
export function loadConfig(environment: Environment, readFile?: (path: string) => string): Config {
  const reader = createEnvironmentReader(environment, readFile);
  const server = reader.section(serverSection);
  const database = reader.section(databaseSection);
  const smartId = reader.section(smartIdSection);
  const limits = reader.section(limitsSection);
  const simulator = reader.section(simulatorSection);
  checkConsistency({ ...server, ...database, ...smartId, ...simulator }, reader);
  reader.requireNoProblem();
  const simulated = smartId.SMARTID_ENVIRONMENT === 'simulator';
  return deepFreeze({
    ...serverConfig(server, { simulated, embedded: database.DATABASE_URL === undefined }),
    ...databaseConfig(database),
    smartId: smartIdConfig(smartId),
    limits: limitsConfig(limits, { simulated }),
    simulator: simulatorConfig(simulator),
  });
}

/**
 * Loads only the Smart-ID section, for commands that run before the first start: each variable must be valid by itself, and
 * no other section is needed.
 *
 * @throws {ConfigError} with all problems of the section
 */
export function loadSmartIdConfig(environment: Environment): SmartIdConfig {
  return deepFreeze(smartIdConfig(valuesOf(environment, smartIdSection)));
}

/** The hosts of CLIENT_FETCH_ALLOWED_HOSTS, for a command. @throws {ConfigError} when one is not valid */
export function loadClientFetchHosts(environment: Environment): readonly string[] {
  const { CLIENT_FETCH_ALLOWED_HOSTS } = serverSection;
  return valuesOf(environment, { CLIENT_FETCH_ALLOWED_HOSTS }).CLIENT_FETCH_ALLOWED_HOSTS;
}

/** The path of TLS_CERT_FILE, for a command. @throws {ConfigError} when it is not valid */
export function loadTlsCertFile(environment: Environment): string | undefined {
  const { TLS_CERT_FILE } = serverSection;
  return valuesOf(environment, { TLS_CERT_FILE }).TLS_CERT_FILE;
}

/** Loads only the database section. @throws {ConfigError} with all problems of the section */
export function loadDatabaseConfig(environment: Environment): DatabaseConfig {
  return deepFreeze(databaseConfig(valuesOf(environment, databaseSection)));
}

/** @throws {ConfigError} with all problems of the section */
function valuesOf<S extends Section>(environment: Environment, section: S): SectionValues<S> {
  const reader = createEnvironmentReader(environment);
  const values = reader.section(section);
  reader.requireNoProblem();
  return values;
}

/** A sentence for each variable that Sild ignores but that seems to be a misspelt one of its own. */
export function ignoredVariables(environment: Environment): readonly string[] {
  return misspeltVariables(environment, Object.values(SECTIONS)).map(
    ({ variable, meant }) => `${variable} is no variable of Sild${meant === undefined ? '' : `: ${meant}?`}`,
  );
}

function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value))
    if (typeof member === 'object' && member !== null) deepFreeze(member);
  return Object.freeze(value);
}
