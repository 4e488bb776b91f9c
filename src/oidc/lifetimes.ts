/** How long things of OpenID Connect live, in seconds. */

/** From the authorization request until its person is logged in: time to find the phone and to try again. */
export const INTERACTION_SECONDS = 15 * 60;
export const CODE_SECONDS = 60;
export const ACCESS_TOKEN_SECONDS = 10 * 60;
export const ID_TOKEN_SECONDS = 10 * 60;

/**
 * A session exists for logout alone, never for another login: it lives until its last token is over, since after that
 * there is nothing left to log out of.
 */
export const SESSION_SECONDS = CODE_SECONDS + ACCESS_TOKEN_SECONDS;

/**
 * A grant is made when the login completes. From then on, at worst, the browser takes what an interaction has to come
 * back, the client what a code has, and the token its own time.
 */
export const GRANT_SECONDS = INTERACTION_SECONDS + CODE_SECONDS + ACCESS_TOKEN_SECONDS;
