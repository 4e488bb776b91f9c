import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
const REDIRECT = ['--redirect-uri', 'https://app.example/callback'];

let directory: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sild-cli-'));
  await writeFile(join(directory, 'logo.svg'), '<svg xmlns="http://www.w3.org/2000/svg"></svg>');
  await writeFile(join(directory, 'hostile.svg'), '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>');
});
after(() => rm(directory, { recursive: true }));

/** Runs a command on an embedded database of its own. */
function sild(...args: string[]): Promise<{ code: number; output: string; errors: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, DATA_DIR: join(directory, 'data') };
    execFile(process.execPath, [CLI, ...args], { env, cwd: directory }, (error, output, errors) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, output, errors });
    });
  });
}

describe('sild client add', () => {
  it('registers a client with its looks', async () => {
    const looks = ['--name', 'City Library', '--name#et', 'Linnaraamatukogu', '--accent', '#7a1f5c'];
    const texts = ['--display-text', 'Enter the library', '--display-text#ru', 'Вход в библиотеку'];
    const added = await sild(
      'client',
      'add',
      'library',
      ...REDIRECT,
      ...looks,
      ...texts,
      '--logo',
      'logo.svg',
    );
    assert.equal(added.code, 0, added.errors);
    assert.match(added.output, /Client library is registered\.\nIts secret, shown this once: [\w-]{43}\n/);
    assert.match((await sild('client', 'list')).output, /^library\tCity Library$/m);
  });

  for (const [title, options] of [
    ['a logo that is no plain picture', ['--logo', 'hostile.svg']],
    ['a logo that is not there', ['--logo', 'nowhere.svg']],
    ['a colour that is none', ['--accent', 'teal']],
  ] as const) {
    it(`refuses ${title}, and says so`, async () => {
      const { code, errors } = await sild('client', 'add', 'refused', ...REDIRECT, ...options);
      assert.equal(code, 1);
      assert.match(errors, /logo|accent_color/);
      assert.doesNotMatch(errors, /    at /);
    });
  }

  it('refuses a name in a language that there is not', async () => {
    const { code, errors } = await sild('client', 'add', 'refused', ...REDIRECT, '--name#fi', 'Kirjasto');
    assert.equal(code, 2);
    assert.match(errors, /--name#fi/);
  });
});
