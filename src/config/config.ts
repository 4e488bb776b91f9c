/**
 * The environment, read once: variables → one frozen, validated Config.
 *
 * Each section file lists its variables with a schema and a description; `docs/configuration.md` and `.env.example` are
 * generated from the same lists. `loadConfig` reports every problem at once, by variable name, before anything starts.
 */
import { readFileSync } from 'node:fs';
import { databaseSection } from './database.ts';
import type { Language } from './languages.ts';
import { type LimitsConfig, limitsOf, limitsSection } from './limits.ts';
import { serverSection } from './server.ts';
import { simulatorSection } from './simulator.ts';
import { type SmartIdFlow, smartIdSection } from './smart-id.ts';
import type { Section, SectionValues } from './variable.ts';

export const SECTIONS = {
  Server: serverSection,
  'Database and secrets': databaseSection,
  'Smart-ID': smartIdSection,
  'Abuse limits': limitsSection,
  'Simulator and sample app': simulatorSection,
} as const;

export interface Problem {
  readonly variable: string;
  readonly message: string;
}

/** The environment cannot be used; `problems` has every reason. */
export class ConfigError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ variable, message }) => `${variable}: ${message}`).join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

export interface Config {
  readonly issuer: string;
  readonly port: number;
  /** Undefined: every address. */
  readonly host: string | undefined;
  /** Undefined: no metrics are served. */
  readonly metricsPort: number | undefined;
  /** How many reverse proxies stand before Sild; 0 where it is reached directly. */
  readonly trustProxy: number;
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
  /** Of a page that nobody asks for in another one. */
  readonly defaultLanguage: Language;
  /** The operator's own page templates. */
  readonly viewsDir: string | undefined;
  readonly logLevel: string;
  /** Undefined: the embedded database in `dataDir`. */
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  /** The first makes whatever is made, all open and verify. Undefined: made and kept in `dataDir`. */
  readonly secretKeys: readonly [string, ...string[]] | undefined;
  /** After how many days a signing key makes place for the next one. Undefined: never by itself. */
  readonly keyRotationDays: number | undefined;
  /** How long the audit keeps an event. */
  readonly auditDays: number;
  readonly smartId: {
    readonly environment: 'simulator' | 'demo' | 'live';
    readonly apiVersion: '3' | '2';
    /** The ways in that people are offered, at least one. */
    readonly flows: readonly SmartIdFlow[];
    /** Where a push may be sent from, as far as `flows` has notifications at all. */
    readonly notificationPolicy: 'always' | 'known-browser' | 'never';
    readonly schemeName: 'smart-id' | 'smart-id-demo';
    readonly relyingPartyUuid: string;
    readonly relyingPartyName: string;
    /** Undefined: the simulator's own. */
    readonly baseUrl: string | undefined;
    /** SHA-256 of SubjectPublicKeyInfo, Base64; empty: none. */
    readonly tlsPins: readonly string[];
    readonly certificateLevel: 'QUALIFIED' | 'ADVANCED';
    /** ISO 3166-1 alpha-2 codes of the identities that may log in; undefined: all. */
    readonly countries: readonly string[] | undefined;
    readonly revocation: 'required' | 'best-effort' | 'off';
    /** Undefined: the simulator's CA. */
    readonly trustDir: string | undefined;
    /** SHA-256, upper-case hexadecimal. */
    readonly trustExtra: readonly string[];
  };
  readonly limits: LimitsConfig;
  readonly simulator: {
    readonly port: number;
    readonly answersLike: '3.1' | '3.2';
    readonly delayMs: number;
  };
  readonly sampleAppPort: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const SK_TEST_UUID = '00000000-0000-4000-8000-000000000000';
const SK_TEST_NAME = 'DEMO';
const BASE_URLS = {
  simulator: { 3: undefined, 2: undefined },
  demo: { 3: 'https://sid.demo.sk.ee/smart-id-rp/v3/', 2: 'https://sid.demo.sk.ee/smart-id-rp/v2/' },
  live: { 3: 'https://rp-api.smart-id.com/v3/', 2: 'https://rp-api.smart-id.com/v2/' },
} as const;
const FLOWS: Readonly<Record<'3' | '2', readonly SmartIdFlow[]>> = {
  3: ['qr', 'web2app', 'notification'],
  2: ['notification'],
};

/** @throws {ConfigError} with every problem of the environment at once */
export function loadConfig(
  environment: Environment,
  readFile = (path: string) => readFileSync(path, 'utf8'),
): Config {
  const problems: Problem[] = [];
  const read = <S extends Section>(section: S) => readSection(section, environment, readFile, problems);
  const server = read(serverSection);
  const database = read(databaseSection);
  const smartId = read(smartIdSection);
  const limits = read(limitsSection);
  const simulator = read(simulatorSection);
  checkTogether({ ...server, ...database, ...smartId }, isSet(environment), problems);
  if (problems.length > 0) throw new ConfigError(problems);
  return freezeConfig(server, database, smartId, limits, simulator);
}

/**
 * What concerns Smart-ID alone, for commands that prepare a start: each variable has to be right by itself, and nothing
 * else has to be there yet.
 *
 * @throws {ConfigError} with every problem of the section
 */
export function loadSmartIdConfig(
  environment: Environment,
  readFile = (path: string) => readFileSync(path, 'utf8'),
): Config['smartId'] {
  const problems: Problem[] = [];
  const smartId = readSection(smartIdSection, environment, readFile, problems);
  if (problems.length > 0) throw new ConfigError(problems);
  return deepFreeze(smartIdConfig(smartId));
}

/** The same for the database and its secrets. @throws {ConfigError} with every problem of the section */
export function loadDatabaseConfig(
  environment: Environment,
  readFile = (path: string) => readFileSync(path, 'utf8'),
): Pick<Config, 'databaseUrl' | 'dataDir' | 'secretKeys'> {
  const problems: Problem[] = [];
  const database = readSection(databaseSection, environment, readFile, problems);
  if (problems.length > 0) throw new ConfigError(problems);
  return deepFreeze(databaseConfig(database));
}

function freezeConfig(
  server: SectionValues<typeof serverSection>,
  database: SectionValues<typeof databaseSection>,
  smartId: SectionValues<typeof smartIdSection>,
  limits: SectionValues<typeof limitsSection>,
  simulator: SectionValues<typeof simulatorSection>,
): Config {
  const simulated = smartId.SMARTID_ENVIRONMENT === 'simulator';
  return deepFreeze({
    issuer: issuerOf(server),
    port: server.PORT,
    host: server.HOST ?? (simulated ? 'localhost' : undefined),
    metricsPort: server.METRICS_PORT === 'off' ? undefined : server.METRICS_PORT,
    trustProxy: server.TRUST_PROXY,
    tls:
      server.TLS_CERT_FILE !== undefined && server.TLS_KEY_FILE !== undefined
        ? { certFile: server.TLS_CERT_FILE, keyFile: server.TLS_KEY_FILE }
        : undefined,
    defaultLanguage: server.DEFAULT_LANGUAGE,
    viewsDir: server.VIEWS_DIR,
    logLevel: server.LOG_LEVEL,
    ...databaseConfig(database),
    smartId: smartIdConfig(smartId),
    limits: limitsOf(limits, simulated),
    simulator: {
      port: simulator.SIMULATOR_PORT,
      answersLike: simulator.SIMULATOR_ANSWERS_LIKE,
      delayMs: simulator.SIMULATOR_DELAY_MS,
    },
    sampleAppPort: simulator.SAMPLE_APP_PORT,
  });
}

function databaseConfig(database: SectionValues<typeof databaseSection>) {
  return {
    databaseUrl: database.DATABASE_URL,
    dataDir: database.DATA_DIR,
    secretKeys: database.SECRET_KEY,
    keyRotationDays: database.KEY_ROTATION_DAYS,
    auditDays: database.AUDIT_DAYS,
  };
}

function smartIdConfig(smartId: SectionValues<typeof smartIdSection>): Config['smartId'] {
  const environment = smartId.SMARTID_ENVIRONMENT;
  return {
    environment,
    apiVersion: smartId.SMARTID_API_VERSION,
    flows: flowsOf(smartId),
    notificationPolicy: smartId.NOTIFICATION_POLICY,
    schemeName: environment === 'live' ? 'smart-id' : 'smart-id-demo',
    relyingPartyUuid: smartId.SMARTID_RP_UUID ?? SK_TEST_UUID,
    relyingPartyName: smartId.SMARTID_RP_NAME ?? SK_TEST_NAME,
    baseUrl: smartId.SMARTID_BASE_URL ?? BASE_URLS[environment][smartId.SMARTID_API_VERSION],
    tlsPins: smartId.SMARTID_TLS_PINS ?? [],
    certificateLevel: smartId.SMARTID_CERTIFICATE_LEVEL,
    countries: smartId.SMARTID_COUNTRIES,
    revocation: smartId.REVOCATION ?? (environment === 'demo' ? 'off' : 'required'),
    trustDir: smartId.TRUST_DIR,
    trustExtra: smartId.TRUST_EXTRA_SHA256 ?? [],
  };
}

/** Whether an issuer is on this machine, where plain http is safe and the simulator may run. */
export function isLoopback(issuer: string): boolean {
  const { hostname } = new URL(issuer);
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d+){3}$/.test(hostname)
  );
}

