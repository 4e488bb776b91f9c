/**
 * `src/main.ts` for a process that lives for seconds. It drains briefly, since no load balancer must first notice the shutdown, and does
 * not optimise the embedded database's WebAssembly, which takes a third of the processor time of a start.
 */
import { setFlagsFromString } from 'node:v8';
import { main } from '../../src/main.ts';

setFlagsFromString('--liftoff-only');
process.exitCode = await main({ drainQuietMs: 50 });
