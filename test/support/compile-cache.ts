/** Keeps compiled sources between the processes of a test run, and in those that tests start: `node --import` it. */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

const directory = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'node');
enableCompileCache(directory);
process.env.NODE_COMPILE_CACHE = directory;
