import { getSystemErrorMessage } from 'node:util';

/**
 * Why the system refused something, in its words and with its code: `permission denied, EACCES`. Contains no path. Of another
 * error only the code, because its message can contain anything.
 */
export function systemReason(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return 'unknown reason';
  const code = String(error.code);
  if (!('errno' in error) || typeof error.errno !== 'number' || error.errno >= 0) return code;
  return `${getSystemErrorMessage(error.errno)}, ${code}`;
}
