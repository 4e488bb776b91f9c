import { isDeviceLinkFlow } from '../flows/flows.ts';
import type { databaseSection } from './database.ts';
import type { EnvironmentReader } from './environment.ts';
import { isLoopbackUrl } from '../loopback-host.ts';
import type { serverSection } from './server.ts';
import type { simulatorSection } from './simulator.ts';
import { flowsOf, type smartIdSection } from './smart-id.ts';
import type { SectionValues } from './variable.ts';

type Values = Partial<
  SectionValues<
    typeof serverSection & typeof databaseSection & typeof smartIdSection & typeof simulatorSection
  >
>;

/** Checks variables against each other. Only valid variables are compared, so that nothing is reported twice. */
export function checkConsistency(values: Values, reader: EnvironmentReader): void {
  const { isGiven: given, refuse } = reader;
  checkIssuer(values, reader);
  checkTls(values, reader);
  if (given('COUNTRY_HEADER') && values.TRUST_PROXY === 0) {
    refuse('COUNTRY_HEADER', 'needs TRUST_PROXY: without a proxy the browser itself would say where it is');
  }
  if (given('DATABASE_URL') && !given('SECRET_KEY')) {
    refuse('SECRET_KEY', 'is required with DATABASE_URL: openssl rand -base64 48');
  }
  checkWorkers(values, reader);
  checkRealSmartId(values, reader);
  checkFlows(values, refuse);
  checkPorts(values, reader);
  if (values.OPS_PORT !== undefined && values.OPS_PORT !== 'off' && !given('OPS_TOKEN')) {
    refuse(
      'OPS_TOKEN',
      'is required with OPS_PORT, since the page must not be open to whoever reaches the port',
    );
  }
  checkConnectionToSmartId(values, reader);
}

/** Checks the public address: plain http and the simulator are for this machine only. */
function checkIssuer(values: Values, { isGiven: given, refuse }: EnvironmentReader): void {
  const { ISSUER: issuer, SMARTID_ENVIRONMENT: environment } = values;
  if (issuer?.startsWith('http:') && !isLoopbackUrl(issuer)) {
    refuse('ISSUER', 'must begin with https:// unless it is on localhost');
  }
  if (environment === 'simulator' && issuer !== undefined && !isLoopbackUrl(issuer)) {
    refuse(
      'SMARTID_ENVIRONMENT',
      'the simulator lets anybody be anybody, so it runs only with an ISSUER on localhost; set demo or live',
    );
  }
  if ((environment === 'demo' || environment === 'live') && !given('ISSUER')) {
    refuse('ISSUER', `is required with SMARTID_ENVIRONMENT=${environment}: the public address of Sild`);
  }
}

/** Checks what TLS needs, of the server and of clients. */
function checkTls(values: Values, { isGiven: given, refuse }: EnvironmentReader): void {
  if (given('TLS_CERT_FILE') !== given('TLS_KEY_FILE')) {
    refuse(
      given('TLS_CERT_FILE') ? 'TLS_KEY_FILE' : 'TLS_CERT_FILE',
      'TLS_CERT_FILE and TLS_KEY_FILE go together',
    );
  }
  if (values.MTLS_PORT !== undefined && values.MTLS_PORT !== 'off' && !given('TLS_CERT_FILE')) {
    refuse('MTLS_PORT', 'needs TLS_CERT_FILE; behind a proxy that serves TLS, set MTLS_CERT_HEADER');
  }
  if (given('MTLS_CERT_HEADER') !== given('MTLS_PROXIES')) {
    refuse(
      given('MTLS_CERT_HEADER') ? 'MTLS_PROXIES' : 'MTLS_CERT_HEADER',
      'MTLS_CERT_HEADER and MTLS_PROXIES go together',
    );
  }
  for (const variable of ['MTLS_URL', 'MTLS_CA_FILE']) {
    const isUsed = given('MTLS_CERT_HEADER') || (given('MTLS_PORT') && values.MTLS_PORT !== 'off');
    if (given(variable) && !isUsed) refuse(variable, 'needs MTLS_PORT or MTLS_CERT_HEADER');
  }
}

