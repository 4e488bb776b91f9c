/** Clients that CLIENTS_FILE describes. They are changed and removed with the file, never by hand. */
import { z } from 'zod';

/** Sild's own member of a stored client. It is never given, and never shown. */
export const managedByMembers = { managed_by: z.literal('clients_file').optional() };

export const BY_FILE = { managed_by: 'clients_file' } as const;

export function isManagedByFile(payload: Readonly<Record<string, unknown>>): boolean {
  return payload.managed_by === BY_FILE.managed_by;
}
