import type Koa from 'koa';

/**
 * Makes Koa report the issuer's origin for every request. oidc-provider derives URLs (discovery, the address to resume at, the
 * logout form) and the `Secure` attribute of cookies from the scheme and host of a request. The Host header, an absolute
 * address in the request line and X-Forwarded-* are untrusted input, and wrong behind a proxy that terminates TLS.
 */
export function answerAsIssuer(app: Koa, issuer: string): void {
  const { protocol, host, origin } = new URL(issuer);
  Object.defineProperties(app.request, {
    protocol: { get: () => protocol.slice(0, -1) },
    host: { get: () => host },
    href: {
      get(this: Koa.Request) {
        return `${origin}${this.path}${this.search}`;
      },
    },
  });
}
