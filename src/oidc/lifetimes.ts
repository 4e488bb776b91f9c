/** Lifetimes of OpenID Connect's objects, in seconds. */

/** From the authorization request to the completed login: enough to find the phone and to try again. */
export const INTERACTION_SECONDS = 15 * 60;
export const CODE_SECONDS = 60;
export const ACCESS_TOKEN_SECONDS = 10 * 60;
export const ID_TOKEN_SECONDS = 10 * 60;

/**
 * A session is used for the logout, and for the remembered login of its client (`remember-login.ts`), for which it lasts longer. It
 * ends when its last token expires, because then nothing is left to revoke.
 */
export const SESSION_SECONDS = CODE_SECONDS + ACCESS_TOKEN_SECONDS;

/**
 * A grant is created when the login completes. In the longest case the browser then resumes the request just before the
 * interaction expires, the client redeems the code just before it expires, and the token uses its whole lifetime.
 * That of a client with `remember_login` lasts longer.
 */
export const GRANT_SECONDS = INTERACTION_SECONDS + CODE_SECONDS + ACCESS_TOKEN_SECONDS;
