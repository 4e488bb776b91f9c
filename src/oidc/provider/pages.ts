import type { Context } from 'koa';

/** The pages that oidc-provider needs and `web/` renders. Each sets the status, type and body of the response. */
export interface OidcPages {
  /** An error that cannot be returned to the client. `incident` is the number of the request, as in log and audit. */
  error(
    ctx: Context,
    error: {
      readonly code: string;
      readonly description: string | undefined;
      readonly incident: string | undefined;
    },
  ): void;
  /** Asks whether to log out. `form` is oidc-provider's hidden form `op.logoutForm`; a button submits it with `logout=yes`. */
  logout(ctx: Context, form: string): void;
  /** Logged out, without a `post_logout_redirect_uri`. */
  loggedOut(ctx: Context): void;
}
