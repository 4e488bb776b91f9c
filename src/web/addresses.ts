/** The addresses that more than one part of the web needs to recognise. */
import { ENDPOINTS } from '../oidc/endpoints.ts';

/** Where the Smart-ID app opens the browser after a confirmation. Its query is a credential. */
export const CALLBACK_PATH = '/callback/smart-id';
/** The page that says that a callback was already used. */
export const CALLBACK_USED_PATH = `${CALLBACK_PATH}/used`;

/** The address of a login; everything that belongs to it is below. */
const LOGIN = /^\/login\/[\w-]{1,64}(?=\/|$)/;

/** The address of the login that a path belongs to. */
export function loginOf(path: string): string | undefined {
  return LOGIN.exec(path)?.[0];
}

/** Of a login, or of the resumption of its authorization request. */
const OF_LOGIN = new RegExp(`^(?:/login|${ENDPOINTS.authorization})/(?<uid>[\\w-]{1,64})(?=/|$)`);

/** The uid of the interaction that an address belongs to. */
export function uidOf(path: string): string | undefined {
  return OF_LOGIN.exec(path)?.groups?.uid;
}

/** The address at which oidc-provider resumes the authorization request of a login. */
export function resumePathOf(login: string): string {
  return login.replace('/login', ENDPOINTS.authorization);
}

/** Whether an address is that of an authorization request. */
export function isAuthorization(path: string): boolean {
  return path === ENDPOINTS.authorization;
}

/** Of a path: no page has a longer one. */
export const MOST_PATH = 256;

/** Whether an address belongs to a login: to one that is begun, that is going on, or that comes back from the app. */
export function isOfLogin(path: string): boolean {
  return isAuthorization(path) || uidOf(path) !== undefined || path === CALLBACK_PATH;
}

/** The page with the form that is sent to an address; undefined for a form of a login, and if the page has no address of its own. */
export function pageOfForm(path: string): string | undefined {
  return /^\/(?:me|browser)(?=\/)/.exec(path)?.[0];
}

export function isLogout(path: string): boolean {
  return path === ENDPOINTS.end_session || path.startsWith(`${ENDPOINTS.end_session}/`);
}
