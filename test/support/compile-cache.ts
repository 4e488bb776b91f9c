/** Enables the compile cache for test processes and the processes that they start. Use it with `node --import`. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

const directory = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'node');
enableCompileCache(directory);
process.env.NODE_COMPILE_CACHE = directory;
