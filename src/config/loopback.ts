import { isLoopbackHost } from '../loopback-host.ts';

/** Whether an issuer is on this machine, where plain http is safe and the simulator may run. */
export function isLoopback(issuer: string): boolean {
  return isLoopbackHost(new URL(issuer).hostname);
}
