/** What of OpenID Connect an auditor asks about: who got which code and tokens, signed by which key, and who logged out. */
import type { EventEmitter } from 'node:events';
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

/** Which client, from where. An id of a client that is none of ours is not one. */
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
const header = z.object({ kid: z.string() });

/** The `kid` in the header of the ID token, which oidc-provider has just made. (RFC 7515 4.1.4) */
function signingKeyOf(body: unknown): string | undefined {
  const idToken = tokens.safeParse(body).data?.id_token;
  if (idToken === undefined) return undefined;
  const [encoded = ''] = idToken.split('.');
  return header.safeParse(JSON.parse(Buffer.from(encoded, 'base64url').toString())).data?.kid;
}
