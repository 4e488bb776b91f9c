/**
 * The OpenID Connect module on its own port, with stub login pages: GET /login/:uid returns the interaction as JSON, POST
 * /login/:uid completes it with the login result in `result`, POST /login/:uid/abort aborts it for the `reason`.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import * as openid from 'openid-client';
import type { ClientMetadata } from 'oidc-provider';
import type { AuditEntry } from '../../src/audit/audit-store.ts';
import type { AuditEvent } from '../../src/audit/events.ts';
import { createLogger } from '../../src/log/logger.ts';
import { withRequestId } from '../../src/log/request-id.ts';
import { type AuthenticatedAttempt, transition } from '../../src/login/attempt.ts';
import type { AttemptStore } from '../../src/login/attempt-store.ts';
import type { LoginResult } from '../../src/login/login-result.ts';
import type { ClientFetch } from '../../src/oidc/clients/client-fetch.ts';
import type { CibaOptions } from '../../src/oidc/ciba/ciba.ts';
import type { MutualTls } from '../../src/oidc/mtls/mutual-tls.ts';
import type { OidcPages } from '../../src/oidc/provider/pages.ts';
import {
  type AbortReason,
  InteractionGoneError,
  type LoginInteraction,
} from '../../src/oidc/interaction/login-interaction.ts';
import type { OperatorSettings } from '../../src/oidc/login-settings/login-settings.ts';
import { createOpenIdProvider, type OpenIdProvider } from '../../src/oidc/openid-provider.ts';
import { createSecrets, type Secrets } from '../../src/secrets/secrets.ts';
import type { KeyChange, LoginResultStore, RecordStore, SigningKeyStore } from '../../src/oidc/stores.ts';
import { createTestAudit } from './outputs/audit.ts';
import { createHttpBrowser, type HttpBrowser, type HttpPage } from './servers/http-browser.ts';

export const CLIENT_SECRET = 'a client secret of the tests';
export const REDIRECT_URI = 'http://localhost:9/callback';
export const HOME = 'http://localhost:9/';

export const secrets = createSecrets('a secret key of the tests, long enough');

/** A confidential client; tests override members. */
export function aClient(changes: Partial<ClientMetadata> = {}): ClientMetadata {
  return {
    client_id: 'client',
    client_secret: CLIENT_SECRET,
    client_name: 'A client',
    client_uri: HOME,
    redirect_uris: [REDIRECT_URI],
    post_logout_redirect_uris: [HOME],
    ...changes,
  };
}

export function aLogin(changes: Partial<LoginResult> = {}): LoginResult {
  return {
    person: {
      givenName: 'ÕIE-MARY',
      surname: 'ÄNN',
      semanticsIdentifier: 'PNOEE-40504040001',
      identityType: 'PNO',
      identityCountry: 'EE',
      identityNumber: '40504040001',
      birthdate: '1905-04-04',
    },
    certificateLevel: 'QUALIFIED',
    documentNumber: 'PNOEE-40504040001-MOCK-Q',
    flow: 'notification',
    authenticatedAt: Math.floor(Date.now() / 1000),
    ...changes,
  };
}

export function aLoginOf(semanticsIdentifier: string): LoginResult {
  return aLogin({ person: { ...aLogin().person, semanticsIdentifier } });
}

const pages: OidcPages = {
  error(ctx, error) {
    ctx.type = 'html';
    ctx.body = JSON.stringify({ page: 'error', ...error });
  },
  submit(ctx, { form: { action, fields } }) {
    ctx.type = 'html';
    const inputs = fields.map(({ name, value }) => `<input name="${name}" value="${escaped(value)}">`);
    ctx.body = `<form method="post" action="${escaped(action)}">${inputs.join('')}</form>`;
  },
  onward(ctx, { client, done, href }) {
    ctx.type = 'html';
    ctx.body = JSON.stringify({ page: 'onward', client: client.name, done, href });
  },
  unavailable(ctx) {
    ctx.status = 503;
    ctx.type = 'html';
    ctx.body = JSON.stringify({ page: 'unavailable' });
  },
  logout(ctx, form) {
    ctx.type = 'html';
    ctx.body = JSON.stringify({ page: 'logout', form });
  },
  stillLoggedIn(ctx, client) {
    ctx.type = 'html';
    ctx.body = JSON.stringify({ page: 'still logged in', client: client?.name });
  },
  loggedOut(ctx, unregistered) {
    ctx.type = 'html';
    ctx.body = JSON.stringify({ page: 'logged out', unregistered: unregistered?.name });
  },
};

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}

