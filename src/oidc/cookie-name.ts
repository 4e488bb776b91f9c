/**
 * The name of a cookie. Over https it has a prefix that browsers enforce: `__Host-` for the path `/`, so that only this
 * host can set the cookie; `__Secure-` for a narrower path, so that no page over plain http can set it.
 * (RFC 6265bis 4.1.3)
 *
 * @param secure whether the issuer is https
 */
export function cookieName(name: string, path: string, secure: boolean): string {
  if (!secure) return name;
  return `${path === '/' ? '__Host-' : '__Secure-'}${name}`;
}
