/**
 * A flow that nobody has decided about must not compile: each place that decides something about flows is named by the
 * compiler, until it has said what it does.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';

const ROOT = path.resolve(import.meta.dirname, '../..');
const TSC = path.join(ROOT, 'node_modules/typescript/bin/tsc');

const ROW = `  nfc: {
    sessionKind: 'device_link',
    wireName: 'NFC',
    needsCallback: true,
    sendsPush: false,
    shows: 'app_link',
  },
} as const satisfies`;

describe('a made-up flow', () => {
  it('does not compile without its traits', async (test) => {
    const files = await refusedBy(test, (flows) =>
      flows.replace("'notification'] as", "'notification', 'nfc'] as"),
    );
    assert.ok(files.includes('src/flows/flows.ts'), files.join(', '));
  });

  it('does not compile with its traits alone: every place that decides has to say what it does', async (test) => {
    const files = await refusedBy(test, (flows) =>
      flows.replace("'notification'] as", "'notification', 'nfc'] as").replace('} as const satisfies', ROW),
    );
    assert.deepEqual(files, [
      'src/config/smart-id.ts', // which versions of the RP API have it
      'src/flows/offered-flows.ts', // when it leads nobody in
      'src/login/new-attempt.ts', // whether an attempt has a callback
      'src/smart-id/protocol-v3.ts', // which session is created
      'src/web/login/flow-choice.ts', // its place in the order of the flows
      'src/web/login/views/flows.ts', // its button
    ]);
  });
});

/** The files that the compiler refuses, in alphabetical order, once the table of flows is another one. */
async function refusedBy(test: TestContext, change: (flows: string) => string): Promise<string[]> {
  const directory = await mkdtemp(path.join(tmpdir(), 'sild-flows-'));
  test.after(() => rm(directory, { recursive: true }));
  for (const name of ['src', 'package.json', 'tsconfig.json', 'migrations']) {
    await cp(path.join(ROOT, name), path.join(directory, name), { recursive: true });
  }
  await symlink(path.join(ROOT, 'node_modules'), path.join(directory, 'node_modules'));
  const table = path.join(directory, 'src/flows/flows.ts');
  const before = await readFile(table, 'utf8');
  const after = change(before);
  assert.notEqual(after, before);
  await writeFile(table, after);
  const project = path.join(directory, 'tsconfig.of-src.json');
  await writeFile(project, JSON.stringify({ extends: './tsconfig.json', include: ['src', 'migrations'] }));
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, [TSC, '-p', project, '--pretty', 'false'], { cwd: directory }, (_, stdout) => {
      resolve(stdout);
    });
  });
  return [
    ...new Set([...output.matchAll(/^(\S+?)\(\d+,\d+\): error/gm)].map(([, file]) => file ?? '')),
  ].sort();
}