/** The section's values; what has a problem is missing from them, and then `loadConfig` throws before they are used. */
function readSection<S extends Section>(
  section: S,
  environment: Environment,
  readFile: (path: string) => string,
  problems: Problem[],
): SectionValues<S> {
  const values: Record<string, unknown> = {};
  for (const [name, { schema, meta }] of Object.entries(section)) {
    const text = meta.secret ? secretText(name, environment, readFile, problems) : environment[name];
    // An empty variable is an unset one: compose files and unit files write `NAME=` for "not set".
    const given = text === '' ? undefined : text;
    const result = schema.safeParse(meta.list ? valuesIn(given, environment[name] ? ',' : '\n') : given);
    if (result.success) values[name] = result.data;
    else problems.push({ variable: name, message: result.error.issues[0]?.message ?? 'is not valid' });
  }
  return values as SectionValues<S>;
}

/** A variable with several values. In a file they are on lines of their own, so that a value may have a comma there. */
function valuesIn(text: string | undefined, separator: ',' | '\n'): readonly string[] | undefined {
  return text?.split(separator).flatMap((value) => value.trim() || []);
}

function isSet(environment: Environment): (name: string) => boolean {
  return (name) => Boolean(environment[name]) || Boolean(environment[`${name}_FILE`]);
}

