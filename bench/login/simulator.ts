/** Smart-ID in a process of its own, so that its cost does not count as the product's. Its accounts answer at once. */
import { createLogger } from '../../src/log/logger.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { send } from './messages.ts';

const { baseUrl, phoneUrl, trustAnchors } = await startSimulator({
  port: 0,
  dataDir: undefined,
  answerDelayMs: 0,
  log: createLogger({ level: 'silent' }),
});
send({
  kind: 'simulated',
  baseUrl,
  phoneUrl,
  trustAnchors: trustAnchors.map((der) => Buffer.from(der).toString('base64')),
});
