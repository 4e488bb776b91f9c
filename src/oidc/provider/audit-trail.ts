/** Records in the audit: who received which code and tokens, which key signed them, and who logged out. */
import type { EventEmitter } from 'node:events';
import { decodeProtectedHeader } from 'jose';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type Provider from 'oidc-provider';
import { z } from 'zod';
import type { Audit } from '../../audit/audit.ts';

export function recordTokens(provider: Provider, audit: Audit): void {
  const events: EventEmitter = provider;
  events.on('authorization.success', (ctx: KoaContextWithOIDC) => {
    audit.record({ event: 'code_issued', ...askedBy(ctx), ...loginOf(ctx) });
  });
  events.on('grant.success', (ctx: KoaContextWithOIDC) => {
    audit.record({ event: 'tokens_issued', ...askedBy(ctx), ...loginOf(ctx), key: signingKeyOf(ctx.body) });
  });
  events.on('grant.revoked', (ctx: KoaContextWithOIDC) => {
    audit.record({ event: 'grant_revoked', endpoint: ctx.oidc.route, ...askedBy(ctx), ...loginOf(ctx) });
  });
  events.on('end_session.success', (ctx: KoaContextWithOIDC) => {
    audit.record({ event: 'logged_out', ...askedBy(ctx), ...loginOf(ctx) });
  });
}

/** The client and the address. Unknown client IDs are omitted. */
export function askedBy(ctx: KoaContextWithOIDC) {
  return { client: ctx.oidc.client?.clientId, address: ctx.ip };
}

function loginOf({ oidc: { entities, session } }: KoaContextWithOIDC) {
  const { Account, AuthorizationCode } = entities;
  const attempt = Account?.attempt;
  return {
    person: Account?.accountId ?? AuthorizationCode?.accountId ?? session?.accountId,
    ...(typeof attempt === 'string' ? { attempt } : {}),
  };
}

const tokens = z.object({ id_token: z.string() });

/** The `kid` in the header of the ID token that oidc-provider has just signed. (RFC 7515 4.1.4) */
function signingKeyOf(body: unknown): string | undefined {
  const idToken = tokens.safeParse(body).data?.id_token;
  return idToken === undefined ? undefined : decodeProtectedHeader(idToken).kid;
}
