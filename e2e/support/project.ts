import { join } from 'node:path';

/** The directory of package.json. */
export const root = join(import.meta.dirname, '..', '..');
