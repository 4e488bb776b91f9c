/** The thread of the embedded database; `embedded-thread.ts` starts it and says what the messages are. */
import { parentPort, workerData } from 'node:worker_threads';
import { openPglite } from './pglite.ts';
import type { Answer, Failure, Request } from './embedded-thread.ts';

const port = parentPort;
if (!port) throw new Error('this is the module of a thread');
const send = (answer: Answer) => {
  port.postMessage(answer);
};

try {
  const pglite = await openPglite(String(workerData));
  port.on('message', (request: Request) => void answer(request));
  send({ kind: 'open' });

  async function answer({ id, sql, parameters }: Request): Promise<void> {
    try {
      if (sql === undefined) {
        await pglite.close();
        send({ kind: 'result', id, rows: [], affectedRows: undefined });
        return;
      }
      const { rows, affectedRows } = await pglite.query<Record<string, unknown>>(sql, [...parameters]);
      send({ kind: 'result', id, rows, affectedRows });
    } catch (error) {
      send({ kind: 'failed', id, failure: failureOf(error) });
    }
  }
} catch (error) {
  send({ kind: 'not_opened', failure: failureOf(error) });
}

function failureOf(error: unknown): Failure {
  const { name, message, stack, code, severity, syscall } = error as Partial<Failure>;
  return { name: name ?? 'Error', message: message ?? String(error), stack, code, severity, syscall };
}
