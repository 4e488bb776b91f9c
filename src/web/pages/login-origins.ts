/**
 * Which service a login of this browser was for, for as long as a tab of it may be left open: its interaction ends after a
 * quarter of an hour. A page can then name the service and lead back to it, without trusting the address that it is at.
 *
 *   a page of a login ─ remember ─▶ sealed cookie, an entry for each login ─▶ of(ctx): the pages that have no service
 *
 * Everything that a page needs is in the cookie, so that it works while the database is away. The newest logins are kept.
 */
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { LANGUAGES } from '../../config/languages.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import { uidOf } from '../addresses.ts';
import { type Cookie, type cookieOf, sealedCookieOf, setSealedCookie } from '../cookies.ts';

const COOKIE: Cookie = { name: 'sild_origins', path: '/' };
const LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;
const PURPOSE = 'login origins';
const MOST_LOGINS = 10;
/** So that the sealed value, a third longer, fits into a cookie: browsers allow 4,096 bytes. */
const MOST_BYTES = 2_700;
/** Of different services, where the address does not say which. */
const MOST_SERVICES = 3;

const originSchema = z.object({
  uid: z.string(),
  /** In the language of the page that was shown. */
  name: z.string(),
  language: z.enum(LANGUAGES),
  /** The home page. */
  home: z.string().optional(),
  /** Where a login begins. */
  start: z.string().optional(),
  logo: z.string().optional(),
  theme: z.string().optional(),
});

const originsSchema = z.array(originSchema);

export type LoginOrigin = z.output<typeof originSchema>;

type WithCookies = Parameters<typeof cookieOf>[0] & { readonly path: string };

export interface LoginOrigins {
  /** Sets the cookie if it does not say so already. */
  remember(ctx: Parameters<typeof cookieOf>[0], origin: LoginOrigin): void;
  /** The login that the address of a request belongs to; undefined if this browser did not show it. */
  of(ctx: WithCookies): LoginOrigin | undefined;
  /** The login of the address, or else the newest login of each service, newest first. */
  candidates(ctx: WithCookies): readonly LoginOrigin[];
  /** The logins of this browser, newest first. */
  uids(ctx: Parameters<typeof cookieOf>[0]): readonly string[];
}

export function createLoginOrigins(secrets: Pick<Secrets, 'seal' | 'open'>): LoginOrigins {
  return { remember, of, candidates, uids: (ctx) => read(ctx).map(({ uid }) => uid) };

  function remember(ctx: Parameters<typeof cookieOf>[0], origin: LoginOrigin): void {
    const known = read(ctx);
    const newest = clean(origin);
    if (known.some((each) => isDeepStrictEqual(each, newest))) return;
    const entries = [newest, ...known.filter(({ uid }) => uid !== origin.uid)].slice(0, MOST_LOGINS);
    while (entries.length > 0 && Buffer.byteLength(JSON.stringify(entries)) > MOST_BYTES) entries.pop();
    if (entries.length > 0)
      setSealedCookie(ctx, COOKIE, entries, { secrets, purpose: PURPOSE, lifetimeMs: LIFETIME_MS });
  }

  function of(ctx: WithCookies): LoginOrigin | undefined {
    const uid = uidOf(ctx.path);
    return uid === undefined ? undefined : read(ctx).find((each) => each.uid === uid);
  }

  function candidates(ctx: WithCookies): readonly LoginOrigin[] {
    const origin = of(ctx);
    if (origin) return [origin];
    const newestFirst = read(ctx);
    const isSame = (one: LoginOrigin, other: LoginOrigin) =>
      one.name === other.name && one.home === other.home;
    const ofServices = newestFirst.filter(
      (each, index) => newestFirst.findIndex((other) => isSame(each, other)) === index,
    );
    return ofServices.slice(0, MOST_SERVICES);
  }

  function read(ctx: Parameters<typeof cookieOf>[0]): LoginOrigin[] {
    return originsSchema.safeParse(sealedCookieOf(ctx, COOKIE, secrets, PURPOSE)).data ?? [];
  }
}

/** Without absent members. */
function clean(origin: LoginOrigin): LoginOrigin {
  return originSchema.parse(JSON.parse(JSON.stringify(origin)));
}
