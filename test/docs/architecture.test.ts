import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const root = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'architecture.md'), 'utf8');

describe('the architecture page', () => {
  it('names only files and folders that exist', () => {
    const paths = Array.from(
      page.matchAll(/`((?:src|test|e2e|docs|migrations)\/[\w./-]*)`/g),
      ([, path = '']) => path,
    );
    assert.ok(paths.length > 30);
    assert.deepEqual(
      paths.filter((path) => !existsSync(join(root, path))),
      [],
    );
  });

  it('describes every module', () => {
    const modules = readdirSync(join(root, 'src'), { withFileTypes: true })
      .map((entry) => (entry.isDirectory() ? `src/${entry.name}/` : `src/${entry.name}`))
      .filter((path) => !page.includes(`| \`${path}\``));
    assert.deepEqual(modules, []);
  });

  it('links every decision', () => {
    for (const name of readdirSync(join(root, 'docs', 'decisions'))) {
      assert.ok(page.includes(`](decisions/${name})`), name);
    }
  });
});