/** Checks that several processes can share what they need. */
function checkWorkers(values: Values, { isGiven: given, refuse }: EnvironmentReader): void {
  if (typeof values.WORKERS !== 'number' || values.WORKERS === 1) return;
  if (!given('DATABASE_URL')) {
    refuse(
      'WORKERS',
      'needs DATABASE_URL: the embedded database belongs to one process; or auto, which is 1 there',
    );
  }
  if (values.SMARTID_ENVIRONMENT === 'simulator') {
    refuse('WORKERS', 'must be 1 with the simulator, which keeps its requests in one process');
  }
}

/** Checks what the real Smart-ID, demo or live, needs. */
function checkRealSmartId(values: Values, { isGiven: given, refuse }: EnvironmentReader): void {
  const environment = values.SMARTID_ENVIRONMENT;
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
}

/** Checks that connections to Smart-ID are over TLS, and those to the live service pinned. */
function checkConnectionToSmartId(values: Values, { isGiven: given, refuse }: EnvironmentReader): void {
  const { SMARTID_ENVIRONMENT: environment, SMARTID_BASE_URL: baseUrl, SMARTID_TLS_PINS: pins } = values;
  if (environment === 'live' && !given('SMARTID_TLS_PINS')) {
    refuse(
      'SMARTID_TLS_PINS',
      'is required with SMARTID_ENVIRONMENT=live: npx sild doctor prints them; or none, to do without',
    );
  }
  const plain = baseUrl === undefined ? environment === 'simulator' : baseUrl.startsWith('http:');
  if (plain && pins !== undefined && pins.length > 0) {
    refuse('SMARTID_TLS_PINS', 'needs a SMARTID_BASE_URL that begins with https://');
  }
  if (baseUrl?.startsWith('http:') && !isLoopbackUrl(baseUrl)) {
    refuse('SMARTID_BASE_URL', 'must begin with https:// unless it is on localhost');
  }
}

/** Checks that the offered flows exist, and that at least one can be used. */
function checkFlows(values: Values, refuse: EnvironmentReader['refuse']): void {
  const { SMARTID_API_VERSION: apiVersion, SMARTID_FLOWS: asked, NOTIFICATION_POLICY: policy } = values;
  if (apiVersion === undefined || policy === undefined) return;
  const missing = (asked ?? []).filter((flow) => !flowsOf(apiVersion).includes(flow));
  if (missing.length > 0) {
    refuse('SMARTID_FLOWS', `RP API ${apiVersion} has no ${missing.join(', ')}`);
    return;
  }
  const flows = asked ?? flowsOf(apiVersion);
  const links = flows.some(isDeviceLinkFlow);
  if (!links && policy === 'never') {
    refuse('NOTIFICATION_POLICY', 'with never, nobody can log in: SMARTID_FLOWS has only notification');
  }
  if (!links && policy === 'known-browser') {
    refuse(
      'NOTIFICATION_POLICY',
      'known-browser needs qr or web2app: only with them a browser becomes known',
    );
  }
  const { ISSUER: issuer, SMARTID_ENVIRONMENT: environment } = values;
  if (links && environment !== 'simulator' && issuer?.startsWith('http:') && isLoopbackUrl(issuer)) {
    refuse(
      'ISSUER',
      'must begin with https:// so that Smart-ID can lead back to it; or set SMARTID_FLOWS=notification',
    );
  }
}

/** Checks that all listening ports differ. */
function checkPorts(values: Values, { isGiven, refuse }: EnvironmentReader): void {
  const simulated = values.SMARTID_ENVIRONMENT === 'simulator';
  const names = simulated
    ? (['PORT', 'METRICS_PORT', 'MTLS_PORT', 'OPS_PORT', 'SIMULATOR_PORT', 'SAMPLE_APP_PORT'] as const)
    : (['PORT', 'METRICS_PORT', 'MTLS_PORT', 'OPS_PORT'] as const);
  for (const [index, name] of names.entries()) {
    const port = values[name];
    const taken = names.slice(0, index).find((other) => values[other] === port);
    if (port === undefined || port === 'off' || taken === undefined) continue;
    // Report the variable that was given, not the one with a default.
    const [wrong, other] = isGiven(name) ? [name, taken] : [taken, name];
    refuse(wrong, `must be another port than ${other}: both are ${port}`);
  }
}
