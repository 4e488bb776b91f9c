/** Whether a URL's host name is this machine, where plain http is safe. Other names do not count, since DNS can map them anywhere. */
export function isLoopbackHost(hostname: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[?::1\]?)$/i.test(hostname);
}

/** Whether the host of a URL is this machine. */
export function isLoopbackUrl(url: string): boolean {
  return isLoopbackHost(new URL(url).hostname);
}
