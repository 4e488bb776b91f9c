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
