import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createLogger } from '../../src/log/logger.ts';

function linesOf(act: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  act(createLogger({ level: 'info', destination: { write: (line) => lines.push(line) } }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('log', () => {
  it('writes JSON lines with level names and ISO times', () => {
    const [line] = linesOf((log) => {
      log.info({ event: 'started' }, 'hello');
    });
    assert.equal(line?.level, 'info');
    assert.equal(line.msg, 'hello');
    assert.equal(line.event, 'started');
    assert.ok(Number.isFinite(Date.parse(String(line.time))));
  });

  it('writes type, code, message, stack and causes of an error, and no other property', () => {
    const cause = Object.assign(new Error('cause'), { row: { name: 'MARI' } });
    const error = Object.assign(new Error('failed', { cause }), {
      code: 'E1',
      headers: { cookie: 'secret' },
    });
    const [line] = linesOf((log) => {
      log.error({ err: error }, 'failed');
    });
    const described = line?.err as Record<string, unknown>;
    assert.deepEqual(Object.keys(described).sort(), ['cause', 'code', 'message', 'stack', 'type']);
    assert.doesNotMatch(JSON.stringify(line), /MARI|secret/);
  });

  it('does not write a thrown value that is not an Error', () => {
    const [line] = linesOf((log) => {
      log.error({ err: 'PNOEE-40504040001' }, 'failed');
    });
    assert.doesNotMatch(JSON.stringify(line), /40504040001/);
  });
});

describe('the log of a process', () => {
  it(
    'has every line in its order when the process exits, for a reader that is late',
    { timeout: 30_000 },
    async () => {
      const module = new URL('../../src/log/logger.ts', import.meta.url).href;
      const program = `
      import { openProcessLog } from ${JSON.stringify(module)};
      const { log, close } = openProcessLog('info');
      // More than a pipe takes.
      log.info({ line: 1, text: 'x'.repeat(1_000_000) });
      for (const line of [2, 3]) log.info({ line });
      await close();
      process.exit(0);`;
      const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await delay(500);
      const output = (await child.stdout.setEncoding('utf8').toArray()).join('');
      const lines = output.trimEnd().split('\n');
      assert.deepEqual(
        lines.map((text) => (JSON.parse(text) as { line: number }).line),
        [1, 2, 3],
      );
    },
  );
});
