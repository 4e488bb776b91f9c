/**
 * What is wrong with a form for a personal code, and what was typed into it: carried over the redirect that answers the
 * form. Were the answer the page itself, Back could not show it again, since nobody keeps our pages.
 *
 *   POST …/code ─ keep ─▶ 303 ─▶ GET …/code ─ take: shown once, and gone
 *
 * What was typed is personal data: only the browser has it, sealed for this one login, at one address and for a minute.
 */
import { z } from 'zod';
import { COUNTRIES } from '../../identity/countries/rules.ts';
import { loginPath } from '../../oidc/provider/protocol.ts';
import { SealError } from '../../secrets/secrets.ts';
import type { WebContext } from '../context.ts';
import { type Cookie, cookieOf, dropCookie, setCookie } from '../cookies.ts';
import type { LoginRooms } from './handler.ts';

/** Longer than any redirect takes. */
const KEPT_MS = 60_000;

const mistakeSchema = z.object({
  /** Absent where none was chosen that is offered. */
  country: z.enum(COUNTRIES).optional(),
  personalCode: z.string(),
  error: z.enum(['country', 'empty', 'format', 'check_digit']),
});

export type FormMistake = z.infer<typeof mistakeSchema>;

/** For the next page of the form. */
export function keepMistake(
  { secrets }: Pick<LoginRooms, 'secrets'>,
  ctx: WebContext,
  uid: string,
  mistake: FormMistake,
): void {
  setCookie(ctx, cookieFor(uid), secrets.seal(JSON.stringify(mistake), placeOf(uid)), KEPT_MS);
}

/** What the form that was just sent is to say, and has not said yet; `undefined` for anything that we did not seal. */
export function takeMistake(
  { secrets }: Pick<LoginRooms, 'secrets'>,
  ctx: WebContext,
  uid: string,
): FormMistake | undefined {
  const sealed = cookieOf(ctx, cookieFor(uid));
  if (sealed === undefined) return undefined;
  dropCookie(ctx, cookieFor(uid));
  try {
    return mistakeSchema.safeParse(JSON.parse(secrets.open(sealed, placeOf(uid)))).data;
  } catch (error) {
    if (error instanceof SealError) return undefined;
    throw error;
  }
}

function cookieFor(uid: string): Cookie {
  return { name: 'sild_typed', path: `${loginPath(uid)}/code` };
}

/** What the seal is bound to. */
function placeOf(uid: string): string {
  return `typed:${uid}`;
}
