import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
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
      const child = start(`
        // More than a pipe takes.
        log.info({ line: 1, text: 'x'.repeat(1_000_000) });
        for (const line of [2, 3]) log.info({ line });
        await close();
        process.exit(0);`);
      await delay(500);
      const lines = await linesFrom(child);
      assert.deepEqual(
        lines.map(({ line }) => line),
        [1, 2, 3],
      );
    },
  );

  it('drops lines for a reader that does not read, and says how many', { timeout: 30_000 }, async () => {
    const child = start(`
        for (let line = 1; line <= 20; line += 1) log.info({ line, text: 'x'.repeat(1_000_000) });
        process.stderr.write('written');
        await once(process.stdin, 'data');
        await close();
        process.exit(0);`);
    await once(child.stderr, 'data');
    const lines: Record<string, unknown>[] = [];
    for await (const text of createInterface({ input: child.stdout })) {
      const line = JSON.parse(text) as Record<string, unknown>;
      lines.push(line);
      if (line.event === 'log_lines_lost') child.stdin.end('close');
    }
    const lost = lines.at(-1);
    assert.equal(lost?.event, 'log_lines_lost');
    assert.ok(lines.length > 8);
    assert.equal(lines.length - 1 + Number(lost.lines), 20);
  });

  it(
    'goes on when its disk is full, and so does the process, which can end',
    { timeout: 30_000, skip: !existsSync('/dev/full') },
    async () => {
      const full = openSync('/dev/full', 'w');
      const child = start(
        `
        log.info({ line: 1 });
        await once(process.stdin, 'data');
        log.info({ line: 2 });
        await close();
        process.exit(0);`,
        full,
      );
      closeSync(full);
      const [complaint] = (await once(child.stderr, 'data')) as [Buffer];
      assert.match(String(complaint), /^The log cannot be written \(no space left on device, ENOSPC\)/);
      child.stdin.end('go on');
      assert.deepEqual(await once(child, 'exit'), [0, null]);
    },
  );
});

/** A process with `log` and `close` of its own log. */
function start(program: string, output: 'pipe' | number = 'pipe') {
  const module = new URL('../../src/log/logger.ts', import.meta.url).href;
  const whole = `
    import { once } from 'node:events';
    import { openProcessLog } from ${JSON.stringify(module)};
    const { log, close } = openProcessLog('info');
    ${program}`;
  return spawn(process.execPath, ['--input-type=module', '--eval', whole], {
    stdio: ['pipe', output, 'pipe'],
  }) as ChildProcessWithoutNullStreams;
}

async function linesFrom({ stdout }: ChildProcessWithoutNullStreams): Promise<Record<string, unknown>[]> {
  const output = (await stdout.setEncoding('utf8').toArray()).join('');
  const lines = output.trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}
