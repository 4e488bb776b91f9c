import type { IncomingHttpHeaders } from 'node:http';

export type Device = 'computer' | 'phone' | 'tablet';

/**
 * What the browser most likely runs on. A hint, for the order of what is shown: nothing of security hangs on it, since
 * browsers lie about it when asked for the desktop site, as an iPad does from the start.
 */
export function deviceOf(headers: IncomingHttpHeaders): Device {
  const agent = headers['user-agent'] ?? '';
  const mobile = headers['sec-ch-ua-mobile'];
  if (mobile === '?1') return 'phone';
  if (/\biPad\b/.test(agent)) return 'tablet';
  if (mobile === '?0') return headers['sec-ch-ua-platform'] === '"Android"' ? 'tablet' : 'computer';
  if (agent.includes('Mobi')) return 'phone';
  return agent.includes('Android') ? 'tablet' : 'computer';
}
