/**
 * Loaded into Sild by a soak: on SIGUSR2 it collects its garbage. What is resident after that is held; before, it goes up and
 * down by more than a leak of an hour.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
process.on('SIGUSR2', () => {
  collect();
});
