/** `src/main.ts` as it is, but for the time that it drains: nothing stands in front of it that must first look elsewhere. */
import { main } from '../../src/main.ts';

process.exitCode = await main({ drainQuietMs: 50 });
