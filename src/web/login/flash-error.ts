/**
 * The error of a form for a personal code, and what was typed into it, carried over the redirect that answers the form.
 * If the answer were the page itself, Back could not show it again, since Sild's pages are not cached.
 *
 *   POST …/code ─ setFlashError ─▶ 303 ─▶ GET …/code ─ consumeFlashError: shown once, then deleted
 *
 * What was typed is personal data: only the browser stores it, sealed for this login, for one path and for a minute.
 */
import { z } from 'zod';
import { COUNTRIES } from '../../identity/countries/rules.ts';
import { loginPath } from '../../oidc/provider/protocol.ts';
import { type Cookie, cookieOf, dropCookie, sealedCookieOf, setSealedCookie } from '../cookies.ts';
import type { LoginPageContext, LoginPageDependencies } from './page-context.ts';

/** Longer than any redirect takes. */
const LIFETIME_MS = 60_000;

const flashErrorSchema = z.object({
  /** Absent if none of the offered countries was chosen; with `other_country`, the one that the code fits. */
  country: z.enum(COUNTRIES).optional(),
  personalCode: z.string(),
  /** Whether the box was ticked. */
  remember: z.boolean().optional(),
  error: z.enum(['country', 'other_country', 'empty', 'format', 'check_digit']),
});

export type FlashError = z.infer<typeof flashErrorSchema>;

/** Stores the error for the next page of the form. */
export function setFlashError(
  { ctx, uid }: Pick<LoginPageContext, 'ctx' | 'uid'>,
  { secrets }: Pick<LoginPageDependencies, 'secrets'>,
  flashError: FlashError,
): void {
  setSealedCookie(ctx, cookieFor(uid), flashError, {
    secrets,
    purpose: purposeOf(uid),
    lifetimeMs: LIFETIME_MS,
  });
}

/** The error of the form that was just sent, and deletes it; `undefined` for anything that Sild did not seal. */
export function consumeFlashError(
  { ctx, uid }: Pick<LoginPageContext, 'ctx' | 'uid'>,
  { secrets }: Pick<LoginPageDependencies, 'secrets'>,
): FlashError | undefined {
  if (cookieOf(ctx, cookieFor(uid)) === undefined) return undefined;
  dropCookie(ctx, cookieFor(uid));
  return flashErrorSchema.safeParse(sealedCookieOf(ctx, cookieFor(uid), secrets, purposeOf(uid))).data;
}

function cookieFor(uid: string): Cookie {
  return { name: 'sild_typed', path: `${loginPath(uid)}/code` };
}

/** What the seal is bound to: a value sealed for another login does not open. */
function purposeOf(uid: string): string {
  return `typed:${uid}`;
}
