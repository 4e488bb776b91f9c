/**
 * Where the Smart-ID app opens the browser after a confirmation: a new tab, with or without the cookie of the browser that
 * began the login. (RP API 3.2, Callback URLs)
 *
 *   value ─▶ login.receiveCallback: the callback is used up in any case; the login goes on only in the browser that began it
 *         ─▶ accepted: redirect to the waiting page of the login, which verifies and completes it in this tab
 *         ─▶ altered, or another browser: redirect to the same page, which says why the login failed and offers another flow
 *         ─▶ used before, by this browser, whose login still goes on: to the same page, since the answer may have been lost
 *         ─▶ used before, or unknown: a page that says so
 *
 * No page is rendered at this address: a page may contain its own address, and this one is a credential.
 */
import { z } from 'zod';
import { loginPath } from '../../../oidc/provider/protocol.ts';
import { CALLBACK_USED_PATH } from '../../addresses.ts';
import { seeOther, type WebContext } from '../../context.ts';
import type { LoginPageDependencies } from '../page-context.ts';

/** Longer than any value that Sild or Smart-ID puts there. */
const parameter = z.string().min(1).max(512);

const callbackSchema = z.object({
  value: parameter,
  sessionSecretDigest: parameter,
  userChallengeVerifier: parameter,
});

export async function receiveCallback(dependencies: LoginPageDependencies, ctx: WebContext): Promise<void> {
  const { login, interactions } = dependencies;
  const value = parameter.safeParse(ctx.query.value);
  if (!value.success) {
    seeOther(ctx, CALLBACK_USED_PATH);
    return;
  }
  const isBoundToBrowser = (uid: string) => interactions.isBoundToBrowser(ctx.req, uid);
  const parameters = callbackSchema.safeParse(ctx.query);
  const attempt = await login.receiveCallback({
    // An incomplete callback is used up like a complete one; the empty values match nothing.
    ...(parameters.success
      ? parameters.data
      : { value: value.data, sessionSecretDigest: '', userChallengeVerifier: '' }),
    isBoundToBrowser,
  });
  const uid = attempt?.interactionUid ?? (await goingOnHere(dependencies, ctx));
  if (uid === undefined) {
    seeOther(ctx, CALLBACK_USED_PATH);
    return;
  }
  // The waiting page of the login shows the result; in another browser, that the login does not belong to it.
  const sent = isFromOtherSite(ctx) ? '&sent' : '';
  seeOther(ctx, `${loginPath(uid)}/wait?callback${sent}`);
}

/** A login of this browser whose callback was used, and which is not complete: the request may be one that was sent again. */
async function goingOnHere(
  { login, interactions, pages }: LoginPageDependencies,
  ctx: WebContext,
): Promise<string | undefined> {
  for (const uid of pages.origins.uids(ctx)) {
    if (!interactions.isBoundToBrowser(ctx.req, uid)) continue;
    const state = (await login.current(uid))?.state;
    if (state === 'callback_received' || state === 'authenticated') return uid;
  }
  return undefined;
}

/** Says that a callback was already used. */
export function explainUsed({ pages }: LoginPageDependencies, ctx: WebContext): void {
  pages.notice(ctx, 410, { ...pages.messagesOf(ctx).notices.callbackUsed, reference: ctx.state.requestId });
}

/** The app opens the callback directly. A page may do it by a form, whose `form-action` would block the redirect to the client. */
function isFromOtherSite(ctx: WebContext): boolean {
  return ['cross-site', 'same-site'].includes(ctx.get('Sec-Fetch-Site'));
}
