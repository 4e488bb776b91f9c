/** Whether an issuer is on this machine, where plain http is safe and the simulator may run. */
export function isLoopback(issuer: string): boolean {
  const { hostname } = new URL(issuer);
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d+){3}$/.test(hostname)
  );
}
