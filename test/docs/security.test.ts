import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const root = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'security.md'), 'utf8');
const threats = sectionsOf(section('Threat model'));

/** A reference to a test: `- `path`: “title”`, or to a whole file. */
interface Pointer {
  readonly threat: string;
  readonly path: string;
  readonly title: string | undefined;
}

const pointers: readonly Pointer[] = threats.flatMap(({ heading, text }) =>
  Array.from(text.replace(/\n {2}(?=\S)/g, ' ').matchAll(/^- `([^`]+\.ts)`(?::? (.*))?$/gm)).flatMap(
    ([, path = '', titles = '']): Pointer[] => {
      const quoted = Array.from(titles.matchAll(/“([^”]+)”/g), ([, title]) => title);
      return (quoted.length === 0 ? [undefined] : quoted).map((title) => ({ threat: heading, path, title }));
    },
  ),
);

describe('the threat model', () => {
  it('names the required threats', () => {
    const headings = threats.map(({ heading }) => heading.toLowerCase()).join('\n');
    for (const threat of [
      'phishing',
      'stolen login address',
      'malicious client',
      'smart-id',
      'database',
      'away',
      'clock',
      'packages',
    ]) {
      assert.ok(headings.includes(threat), threat);
    }
  });

  for (const { heading, text } of threats) {
    it(`states the mitigation and its tests: ${heading}`, () => {
      assert.match(text, /^What stops it: /m);
      assert.ok(pointers.some(({ threat }) => threat === heading));
    });
  }

  it('quotes only existing tests', () => {
    assert.ok(pointers.length > 40);
    for (const { path, title } of pointers) {
      const file = join(root, path);
      assert.ok(existsSync(file), path);
      if (title === undefined) continue;
      assert.ok(titlesIn(readFileSync(file, 'utf8')).has(title), `${path}: “${title}”`);
    }
  });

  it('names every attack that is tested', () => {
    const pointed = new Set(pointers.map(({ path }) => path));
    const attacks = globSync('test/attacks/**/*.test.ts', { cwd: root });
    assert.notEqual(attacks.length, 0);
    for (const path of attacks) assert.ok(pointed.has(path), path);
  });
});

function section(heading: string): string {
  const [, text = ''] = new RegExp(`^## ${heading}\n(.*?)(?=^## |(?![^]))`, 'ms').exec(page) ?? [];
  assert.notEqual(text, '', heading);
  return text;
}

function sectionsOf(text: string): { readonly heading: string; readonly text: string }[] {
  return text
    .split(/^### /m)
    .slice(1)
    .map((part) => {
      const [heading = '', ...rest] = part.split('\n');
      return { heading, text: rest.join('\n') };
    });
}

/** Titles of tests and suites in the source, without those built at runtime. */
function titlesIn(source: string): ReadonlySet<string> {
  return new Set(
    Array.from(
      source.matchAll(/\b(?:it|describe|test|refuses)\(\s*(?:'((?:[^'\\]|\\.)*)'|"([^"]*)"|`([^`$]*)`)/g),
      ([, single, double, template]) => (single ?? double ?? template ?? '').replaceAll("\\'", "'"),
    ),
  );
}
