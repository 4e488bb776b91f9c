/**
 * The client metadata `remember_login`: for how long after a login this client, in this browser, gets the same login again
 * without the person being asked. Off by default. `remembered/` decides which requests get it.
 */
import type { Client, KoaContextWithOIDC } from 'oidc-provider';
import { z } from 'zod';
import { millisecondsOf } from '../config/variable.ts';
import { SESSION_SECONDS } from './lifetimes.ts';

const LONGEST_SECONDS = 12 * 3_600;
const SHAPE = 'must be seconds, or a time like 90s, 15m or 8h, of at most 12h';

/** As a file or an option has it: seconds, or a time like `15m`. The output is what is stored: seconds. */
export const givenRememberLogin = z
  .union([z.number(), z.string()], { error: SHAPE })
  .transform((given, context) => {
    const seconds = typeof given === 'number' ? given : millisecondsOf(given) / 1000;
    if (Number.isInteger(seconds) && seconds >= 1 && seconds <= LONGEST_SECONDS) return seconds;
    context.addIssue({ code: 'custom', message: SHAPE });
    return z.NEVER;
  });

/** As a client has it. */
export const rememberLoginMetadata = {
  remember_login: z.int(SHAPE).min(1, SHAPE).max(LONGEST_SECONDS, SHAPE).optional(),
};

/** For how many seconds a login of this client is remembered; 0: not at all. */
export function rememberedSeconds(client: Client | undefined): number {
  const seconds = client?.remember_login;
  return typeof seconds === 'number' ? seconds : 0;
}

/**
 * The lifetime of a session in seconds, from now on. That of a remembered login lasts until the last token for which it can be
 * used has expired; no request shortens or extends it.
 *
 * @param now milliseconds since the epoch
 */
export function sessionSeconds(
  { oidc }: KoaContextWithOIDC,
  session: { readonly exp?: number | undefined },
  now: number,
): number {
  if (session.exp === undefined) return SESSION_SECONDS + rememberedSeconds(oidc.client);
  return Math.max(SESSION_SECONDS, session.exp - Math.floor(now / 1000));
}