export interface Bridge extends OpenIdProvider {
  readonly issuer: string;
  /** The address on which it listens, which can differ from the issuer. */
  readonly port: number;
  readonly stores: OidcStores;
  readonly logLines: string[];
  /** The audited events. */
  readonly audited: AuditEvent[];
  /** The entries of the audit, as they are stored. */
  storedAudit(): Promise<readonly AuditEntry[]>;
  close(): Promise<void>;
}

export interface OidcStores {
  /** Of the logins at the stub pages. */
  readonly attempts: AttemptStore;
  readonly records: RecordStore;
  readonly loginResults: LoginResultStore;
  readonly signingKeys: SigningKeyStore;
  readonly pairwiseKey: Buffer;
}

/** An operator who limits nothing. */
export const OPERATOR: OperatorSettings = {
  flows: ['qr', 'web2app', 'notification'],
  notificationPolicy: 'always',
  countries: undefined,
  certificateLevel: 'ADVANCED',
  relyingParties: [{ name: 'DEMO' }],
};

export interface BridgeOptions {
  readonly stores: OidcStores;
  readonly clients?: readonly ClientMetadata[];
  readonly issuer?: string;
  /** Default: {@link OPERATOR}. */
  readonly operator?: OperatorSettings;
  readonly trustProxy?: number;
  readonly now?: () => number;
  readonly secrets?: Secrets;
  readonly keyRotationDays?: number;
  /** For example the port of a closed bridge; any free port by default. */
  readonly port?: number;
  readonly onKeyChange?: (change: KeyChange) => void;
  readonly isOutage?: (error: unknown) => boolean;
  /** Clients with TLS certificates; none by default. */
  readonly mutualTls?: MutualTls | undefined;
  /** Fetches the keys of clients; as without CLIENT_FETCH_ALLOWED_HOSTS by default. */
  readonly clientFetch?: ClientFetch;
  /** Logins without a browser; none by default. */
  readonly ciba?: CibaOptions;
  /** Pages that replace the stub pages. */
  readonly pages?: Partial<OidcPages>;
}

export async function startBridge(options: BridgeOptions): Promise<Bridge> {
  const { pairwiseKey } = options.stores;
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  const issuer = options.issuer ?? `http://localhost:${port}`;
  const logLines: string[] = [];
  const log = createLogger({ level: 'debug', destination: { write: (line) => logLines.push(line) } });
  const audit = createTestAudit(log);
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  const openId = await createOpenIdProvider({
    issuer,
    records: options.stores.records,
    loginResults: options.stores.loginResults,
    signingKeys: options.stores.signingKeys,
    secrets: options.secrets ?? secrets,
    pairwiseKey,
    operator: options.operator ?? OPERATOR,
    trustProxy: options.trustProxy ?? 0,
    pages: { ...pages, ...options.pages },
    builtInClients: options.clients ?? [aClient()],
    audit,
    log,
    keyRotationDays: options.keyRotationDays,
    clientFetch: options.clientFetch,
    mutualTls: options.mutualTls,
    ciba: options.ciba,
    isOutage: options.isOutage ?? (() => false),
    waitOfPushed: () => 0,
    ...(options.onKeyChange ? { onKeyChange: options.onKeyChange } : {}),
    now: options.now ?? Date.now,
  }).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const callback = openId.callback();
  server.on('request', (req, res) => {
    if (req.url?.startsWith('/login/')) void playLoginPage(openId, options.stores.attempts, req, res);
    else
      withRequestId(() => {
        callback(req, res);
      });
  });
  return {
    ...openId,
    issuer,
    port,
    stores: options.stores,
    logLines,
    audited: audit.events,
    storedAudit: () => audit.stored(),
    close,
  };
}

