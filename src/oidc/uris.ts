/** URIs that clients have registered, and that requests contain. */

/** Longest part of a URI that is recorded. */
const URI_LENGTH = 200;

/**
 * Adds parameters to a registered URI, whose own query stays byte for byte: `URLSearchParams` would encode it in another way
 * (`?x=%20y` becomes `?x=+y`), and the client would find another value. (RFC 6749 3.1.2)
 */
export function withParameters(uri: string, parameters: URLSearchParams): string {
  const added = parameters.toString();
  if (added === '') return uri;
  const [before = '', ...fragment] = uri.split(/(?=#)/);
  return `${before}${separatorAfter(before)}${added}${fragment.join('')}`;
}

function separatorAfter(uri: string): string {
  if (!uri.includes('?')) return '?';
  return /[?&]$/.test(uri) ? '' : '&';
}

/** A URI of a request as log and audit have it: anybody can send one, so it is cut, and its query is left out. */
export function recordedUri(uri: unknown): string {
  const url = URL.parse(String(uri));
  return url ? withoutQuery(url).slice(0, URI_LENGTH) : 'not a URI';
}

/** Scheme, authority and path. */
export function withoutQuery({ protocol, host, pathname }: URL): string {
  return `${protocol}//${host}${pathname}`;
}