function secretText(
  name: string,
  environment: Environment,
  readFile: (path: string) => string,
  problems: Problem[],
): string | undefined {
  const fileVariable = `${name}_FILE`;
  const path = environment[fileVariable];
  if (path === undefined || path === '') return environment[name];
  if (environment[name]) {
    problems.push({ variable: fileVariable, message: `give either ${name} or ${fileVariable}, not both` });
    return undefined;
  }
  try {
    const text = readFile(path).trim();
    if (text === '') problems.push({ variable: fileVariable, message: 'the file is empty' });
    return text;
  } catch (error) {
    problems.push({ variable: fileVariable, message: `cannot read the file (${errorCode(error)})` });
    return undefined;
  }
}

/** What must hold between variables. Asks only about those that are right by themselves, so nothing is reported twice. */
function checkTogether(
  values: Partial<SectionValues<typeof serverSection & typeof databaseSection & typeof smartIdSection>>,
  given: (name: string) => boolean,
  problems: Problem[],
): void {
  const refuse = (variable: string, message: string) => problems.push({ variable, message });
  const environment = values.SMARTID_ENVIRONMENT;
  const issuer = values.ISSUER;

  if (issuer?.startsWith('http:') && !isLoopback(issuer)) {
    refuse('ISSUER', 'must begin with https:// unless it is on localhost');
  }
  if (environment === 'simulator' && issuer !== undefined && !isLoopback(issuer)) {
    refuse(
      'SMARTID_ENVIRONMENT',
      'the simulator lets anybody be anybody, so it runs only with an ISSUER on localhost; set demo or live',
    );
  }
  if ((environment === 'demo' || environment === 'live') && !given('ISSUER')) {
    refuse('ISSUER', `is required with SMARTID_ENVIRONMENT=${environment}: the public address of Sild`);
  }
  if (given('TLS_CERT_FILE') !== given('TLS_KEY_FILE')) {
    refuse(
      given('TLS_CERT_FILE') ? 'TLS_KEY_FILE' : 'TLS_CERT_FILE',
      'TLS_CERT_FILE and TLS_KEY_FILE go together',
    );
  }
  if (given('DATABASE_URL') && !given('SECRET_KEY')) {
    refuse('SECRET_KEY', 'is required with DATABASE_URL: openssl rand -base64 48');
  }
  if (environment === 'live') {
    for (const variable of ['SMARTID_RP_UUID', 'SMARTID_RP_NAME']) {
      if (!given(variable)) refuse(variable, 'is required with SMARTID_ENVIRONMENT=live');
    }
  }
  if ((environment === 'demo' || environment === 'live') && !given('TRUST_DIR')) {
    refuse(
      'TRUST_DIR',
      `is required with SMARTID_ENVIRONMENT=${environment}: the directory of the CA certificates to trust`,
    );
  }
  checkFlows(values, refuse);
  if (environment === 'live' && !given('SMARTID_TLS_PINS')) {
    refuse(
      'SMARTID_TLS_PINS',
      'is required with SMARTID_ENVIRONMENT=live: npx sild doctor prints them; or none, to do without',
    );
  }
  const baseUrl = values.SMARTID_BASE_URL;
  const plain = baseUrl === undefined ? environment === 'simulator' : baseUrl.startsWith('http:');
  if (plain && values.SMARTID_TLS_PINS !== undefined && values.SMARTID_TLS_PINS.length > 0) {
    refuse('SMARTID_TLS_PINS', 'needs a SMARTID_BASE_URL that begins with https://');
  }
  if (baseUrl?.startsWith('http:') && !isLoopback(baseUrl)) {
    refuse('SMARTID_BASE_URL', 'must begin with https:// unless it is on localhost');
  }
}

