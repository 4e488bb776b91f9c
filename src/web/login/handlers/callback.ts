/**
 * Where the Smart-ID app leads the browser back to: a new tab, with the cookie of the browser that began or without.
 * (RP API 3.2, Callback URLs)
 *
 *   value ─▶ login.returned: spent, whatever comes of it; goes on only in the browser that the login began in
 *         ─▶ returned: onward to the waiting page of the login, which verifies and completes it here
 *         ─▶ altered, or not this browser's: there, why it has ended, and another way in
 *         ─▶ used before, or never ours: a page that says so
 *
 * No page is drawn at this address, since a page may name its own address and this one is a credential.
 */
import { z } from 'zod';
import { loginPath } from '../../../oidc/provider/protocol.ts';
import type { WebContext } from '../../context.ts';
import { USED_PATH } from '../callback-path.ts';
import { seeOther } from '../interaction-lookup.ts';
import type { LoginRooms } from '../handler.ts';

/** Longer than anything that is ours or Smart-ID's. */
const parameter = z.string().min(1).max(512);

const callbackSchema = z.object({
  value: parameter,
  sessionSecretDigest: parameter,
  userChallengeVerifier: parameter,
});

export async function receiveCallback(rooms: LoginRooms, ctx: WebContext): Promise<void> {
  const { login, interactions } = rooms;
  const value = parameter.safeParse(ctx.query.value);
  if (!value.success) {
    seeOther(ctx, USED_PATH);
    return;
  }
  const isBoundToBrowser = (uid: string) => interactions.isBoundToBrowser(ctx.req, uid);
  const brought = callbackSchema.safeParse(ctx.query);
  const attempt = await login.returned(
    brought.success
      ? { ...brought.data, isBoundToBrowser }
      : // Half a callback is spent like a whole one, and what is missing fits nothing.
        { value: value.data, sessionSecretDigest: '', userChallengeVerifier: '', isBoundToBrowser },
  );
  if (!attempt) {
    seeOther(ctx, USED_PATH);
    return;
  }
  // The address of the login says the rest: it goes on, or why it has ended; in another browser, that it is not from there.
  const sent = ledHereByAPage(ctx) ? '&sent' : '';
  seeOther(ctx, `${loginPath(attempt.interactionUid)}/wait?returned${sent}`);
}

/** Says that a callback is spent. */
export function explainUsed({ pages }: LoginRooms, ctx: WebContext): void {
  pages.notice(ctx, 410, pages.messages.notices.returnUsed);
}

/** The app opens the callback by itself. Where a page does, it may be by a form, whose policy would stop the way onward. */
function ledHereByAPage(ctx: WebContext): boolean {
  return ['cross-site', 'same-site'].includes(ctx.get('Sec-Fetch-Site'));
}
