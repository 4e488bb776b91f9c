/** Every way to start Sild gives V8 the same limits: without them a process takes 200 MB more. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { startFlags } from '../../bench/login/start-flags.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const flags = startFlags();

describe('the flags for V8 of npm start', () => {
  it('limit the young generation and the growth of the heap', () => {
    assert.deepEqual(
      flags.map((flag) => flag.replace(/\d+$/, '')),
      ['--max-semi-space-size=', '--heap-growing-percent='],
    );
  });

  it('are those of npx sild, the Dockerfile and the systemd unit, and of both commands of npm start', () => {
    const words = flags.join(' ');
    const start = `node ${words} src/main.ts`;
    assert.equal(read('src/cli.ts').split('\n')[0], `#!/usr/bin/env -S node ${words}`);
    assert.match(read('deploy/sild.service'), new RegExp(`^ExecStart=\\S+/${start}$`, 'm'));
    assert.ok(read('package.json').includes(`"start": "exec ${start} || ${start}"`));
    const command = JSON.stringify(['node', ...flags, 'src/main.ts']).replaceAll(',', ', ');
    assert.ok(read('deploy/Dockerfile').includes(`\nCMD ${command}\n`));
  });
});
