/**
 * Errors: a page for people, OAuth's JSON for clients (which oidc-provider writes), a line for the log.
 *
 * A request that broke a rule is an event of the audit: which rule, at which endpoint, by which client. Requests, tokens and
 * persons stay out of it. Page, log and audit have the number of the request.
 */
import type { EventEmitter } from 'node:events';
import type { Configuration, errors, KoaContextWithOIDC } from 'oidc-provider';
import type Provider from 'oidc-provider';
import type { Audit } from '../../audit/audit.ts';
import type { Logger } from '../../log/logger.ts';
import { currentRequestId } from '../../log/request-id.ts';
import { askedBy } from './audit-trail.ts';
import type { OidcPages } from './pages.ts';

/** oidc-provider's events for requests that broke a rule. */
export const REFUSALS = [
  'authorization.error',
  'pushed_authorization_request.error',
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

/** The page of an error that cannot be answered to the client. */
export function renderErrorWith(pages: OidcPages): NonNullable<Configuration['renderError']> {
  return (ctx, { error, error_description }) => {
    const description = error === 'server_error' ? undefined : error_description;
    pages.error(ctx, { code: error, description, incident: currentRequestId() });
  };
}

/** Tells the audit and the log what goes wrong, and answers what oidc-provider itself does not catch. */
export function reportErrors(provider: Provider, pages: OidcPages, audit: Audit, log: Logger): void {
  const events: EventEmitter = provider;

  for (const event of REFUSALS) {
    events.on(event, (ctx: KoaContextWithOIDC, error: errors.OIDCProviderError) => {
      const what = { endpoint: ctx.oidc.route, code: error.error, detail: detailOf(error) };
      audit.record({ event: 'oidc_refused', ...askedBy(ctx), ...what });
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
      pages.error(ctx, { code: 'server_error', description: undefined, incident: request });
    }
  });

  // Koa's own channel: an answer that could not be written, or a page that could not be drawn.
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

/** The reason, where it is a fixed sentence of oidc-provider's; one taken from a cause could quote the request. */
function detailOf(error: errors.OIDCProviderError): string | undefined {
  return error.cause === undefined ? error.error_detail : undefined;
}

function isErrorBody(body: unknown): body is { readonly error: 'server_error' } {
  return typeof body === 'object' && body !== null && 'error' in body && body.error === 'server_error';
}
