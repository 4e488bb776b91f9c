import type { IncomingHttpHeaders } from 'node:http';

export type Device = 'computer' | 'phone' | 'tablet';

/**
 * The likely kind of device. Only a hint for the order of what is shown; security must not depend on it, since browsers
 * identify as a computer when they request the desktop site, which an iPad does by default.
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
