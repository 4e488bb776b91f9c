/**
 * What a cookie is called. Over https every one has a prefix that browsers hold its setter to: `__Host-` where its path is
 * `/`, so that none but this very host can set it; `__Secure-` where it is bound to a narrower path, so that no page over
 * plain http can. (RFC 6265bis 4.1.3)
 *
 * @param secure whether the issuer is https
 */
export function cookieName(name: string, path: string, secure: boolean): string {
  if (!secure) return name;
  return `${path === '/' ? '__Host-' : '__Secure-'}${name}`;
}
