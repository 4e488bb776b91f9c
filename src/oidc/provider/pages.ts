import type { Context } from 'koa';

/** The pages that oidc-provider needs and `web/` draws. Each sets status, type and body of the response. */
export interface OidcPages {
  /** An authorization or logout request that cannot be answered to the client. `incident` is the number of the request, in log and audit. */
  error(
    ctx: Context,
    error: {
      readonly code: string;
      readonly description: string | undefined;
      readonly incident: string | undefined;
    },
  ): void;
  /** Asks whether to log out. `form` is oidc-provider's hidden form, id `op.logoutForm`; a button submits it with `logout=yes`. */
  logout(ctx: Context, form: string): void;
  /** Logged out, and the client named no page to go on to. */
  loggedOut(ctx: Context): void;
}
