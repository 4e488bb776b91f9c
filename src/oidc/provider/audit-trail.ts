/** Records in the audit: who received which code and tokens, which key signed them, and who logged out. */
import type { EventEmitter } from 'node:events';
import { decodeProtectedHeader } from 'jose';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type Provider from 'oidc-provider';
import { z } from 'zod';
import { identifierOfAccount } from '../claims-profiles/profiles.ts';
import type { Audit } from '../../audit/audit.ts';
import type { AuditEvent } from '../../audit/events.ts';
import { hasLogin } from '../logout/without-login.ts';
import { isRecalled } from '../remembered/recalled.ts';

/** oidc-provider's events that are recorded. */
export const TOKEN_EVENTS = [
  'authorization.success',
  'grant.success',
  'grant.revoked',
  'end_session.success',
] as const;

/**
 * @param afterStored runs a function once what the request stores is stored
 * @param now milliseconds since the epoch
 */
export function recordTokens(
  provider: Provider,
  audit: Audit,
  afterStored: (act: () => void) => void,
  now: () => number,
): void {
  const events: EventEmitter = provider;
  for (const event of TOKEN_EVENTS) {
    events.on(event, (ctx: KoaContextWithOIDC) => {
      // Anybody can log out where nobody is logged in, in any number.
      if (event === 'end_session.success' && !hasLogin(ctx.oidc.session)) return;
      const happened = auditEventOf(event, ctx);
      const seconds = secondsSinceLogin(ctx, now);
      afterStored(() => {
        if (event === 'authorization.success' && isRecalled(ctx)) {
          audit.record({ event: 'login_remembered', ...whoOf(ctx), seconds });
        }
        audit.record(happened);
      });
    });
  }
}

function auditEventOf(event: (typeof TOKEN_EVENTS)[number], ctx: KoaContextWithOIDC): AuditEvent {
  const who = whoOf(ctx);
  switch (event) {
    case 'authorization.success':
      return { event: 'code_issued', ...who };
    case 'grant.success':
      return { event: 'tokens_issued', ...who, key: signingKeyOf(ctx.body) };
    case 'grant.revoked':
      return { event: 'grant_revoked', endpoint: ctx.oidc.route, ...who };
    case 'end_session.success':
      return { event: 'logged_out', ...who };
  }
}

function whoOf(ctx: KoaContextWithOIDC) {
  return { ...askedBy(ctx), ...loginOf(ctx) };
}

function secondsSinceLogin({ oidc: { session } }: KoaContextWithOIDC, now: () => number): number {
  const seconds = Math.floor(now() / 1000);
  return Math.max(0, seconds - (session?.loginTs ?? seconds));
}

/** The client and the address. Unknown client IDs are omitted. */
export function askedBy(ctx: KoaContextWithOIDC) {
  return { client: ctx.oidc.client?.clientId, address: ctx.ip };
}

function loginOf({ oidc: { entities, session } }: KoaContextWithOIDC) {
  const { Account, AuthorizationCode } = entities;
  const attempt = Account?.attempt;
  const accountId = Account?.accountId ?? AuthorizationCode?.accountId ?? session?.accountId;
  return {
    person: accountId && identifierOfAccount(accountId),
    ...(typeof attempt === 'string' ? { attempt } : {}),
  };
}

const tokens = z.object({ id_token: z.string() });

/** The `kid` in the header of the ID token that oidc-provider has just signed. (RFC 7515 4.1.4) */
function signingKeyOf(body: unknown): string | undefined {
  const idToken = tokens.safeParse(body).data?.id_token;
  return idToken === undefined ? undefined : decodeProtectedHeader(idToken).kid;
}
