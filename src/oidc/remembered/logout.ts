/**
 * A logout ends the remembered login of its client in this browser, whichever of its logins the logout names: otherwise the next
 * click on “log in” would log the person in again. A logout that names no client and finds no login ends all of this browser. One
 * with an ID token of a login that is not in this browser ends only a remembered login of the same person: another site can have an ID
 * token of somebody else, and nobody is asked.
 */
import type { EventEmitter } from 'node:events';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type Provider from 'oidc-provider';
import { identifierOfAccount } from '../claims-profiles/profiles.ts';
import type { ExpectedSubject } from '../interaction/expected-subject.ts';
import type { RecordStore } from '../stores.ts';
import type { BrowserContext, RememberedCookie } from './remembered-cookie.ts';

export function forgetAtLogout(
  provider: Provider,
  cookie: RememberedCookie,
  records: Pick<RecordStore, 'remove'>,
  expected: ExpectedSubject,
): void {
  const events: EventEmitter = provider;
  const ended = new WeakSet<object>();
  events.on('end_session.success', (ctx: object) => {
    ended.add(ctx);
  });

  provider.use(async (ctx, next) => {
    await next();
    if (!ended.has(ctx) || !(await isAsked(ctx as unknown as KoaContextWithOIDC))) return;
    const clients = clientsOf(ctx as unknown as KoaContextWithOIDC);
    // The logout has already destroyed the login that it names.
    for (const client of clients.length === 0 ? [undefined] : clients) {
      await endRemembered(cookie, records, ctx, client);
    }
  });

  async function isAsked({ req, oidc }: KoaContextWithOIDC): Promise<boolean> {
    const { client, entities, params, session } = oidc;
    if (!client || !entities.IdTokenHint || session?.accountId !== undefined) return true;
    const [id] = cookie.sessionIds(req, client.clientId);
    const accountId = id === undefined ? undefined : (await provider.Session.find(id))?.accountId;
    const hint = { id_token_hint: params?.id_token_hint };
    return accountId === undefined || expected(hint, client, identifierOfAccount(accountId));
  }
}

/**
 * Ends the remembered login of a client in a browser, or those of all clients, with their tokens, which are not valid without their
 * session. Can be repeated where it failed.
 */
export async function endRemembered(
  cookie: RememberedCookie,
  records: Pick<RecordStore, 'remove'>,
  ctx: BrowserContext,
  clientId?: string,
): Promise<void> {
  for (const id of cookie.sessionIds(ctx.req, clientId)) await records.remove('Session', id);
  cookie.remove(ctx, clientId);
}

/** The client of the logout, and that of the session which it ended. */
function clientsOf({ oidc: { client, session } }: KoaContextWithOIDC): readonly string[] {
  const ofSession = Object.keys(session?.authorizations ?? {});
  return [...new Set([...ofSession, ...(client ? [client.clientId] : [])])];
}