/** Whether the ways in on offer exist, and lead somebody in. */
function checkFlows(
  values: Partial<SectionValues<typeof serverSection & typeof smartIdSection>>,
  refuse: (variable: string, message: string) => void,
): void {
  const { SMARTID_API_VERSION: apiVersion, SMARTID_FLOWS: asked, NOTIFICATION_POLICY: policy } = values;
  if (apiVersion === undefined || policy === undefined) return;
  const missing = (asked ?? []).filter((flow) => !FLOWS[apiVersion].includes(flow));
  if (missing.length > 0) {
    refuse('SMARTID_FLOWS', `RP API ${apiVersion} has no ${missing.join(', ')}`);
    return;
  }
  const flows = asked ?? FLOWS[apiVersion];
  const links = flows.some((flow) => flow !== 'notification');
  if (!links && policy === 'never') {
    refuse('NOTIFICATION_POLICY', 'never leaves no way in: SMARTID_FLOWS has only notification');
  }
  if (!links && policy === 'known-browser') {
    refuse(
      'NOTIFICATION_POLICY',
      'known-browser needs qr or web2app: only with them a browser becomes known',
    );
  }
  const { ISSUER: issuer, SMARTID_ENVIRONMENT: environment } = values;
  if (links && environment !== 'simulator' && issuer?.startsWith('http:') && isLoopback(issuer)) {
    refuse(
      'ISSUER',
      'must begin with https:// so that Smart-ID can lead back to it; or set SMARTID_FLOWS=notification',
    );
  }
}

function flowsOf(smartId: SectionValues<typeof smartIdSection>): readonly SmartIdFlow[] {
  return smartId.SMARTID_FLOWS ?? FLOWS[smartId.SMARTID_API_VERSION];
}

function issuerOf(server: SectionValues<typeof serverSection>): string {
  return (
    server.ISSUER ?? `${server.TLS_CERT_FILE === undefined ? 'http' : 'https'}://localhost:${server.PORT}`
  );
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
}

function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value))
    if (typeof member === 'object' && member !== null) deepFreeze(member);
  return Object.freeze(value);
}
