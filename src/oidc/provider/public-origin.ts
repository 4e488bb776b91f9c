import type Koa from 'koa';

/**
 * Makes every request look as if it came to the issuer's own address. oidc-provider builds URLs (discovery, the address
 * to return to, the logout form) and decides on secure cookies by the request's scheme and host; neither the Host header
 * nor a request line with an absolute address is to be believed, nor X-Forwarded-*, and behind a proxy that ends TLS
 * they are not even right.
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
