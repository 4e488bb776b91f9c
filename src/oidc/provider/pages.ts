import type { Context } from 'koa';
import type { ShownClient } from '../clients/shown-client.ts';

/** A form that a page submits without input of the person. */
export interface HiddenForm {
  readonly action: string;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}

export interface SelfSubmittingPage {
  readonly form: HiddenForm;
  readonly client: ShownClient | undefined;
  /** `answer`: takes the answer of an authorization request to the client; `logout`: goes on with a logout. */
  readonly purpose: 'answer' | 'logout';
}

/** The pages that oidc-provider needs and `web/` renders. Each sets the status, type and body of the response. */
export interface OidcPages {
  /** An error that cannot be returned to the client. `incident` is the number of the request, as in log and audit. */
  error(
    ctx: Context,
    error: {
      /** What the request was for. */
      readonly purpose: 'login' | 'logout';
      readonly code: string;
      /** The reason, one of a fixed set: nothing of the request. */
      readonly description: string | undefined;
      /** The section of the documentation, for the developer of the client. */
      readonly documentation?: string | undefined;
      readonly incident: string | undefined;
    },
  ): void;
  /** Submits a form at once, or has a button for it where JavaScript does not run. Keeps the status of the response. */
  submit(ctx: Context, page: SelfSubmittingPage): void;
  /** Leads to an app after what is done: at once by itself, and by a link. */
  onward(
    ctx: Context,
    page: { readonly client: ShownClient; readonly done: 'login' | 'logout'; readonly href: string },
  ): void;
  /** The database is away: the page comes back by itself, or asks the person to send the form again. Sets `Retry-After`. */
  unavailable(ctx: Context): void;
  /** Asks whether to log out. `form` is oidc-provider's hidden form `op.logoutForm`; a button submits it with `logout=yes`, or without it to stay. */
  logout(ctx: Context, form: string): void;
  /**
   * Nobody was logged out: the person has chosen to stay logged in.
   *
   * @param client of the login; undefined if it does not exist any more
   */
  stillLoggedIn(ctx: Context, client: ShownClient | undefined): void;
  /**
   * Logged out, without a `post_logout_redirect_uri`.
   *
   * @param unregistered the client, if it has named an address that is not registered: the person should tell it
   */
  loggedOut(ctx: Context, unregistered?: ShownClient): void;
}
