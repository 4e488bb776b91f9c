/** Longest part of a URI that is recorded. */
const URI_LENGTH = 200;

/** A URI of a request as log and audit have it: anybody can send one, so it is cut, and its query is left out. */
export function recordedUri(uri: unknown): string {
  const url = URL.parse(String(uri));
  return url ? withoutQuery(url).slice(0, URI_LENGTH) : 'not a URI';
}

/** Scheme, authority and path. */
export function withoutQuery({ protocol, host, pathname }: URL): string {
  return `${protocol}//${host}${pathname}`;
}
