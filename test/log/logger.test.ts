import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
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

  it('writes type, code, message, stack and causes of an error, and none of its other properties', () => {
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
