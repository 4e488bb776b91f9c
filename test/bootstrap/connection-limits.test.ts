import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import {
  connectionLimit,
  createRefusalReport,
  openFileLimit,
} from '../../src/bootstrap/connection-limits.ts';

describe('the limit of connections', () => {
  it('leaves descriptors for a long poll of each browser, and for the process', () => {
    for (const openFiles of [256, 1024, 65_536]) {
      assert.ok(2 * connectionLimit(openFiles) + 80 <= openFiles);
      assert.ok(connectionLimit(openFiles) >= openFiles / 3);
    }
    assert.equal(connectionLimit(Infinity), Infinity);
    assert.ok(connectionLimit(20) > 0);
  });

  it('is known without DNS, which the process would wait for: no address of a connection is resolved', async (test) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    test.after(() => server.close());
    assert.ok(openFileLimit() > 0);
    const { libuv } = process.report.getReport() as {
      readonly libuv: readonly { readonly localEndpoint?: { readonly host: string } | null }[];
    };
    const hosts = libuv.flatMap(({ localEndpoint }) => localEndpoint?.host ?? []);
    assert.ok(hosts.includes('127.0.0.1'), hosts.join());
    assert.ok(!hosts.includes('localhost'));
  });

  it('refuses with a log line and a count, under a real limit of open files, and serves again afterwards', async () => {
    const server = spawn(
      'sh',
      [
        '-c',
        'ulimit -n 256; exec "$0" "$1"',
        process.execPath,
        join(import.meta.dirname, 'limited-server.ts'),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const sockets: Socket[] = [];
    try {
      const lines = on(createInterface(server.stdout), 'line', { signal: AbortSignal.timeout(20_000) });
      const next = async () => {
        const { value } = (await lines.next()) as { value: [string] };
        return JSON.parse(value[0]) as Record<string, unknown>;
      };
      const port = Number((await next()).port);
      for (let count = 0; count < 400; count++) {
        sockets.push(
          connect(port, '127.0.0.1')
            .on('error', () => undefined)
            .resume(),
        );
      }
      const line = await next();
      assert.deepEqual(
        [line.level, line.event, line.port, line.reason],
        ['warn', 'connections_refused', 'PORT', 'connection_limit'],
      );
      // Idle connections are closed by their own time limit.
      await Promise.all(sockets.filter(({ closed }) => !closed).map((socket) => once(socket, 'close')));
      const answer = await fetch(`http://127.0.0.1:${port}/`);
      assert.equal(await answer.text(), String(400 - connectionLimit(256)));
    } finally {
      for (const socket of sockets) socket.destroy();
      server.kill();
    }
  });
});

describe('the report of refused connections', () => {
  it('has a line at once, and another one a minute later with the number of the others', (test) => {
    test.mock.timers.enable({ apis: ['setTimeout'] });
    const lines: unknown[] = [];
    const counted: string[] = [];
    const report = createRefusalReport((reason) => counted.push(reason), {
      warn: (line: unknown) => lines.push(line),
    });
    const line = (connections: number) => ({
      event: 'connections_refused',
      port: 'PORT',
      reason: 'connection_limit',
      connections,
    });
    for (let count = 0; count < 5; count++) report('PORT', { reason: 'connection_limit' });
    assert.deepEqual(lines, [line(1)]);
    test.mock.timers.tick(60_000);
    assert.deepEqual(lines, [line(1), line(4)]);
    test.mock.timers.tick(60_000);
    report('PORT', { reason: 'connection_limit' });
    assert.deepEqual(lines, [line(1), line(4), line(1)]);
    assert.equal(counted.length, 6);
  });
});
