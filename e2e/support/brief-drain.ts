/** `src/main.ts` with a short drain time: in tests there is no load balancer that must first notice the shutdown. */
import { main } from '../../src/main.ts';

process.exitCode = await main({ drainQuietMs: 50 });
