/** Whether a URL's host name is this machine, where plain http is safe. Other names do not count, since DNS can map them anywhere. */
export function isLoopbackHost(hostname: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[?::1\]?)$/i.test(hostname);
}
