/**
 * Errors: a page for people, OAuth's JSON for clients (which oidc-provider writes), a line in the log.
 *
 * A refused request is an event in the audit: the error code, the reason, the endpoint, the client. Of its parameters it
 * contains only where an unregistered redirect URI leads, without its query; no tokens or personal data. Page, log and audit contain the same number of the request.
 */
import type { EventEmitter } from 'node:events';
import type { Context } from 'koa';
import type { Configuration, errors, KoaContextWithOIDC } from 'oidc-provider';
import type Provider from 'oidc-provider';
import type { Audit } from '../../audit/audit.ts';
import type { Logger } from '../../log/logger.ts';
import { currentRequestId } from '../../log/request-id.ts';
import { askedBy } from './audit-trail.ts';
import { recordedUri } from '../uris.ts';
import type { OidcPages } from './pages.ts';
import { documentationOf, fixedReason } from '../refusal-guidance.ts';

/** What the token endpoint answers while a person has not answered yet: it happens at every login without a browser. */
const NOT_YET: readonly string[] = ['authorization_pending', 'slow_down'];

/** oidc-provider's events for refused requests. */
export const REFUSALS = [
  'authorization.error',
  'pushed_authorization_request.error',
  'backchannel_authentication.error',
  'grant.error',
  'userinfo.error',
  'introspection.error',
  'revocation.error',
  'end_session.error',
  'end_session_confirm.error',
  'end_session_success.error',
  'discovery.error',
  'jwks.error',
] as const;

/** Renders the page of an error that cannot be returned to the client. */
export function renderErrorWith(pages: OidcPages): NonNullable<Configuration['renderError']> {
  return (ctx, { error, error_description }) => {
    const purpose = purposeOf(ctx);
    const failed = error === 'server_error';
    pages.error(ctx, {
      purpose,
      code: error,
      description: failed ? undefined : fixedReason(error_description),
      documentation: failed ? undefined : documentationOf(purpose, error),
      incident: currentRequestId(),
    });
  };
}

/** Refuses the form of a logout as oidc-provider does, where it does not get the form. */
export function refuseLogout(ctx: Context, pages: OidcPages, audit: Audit): void {
  const [purpose, code] = ['logout', 'invalid_request'] as const;
  audit.record({ event: 'oidc_refused', address: ctx.ip, endpoint: 'end_session_confirm', code });
  ctx.status = 400;
  pages.error(ctx, {
    purpose,
    code,
    description: undefined,
    documentation: documentationOf(purpose, code),
    incident: currentRequestId(),
  });
}

/** @param ctx has no `oidc` before its route is found */
function purposeOf(ctx: object): 'login' | 'logout' {
  const { oidc } = ctx as Partial<KoaContextWithOIDC>;
  return oidc?.route.startsWith('end_session') ? 'logout' : 'login';
}

/** Records errors in the audit and the log, and responds to those that oidc-provider does not catch. */
export function reportErrors(provider: Provider, pages: OidcPages, audit: Audit, log: Logger): void {
  const events: EventEmitter = provider;

  for (const event of REFUSALS) {
    events.on(event, (ctx: KoaContextWithOIDC, error: errors.OIDCProviderError) => {
      if (NOT_YET.includes(error.error)) return;
      const { route } = ctx.oidc;
      const what = { endpoint: route, code: error.error, detail: detailOf(error, route) };
      audit.record({ event: 'oidc_refused', ...askedBy(ctx), ...what, ...unregisteredUri(ctx, error) });
    });
  }

  events.on('server_error', (ctx: KoaContextWithOIDC, error: unknown) => {
    const request = currentRequestId();
    log.error({ event: 'oidc_failed', ...whereOf(ctx), request, err: error }, 'unforeseen error');
    if (isErrorBody(ctx.body)) ctx.body = { ...ctx.body, error_description: `incident ${request}` };
  });

  provider.use(async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const request = currentRequestId();
      log.error({ event: 'oidc_failed', request, err: error }, 'unforeseen error');
      ctx.status = 500;
      pages.error(ctx, {
        purpose: purposeOf(ctx),
        code: 'server_error',
        description: undefined,
        incident: request,
      });
    }
  });

  // Koa's own event: a response could not be written, or a page could not be rendered.
  events.on('error', (error: unknown) => {
    log.error(
      { event: 'oidc_failed', request: currentRequestId(), err: error },
      'an answer could not be given',
    );
  });
}

function whereOf({ oidc }: KoaContextWithOIDC) {
  return { endpoint: oidc.route, client: oidc.client?.clientId };
}

/** Routes whose descriptions are fixed sentences or name parameters: what an operator who connects a client has to know. */
const DESCRIBED: readonly string[] = [
  'authorization',
  'pushed_authorization_request',
  'backchannel_authentication',
  'end_session',
];

/** The reason. With a cause, the text could contain data of the request, unless it is one of the fixed sentences. */
function detailOf(error: errors.OIDCProviderError, route: string): string | undefined {
  if (error.cause !== undefined)
    return DESCRIBED.includes(route) ? fixedReason(error.error_description) : undefined;
  return error.error_detail ?? (DESCRIBED.includes(route) ? error.error_description : undefined);
}

/** Where a URI that is not registered leads: anybody can send one, so it is cut, and its query is left out. */
function unregisteredUri({ oidc }: KoaContextWithOIDC, error: errors.OIDCProviderError) {
  const { redirect_uri: uri, post_logout_redirect_uri: logoutUri } = oidc.params ?? {};
  if (error.error === 'invalid_redirect_uri') return { redirectUri: recordedUri(uri) };
  if (oidc.route !== 'end_session' || typeof logoutUri !== 'string') return {};
  return oidc.client?.postLogoutRedirectUriAllowed(logoutUri) === false
    ? { redirectUri: recordedUri(logoutUri) }
    : {};
}

function isErrorBody(body: unknown): body is { readonly error: 'server_error' } {
  return typeof body === 'object' && body !== null && 'error' in body && body.error === 'server_error';
}
