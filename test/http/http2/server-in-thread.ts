import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { Worker } from 'node:worker_threads';
import { genuineTls } from './h2-server.ts';

/** An HTTP/2 server that goes on while the thread of the test is busy, and answers after a second. */
export async function serverInThread(test: TestContext): Promise<string> {
  const program = `
    const { parentPort, workerData } = require('node:worker_threads');
    const server = require('node:http2').createSecureServer(workerData);
    server.on('stream', (stream) => setTimeout(() => {
      stream.respond({ ':status': 200 });
      stream.end('{}');
    }, 1000));
    server.listen(0, 'localhost', () => parentPort.postMessage(server.address().port));`;
  const thread = new Worker(program, { eval: true, workerData: genuineTls });
  test.after(() => thread.terminate());
  const [port] = (await once(thread, 'message')) as [number];
  return `https://localhost:${port}/`;
}