async function playLoginPage(
  { interactions }: OpenIdProvider,
  attempts: AttemptStore,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const answer = (status: number, body: unknown) => {
    res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  try {
    if (req.method === 'GET') {
      const interaction = await interactions.find(req, res);
      answer(interaction ? 200 : 404, interaction ?? {});
      return;
    }
    const address = req.url?.endsWith('/abort')
      ? await interactions.abort(req, res, reasonIn(await text(req)))
      : await complete(attempts, await interactions.find(req, res), resultIn(await text(req)));
    res.writeHead(303, { location: address }).end();
  } catch (error) {
    answer(500, { code: error instanceof Error && 'code' in error ? error.code : String(error) });
  }
}

/** As `Login.complete`: by the statement that finishes an attempt. @returns the address at which the browser goes on */
async function complete(
  attempts: AttemptStore,
  interaction: LoginInteraction | undefined,
  result: LoginResult,
): Promise<string> {
  if (!interaction) throw new InteractionGoneError();
  const attempt: AuthenticatedAttempt = {
    state: 'authenticated',
    id: randomUUID(),
    interactionUid: interaction.uid,
    clientId: interaction.client.id,
    createdAt: Date.now(),
    flow: result.flow,
    authenticatedAt: Date.now(),
    result,
  };
  const completion = await interaction.completionWith(result);
  await attempts.add(attempt);
  const finished = transition(attempt, { type: 'finish' }, Date.now());
  if (!finished || !(await attempts.replace(attempt, finished, undefined, [completion])))
    throw new Error('the attempt is not stored');
  return interaction.continueAt;
}

function reasonIn(form: string): AbortReason {
  return new URLSearchParams(form).has('reason', 'account_not_suitable')
    ? 'account_not_suitable'
    : 'user_cancel';
}

function resultIn(form: string): LoginResult {
  return JSON.parse(new URLSearchParams(form).get('result') ?? '') as LoginResult;
}

/** A person's browser. It follows redirects within the bridge and stops at a redirect to a client. */
export function personAt({ issuer }: Bridge): HttpBrowser {
  return createHttpBrowser({ stopAt: (url) => url.origin !== issuer });
}

/** An openid-client relying party of the bridge. */
export function relyingParty(
  { issuer }: Bridge,
  clientId = 'client',
  metadata: Partial<openid.ClientMetadata> = {},
  authentication: openid.ClientAuth = openid.ClientSecretBasic(CLIENT_SECRET),
): Promise<openid.Configuration> {
  return openid.discovery(new URL(issuer), clientId, metadata, authentication, {
    execute: [openid.allowInsecureRequests],
  });
}

export interface AuthorizationRequest {
  readonly url: URL;
  readonly checks: openid.AuthorizationCodeGrantChecks;
}

/** A valid authorization request for the `openid` scope; a test overrides parameters. */
export async function authorizationRequest(
  config: openid.Configuration,
  parameters: Record<string, string> = {},
): Promise<AuthorizationRequest> {
  const pkceCodeVerifier = openid.randomPKCECodeVerifier();
  const expectedState = openid.randomState();
  const expectedNonce = openid.randomNonce();
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri: REDIRECT_URI,
    scope: 'openid',
    state: expectedState,
    nonce: expectedNonce,
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...parameters,
  });
  return { url, checks: { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true } };
}

/** Opens the login page of an authorization request and returns its address. */
export async function toLoginPage(person: HttpBrowser, request: URL): Promise<URL> {
  const { url } = await person.get(request);
  if (!url.pathname.startsWith('/login/')) throw new Error(`not a login page: ${url.href}`);
  return url;
}

/** Completes a login page and returns the last page, normally the client's. */
export function finishLogin(
  person: HttpBrowser,
  loginPage: URL,
  login: LoginResult = aLogin(),
): Promise<HttpPage> {
  return person.post(loginPage, { result: JSON.stringify(login) });
}

/** The browser's part of a login. Returns the redirect to the client. */
export async function logIn(person: HttpBrowser, request: URL, login: LoginResult = aLogin()): Promise<URL> {
  return (await finishLogin(person, await toLoginPage(person, request), login)).url;
}

/** A complete login with its tokens. */
export async function tokensOf(
  bridge: Bridge,
  config: openid.Configuration,
  parameters: Record<string, string> = {},
  login: LoginResult = aLogin(),
) {
  const { url, checks } = await authorizationRequest(config, parameters);
  return openid.authorizationCodeGrant(config, await logIn(personAt(bridge), url, login), checks);
}

/** The OAuth error with which openid-client rejects, else the error's `code`. */
export async function oauthErrorOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof openid.ResponseBodyError || error instanceof openid.AuthorizationResponseError) {
      return error.error;
    }
    throw error;
  }
  throw new Error('it succeeded');
}
