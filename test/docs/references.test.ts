/** What the documentation names exists: files, headings, commands, scripts. */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fullUsage } from '../../src/commands/usage.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...globSync('docs/**/*.md', { cwd: root })];
const usage = fullUsage();

/** The inline code and the blocks of code that match, of each page. */
function named(pattern: RegExp): { readonly page: string; readonly found: RegExpMatchArray }[] {
  const all = pages.flatMap((page) => [...read(page).matchAll(pattern)].map((found) => ({ page, found })));
  assert.ok(all.length > 5, String(pattern));
  return all;
}

describe('the documentation names only', () => {
  it('files and folders that exist', () => {
    const paths = named(
      /`((?:\.ci|\.github|bench|deploy|docs|e2e|examples|migrations|peers|scripts|src|test|views)\/[\w./-]*)/g,
    );
    const missing = paths.filter(({ found: [, path = ''] }) => !existsSync(join(root, path)));
    assert.deepEqual(
      missing.map(({ page, found }) => `${page}: ${found[1]}`),
      [],
    );
  });

  it('pages, pictures and headings that exist', () => {
    const broken = named(/\]\((?!https?:)([^)\s#]*)(?:#([^)\s]+))?\)/g).filter(({ page, found }) => {
      const [, path = '', anchor] = found;
      const target = path === '' ? page : join(dirname(page), decodeURIComponent(path));
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchorsOf(read(target)).has(anchor);
    });
    assert.deepEqual(
      broken.map(({ page, found }) => `${page}: ${found[0]}`),
      [],
    );
  });

  it('commands and options that the usage has', () => {
    const commands = named(/(?:npx |`)sild ([a-z]+)(?: ([a-z-]+))?([^`\n#|]*)/g);
    const unknown = commands.filter(({ found: [, command = '', second = '', rest = ''] }) => {
      const line = lineOf(command, second);
      return line === undefined || optionsIn(rest).some((option) => !usage.includes(option));
    });
    assert.deepEqual(
      unknown.map(({ page, found }) => `${page}: ${found[0]}`),
      [],
    );
  });

  it('texts for people that the pages have', () => {
    const texts = read('src/web/messages/en.ts');
    const unknown = named(/“((?:We|You|Do you) [^”]*)”/g).filter(
      ({ found: [, text = ''] }) => !texts.includes(text),
    );
    assert.deepEqual(
      unknown.map(({ page, found }) => `${page}: ${found[0]}`),
      [],
    );
  });

  it('scripts that package.json has', () => {
    const { scripts } = JSON.parse(read('package.json')) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const unknown = named(/npm run ([\w:-]+)/g).filter(({ found: [, name = ''] }) => !(name in scripts));
    assert.deepEqual(
      unknown.map(({ page, found }) => `${page}: ${found[0]}`),
      [],
    );
  });
});

describe('the program', () => {
  it('names only pages and headings that exist', () => {
    const sources = globSync('src/**/*.ts', { cwd: root }).map((path) => ({ path, text: read(path) }));
    const references = sources.flatMap(({ path, text }) =>
      [...text.matchAll(/docs\/[a-z-]+\.md(?:#([\w-]+))?/g)].map(([name, anchor]) => ({
        path,
        name,
        anchor,
      })),
    );
    assert.ok(references.length > 10);
    const broken = references.filter(({ name, anchor }) => {
      const [page = ''] = name.split('#');
      return !existsSync(join(root, page)) || (anchor !== undefined && !anchorsOf(read(page)).has(anchor));
    });
    assert.deepEqual(broken, []);
  });
});

/** The line of the usage for a command of one or two words. */
function lineOf(command: string, second: string): string | undefined {
  const lines = usage.split('\n').map((line) => line.trim());
  return (
    lines.find((line) => line.startsWith(`${command} ${second}`)) ??
    lines.find((line) => line.startsWith(`${command}  `))
  );
}

/** The long options, without the language of `--name#et`. */
function optionsIn(words: string): readonly string[] {
  return (words.match(/--[a-z][a-z-]*/g) ?? []).filter((option) => option !== '--help');
}

/** The anchors of the headings of a page, as GitHub makes them. */
function anchorsOf(page: string): ReadonlySet<string> {
  const headings = page.replace(/^```.*?^```/gms, '').matchAll(/^#+ (.*)$/gm);
  return new Set(
    Array.from(headings, ([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}
