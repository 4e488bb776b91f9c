import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether the browser is likely to run on the phone that gets the push. A hint, for the order of what is shown: nothing
 * of security hangs on it, since browsers lie about it when asked for the desktop site.
 */
export function isPhone(headers: IncomingHttpHeaders): boolean {
  const hint = headers['sec-ch-ua-mobile'];
  if (hint !== undefined) return hint === '?1';
  return headers['user-agent']?.includes('Mobi') ?? false;
}
