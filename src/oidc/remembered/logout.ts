/**
 * A logout ends the remembered login of its client in this browser, whichever of its logins the logout names: otherwise the next
 * click on “log in” would log the person in again. A logout that names no client and finds no login ends all of this browser.
 */
import type { EventEmitter } from 'node:events';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type Provider from 'oidc-provider';
import type { RememberedCookie } from './remembered-cookie.ts';

export function forgetAtLogout(provider: Provider, cookie: RememberedCookie): void {
  const events: EventEmitter = provider;
  const ended = new WeakSet<object>();
  events.on('end_session.success', (ctx: object) => {
    ended.add(ctx);
  });

  provider.use(async (ctx, next) => {
    await next();
    if (!ended.has(ctx)) return;
    const clients = clientsOf(ctx as unknown as KoaContextWithOIDC);
    const sessions =
      clients.length === 0 ? cookie.remove(ctx) : clients.flatMap((client) => cookie.remove(ctx, client));
    // The one that the logout has named is destroyed already.
    await endSessions(provider, sessions);
  });
}

/** Tokens are not valid without their session. */
export async function endSessions(provider: Provider, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const session = await provider.Session.find(id);
    await session?.destroy();
  }
}

/** The client of the logout, and that of the session which it ended. */
function clientsOf({ oidc: { client, session } }: KoaContextWithOIDC): readonly string[] {
  const ofSession = Object.keys(session?.authorizations ?? {});
  return [...new Set([...ofSession, ...(client ? [client.clientId] : [])])];
}
