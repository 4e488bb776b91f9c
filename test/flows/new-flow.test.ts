/**
 * A flow without decisions must not compile: the compiler names each place that decides something about flows, until it says
 * what it does for the new one.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

const ROOT = path.resolve(import.meta.dirname, '../..');
const COMPILER = path.join(ROOT, 'node_modules/typescript-native/bin/tsc');
const TABLE = 'src/flows/flows.ts';
const PRODUCT = ['src/main.ts', 'src/cli.ts'];

const ROW = `  nfc: {
    sessionKind: 'device_link',
    wireName: 'NFC',
    needsCallback: true,
    sendsPush: false,
    shows: 'app_link',
  },
} as const satisfies`;

describe('a made-up flow', () => {
  let copy: string;
  before(() => {
    copy = mkdtempSync(path.join(tmpdir(), 'sild-new-flow-'));
    cpSync(path.join(ROOT, 'src'), path.join(copy, 'src'), { recursive: true });
    for (const each of ['node_modules', 'migrations', 'package.json'])
      symlinkSync(path.join(ROOT, each), path.join(copy, each));
  });
  after(() => {
    rmSync(copy, { recursive: true });
  });

  it('does not compile without its traits', () => {
    const errors = errorsWith(copy, [TABLE], (flows) =>
      flows.replace("'notification'] as", "'notification', 'nfc'] as"),
    );
    assert.deepEqual(new Set(errors.map(({ file }) => file)), new Set([TABLE]));
    assert.match(errors[0]?.message ?? '', /Property 'nfc' is missing/);
  });

  it('does not compile with its traits alone: every place that decides has to say what it does', () => {
    const errors = errorsWith(copy, PRODUCT, (flows) =>
      flows.replace("'notification'] as", "'notification', 'nfc'] as").replace('} as const satisfies', ROW),
    );
    const files = [...new Set(errors.map(({ file }) => file))];
    assert.deepEqual(files.sort(), [
      'src/config/smart-id.ts', // which versions of the RP API have it
      'src/flows/offered-flows.ts', // when no person can use it
      'src/login/new-attempt.ts', // whether an attempt has a callback
      'src/smart-id/protocol-v2.ts', // whether version 2 has it
      'src/smart-id/protocol-v3.ts', // which session is created
      'src/web/login/flow-choice.ts', // its place in the order of the flows
      'src/web/login/views/flows.ts', // its button
    ]);
  });
});

interface CompilerError {
  /** Relative to the copy. */
  readonly file: string;
  /** With the lines that explain it. */
  readonly message: string;
}

/** Compiles what the roots import, in the copy of the product with a changed table of flows. */
function errorsWith(
  copy: string,
  roots: readonly string[],
  change: (flows: string) => string,
): readonly CompilerError[] {
  const table = readFileSync(path.join(ROOT, TABLE), 'utf8');
  assert.notEqual(change(table), table);
  writeFileSync(path.join(copy, TABLE), change(table));
  const config = { extends: path.join(ROOT, 'tsconfig.json'), include: [], files: roots };
  writeFileSync(path.join(copy, 'tsconfig.json'), JSON.stringify(config));
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [COMPILER, '--noEmit', '--singleThreaded', '--pretty', 'false'],
    {
      cwd: copy,
      encoding: 'utf8',
    },
  );
  assert.equal(stderr, '');
  return stdout
    .trimEnd()
    .split(/\n(?! )/)
    .map((text) => {
      const [, file, message] = /^([^(]+)\(\d+,\d+\): error (TS.*)$/s.exec(text) ?? [];
      assert.ok(file !== undefined && message !== undefined, text);
      return { file, message };
    });
}
